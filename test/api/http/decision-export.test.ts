import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { decisionAbout, readable } from '../../support/privacy-bench.ts';

const EXPORT = '/api/v1/decisions/export';
const MORE_THAN_TWO_PAGES = 450;

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	const { store, clock } = site.bench;
	store.transaction(() => {
		for (let n = 0; n < MORE_THAN_TWO_PAGES; n += 1) {
			store.journal.append(decisionAbout({ holderId: `h-${n % 9}`, value: `1ABC${n}` }, clock.nowMs() + n));
		}
		store.journal.append({
			...decisionAbout({ holderId: 'eve', value: '9' }, clock.nowMs()),
			subject: '=HYPERLINK("x")',
		});
	});
});
afterAll(() => site.close());

const text = async (query: string) => {
	const answer = await admin.get(`${EXPORT}${query}`);
	expect(answer.status).toBe(200);
	return (await answer.text()).trim();
};

test('N1: the access log is taken along whole, the newest first, with the reason in words and as a code', async () => {
	const [headings, ...rows] = (await text('?lang=en')).split('\r\n');
	expect(headings?.replace('\uFEFF', '')).toBe(
		'Time,Lane,Direction,Read,Person,Outcome,Why,What followed,Lane (Id),Person (Id),Reason,Decision (Id),Seq',
	);
	expect(rows).toHaveLength(MORE_THAN_TWO_PAGES + 1);
	const seqs = rows.map((row) => Number(row.slice(row.lastIndexOf(',') + 1)));
	expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
	expect(new Set(seqs).size).toBe(rows.length);
	expect((await text('?lang=nl')).split('\r\n')[0]).toContain('Tijdstip;Rijstrook;Richting');
});

test('what was read is no formula, in no format', async () => {
	expect(await text('?holder=eve')).toContain(`"'=HYPERLINK(""x"")"`);
	expect(JSON.parse(await text('?holder=eve&format=jsonl'))).toMatchObject({
		subject: '=HYPERLINK("x")',
		holderId: 'eve',
	});
});

test('it is narrowed as the page is', async () => {
	const lines = (await text('?holder=h-3&outcome=refused&format=jsonl')).split('\n').map((line) => JSON.parse(line));
	expect(lines).toHaveLength(50);
	expect(new Set(lines.map(({ holderId }) => holderId))).toEqual(new Set(['h-3']));
	expect(await text('?outcome=granted&format=jsonl')).toBe('');
	expect((await admin.get(`${EXPORT}?reason=NO_SUCH`)).status).toBe(400);
});

test('who took it is journalled, and of whom; who may not export takes nothing', async () => {
	const reception = await site.signIn('reception');
	expect((await reception.get(EXPORT)).status).toBe(403);
	const entries = readable(site.bench.store);
	const taken = entries.flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'decisionsExported' ? [entry] : [],
	);
	expect(taken[0]).toMatchObject({
		operatorId: admin.operatorId,
		detail: { format: 'csv', personal: true, isWhole: true },
	});
	expect(taken.some(({ detail }) => detail['holderId'] === 'eve')).toBe(true);
});
