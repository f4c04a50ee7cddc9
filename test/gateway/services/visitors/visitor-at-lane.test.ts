import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tagFromBits } from '../../../../src/gateway/core/tag.ts';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import { tellCodes } from '../../../../src/gateway/services/journal/tell-codes.ts';
import type { VisitRequest } from '../../../../src/gateway/services/visitors/visit-request.ts';
import { annasRows, createSiteBench } from '../../../support/site-bench.ts';
import { aVisit, createVisitorServices, HOUR_MS } from '../../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };

let site: Awaited<ReturnType<typeof createSiteBench>>;
let visitors: ReturnType<typeof createVisitorServices>['visitors'];
let edits: ReturnType<typeof createVisitorServices>['edits'];
beforeEach(async () => {
	site = await createSiteBench();
	await site.give(annasRows());
	({ visitors, edits } = createVisitorServices({ ...site, directory: site.directory.reader }));
	visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
});
afterEach(() => site.close());

function made(change: Partial<VisitRequest>) {
	const answer = visitors.create(aVisit(site.clock.nowMs(), change), BY);
	if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
	return answer.visit;
}

/** @returns why a visitor who shows this is refused; null: let in. */
async function shown(tag: string): Promise<string | null> {
	site.input('arming', true);
	site.tag(tag);
	await site.clock.advanceAsync(5_000);
	const [last] = site.accessLog.list({ limit: 1 }).items;
	site.input('arming', false);
	await site.clock.advanceAsync(30_000);
	return last?.headline ?? null;
}

const asBits = (text: string) => {
	const bytes = new TextEncoder().encode(text);
	return tagFromBits(bytes, bytes.length * 8);
};

test.each([
	['characters', (value: string) => value],
	['bits', asBits],
])('X6: a QR code that a reader tells as %s lets its visitor in, and nobody by a guess', async (_as, told) => {
	const { credential } = made({ credential: { kind: 'qr' } });
	expect(await shown(told(randomBytes(16).toString('base64url')))).toBe('UNKNOWN_CREDENTIAL');
	expect(await shown(told(credential?.value ?? ''))).toBeNull();
	expect(site.pulses).toHaveLength(1);
});

test('X6: a visitor is let in within the visit, and neither before, after nor when blocked', async () => {
	const card = '26:9ADDDF00';
	const validFromMs = site.clock.nowMs() + HOUR_MS;
	const { id } = made({ credential: { kind: 'tag', value: card }, validFromMs, validToMs: validFromMs + HOUR_MS });
	expect(await shown(card)).toBe('RIGHT_NOT_STARTED');
	site.clock.advance(HOUR_MS);
	expect(await shown(card)).toBeNull();
	visitors.block(id, true, BY);
	expect(await shown(card)).toBe('HOLDER_BLOCKED');
	visitors.block(id, false, BY);
	visitors.end(id, BY);
	expect(await shown(card)).toBe('RIGHT_EXPIRED');
});

test('X6: what a QR code says is in no file and no log; its lines are found by it, and decided again the same', async () => {
	const { credential, holderId } = made({ credential: { kind: 'qr' } });
	const code = credential?.value ?? '';
	const stranger = randomBytes(16).toString('base64url');
	for (const tag of [asBits(code), code, asBits(stranger), `${stranger}\r`]) await shown(tag);
	// Read behind a vehicle that is under way, and never decided on.
	site.input('arming', true);
	site.tag('26:9ADDDF00');
	site.input('safety', true);
	site.tag(asBits(stranger));
	await site.clock.advanceAsync(60_000);

	const journal = JSON.stringify(site.store.journal.after(0, 1_000));
	const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
	for (const text of [code, stranger]) {
		expect(journal).not.toContain(text);
		expect(journal).not.toContain(hex(text));
		expect(JSON.stringify(site.log.lines)).not.toContain(text);
		expect(JSON.stringify(site.events)).not.toContain(text);
		expect(JSON.stringify(site.events)).not.toContain(hex(text));
	}
	const name = `QR …${code.slice(-4)}`;
	const { items } = site.accessLog.list({ q: code });
	expect(items.map(({ subject, holderId: whose }) => [subject, whose])).toEqual([
		[name, holderId],
		[name, holderId],
	]);
	expect(site.accessLog.list({ q: stranger.slice(-4) }).items[0]).toMatchObject({
		subject: `QR …${stranger.slice(-4)}`,
	});
	const replay = createReplay(site.store);
	for (const { id } of site.accessLog.list({}).items) expect(replay.one(id)?.result).toBe('identical');
});

test('X6: central is told what a code says that was made here; undo knows it too', () => {
	const { credential } = made({ credential: { kind: 'qr' } });
	const code = credential?.value ?? '';
	const { journal } = site.store;
	const sent = tellCodes({ after: (seq: number, limit: number) => journal.after(seq, limit) }, site.store);
	expect(JSON.stringify(sent.after(0, 1_000))).toContain(code);
	expect(JSON.stringify(site.journal())).not.toContain(code);

	const deleted = edits.edit([{ op: 'delete', table: 'credentials', key: credential?.id ?? '' }], BY);
	if (deleted.result !== 'done') throw new Error(JSON.stringify(deleted.problems));
	expect(edits.undo(deleted.batchId, BY).result).toBe('done');
	expect(site.directory.reader.credential('qr', code)).toMatchObject({ id: credential?.id });
});
