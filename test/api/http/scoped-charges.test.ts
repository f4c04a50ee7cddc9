import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MadeLogin } from '../../support/logins-without-passwords.ts';
import { readable } from '../../support/privacy-bench.ts';
import { BOOKING_PEOPLE, createTwoParks, type TwoParks } from '../../support/two-parks-site.ts';

const MARCH = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
const PAGE = '/charges?from=2026-03-01T00:00&to=2026-04-01T00:00';

let parks: TwoParks;
beforeAll(() => {
	parks = createTwoParks();
	parks.fill(BOOKING_PEOPLE);
	const { store } = parks.site.bench;
	const charged = (day: number, holderId: string, areaId: string | null) =>
		store.transaction(() => {
			const [stayId, atMs] = [`stay-${day}`, Date.UTC(2026, 2, day, 9)];
			const stay = { id: stayId, holderId, credentialId: null, decisionId: null, counted: true, laneInId: null };
			if (areaId !== null) store.parkingSessions.open({ ...stay, areaId, openedAtMs: atMs });
			const price = { minor: 100 * day, currency: 'EUR' };
			store.consumption.charge({ stayId, rightId: `r-${holderId}`, segment: 0, holderId, atMs, price, credits: 0 });
		});
	// Gina's right opens both parks: where she stayed says whose charge it is, as long as it is known.
	charged(1, 'nora', null);
	charged(2, 'sven', 'B1');
	charged(3, 'gina', 'A1');
	charged(4, 'gina', 'B1');
	charged(5, 'gina', null);
});
afterAll(() => parks.close());

interface Listed {
	readonly items: readonly { readonly stayId: string }[];
	readonly nextCursor: string | null;
}

async function listed(login: MadeLogin, limit: number): Promise<readonly string[]> {
	const ids: string[] = [];
	for (let cursor: string | null = ''; cursor !== null; ) {
		const after = cursor === '' ? '' : `&cursor=${cursor}`;
		const page: Listed = JSON.parse(await parks.text(`/api/v1/charges?${MARCH}&limit=${limit}${after}`, login));
		expect(page.items.length).toBeLessThanOrEqual(limit);
		ids.push(...page.items.map(({ stayId }) => stayId));
		cursor = page.nextCursor;
	}
	return ids;
}

test('A9 X5 charges are listed and taken along by who has the area of the stay, the holder, the group or the scheme', async () => {
	for (const [scope, days] of [
		['site', [1, 2, 3, 4, 5]],
		['park:P1', [1, 3]],
		['area:B1', [2, 4]],
		['group:tenant', [3, 4, 5]],
		['bundle:scheme', [2]],
		['record:holders/nora', [1]],
		['park:none', []],
	] as const) {
		const login = parks.at(scope);
		const stays = days.map((day) => `stay-${day}`);
		expect(await listed(login, 1), scope).toEqual(stays);
		expect(await listed(login, 50), scope).toEqual(stays);
		const file = await parks.text(`/api/v1/charges/export?${MARCH}&format=jsonl`, login);
		const lines = file.split('\n').filter(Boolean);
		expect(lines.map((line) => (JSON.parse(line) as { stayId: string }).stayId)).toEqual(stays);
		const page = await parks.text(PAGE, login);
		expect([...page.matchAll(/data-stay="([^"]+)"/g)].map(([, id]) => id)).toEqual(stays);
	}
	expect(await parks.text('/holders', parks.at('park:P1'))).toContain('href="/charges"');
});

test('A9 a name is told where personal data is read, and leads to whom they may open', async () => {
	const north = await parks.text(PAGE, parks.at('park:P1'));
	expect(north).toContain('Nora Peeters');
	expect(north).toContain('href="/holders/nora"');
	expect(north).toContain('Gina Claes');
	expect(north).not.toContain('href="/holders/gina"');
	// A role that reads charges of both parks, and personal data of one.
	const login = parks.at('park:P2', 'security');
	const role = { name: 'Stays', permissions: ['parkingSessions:read'] };
	const made = await parks.send('POST', '/api/v1/roles', role, parks.admin);
	const { id } = (await made.json()) as { id: string };
	parks.site.bench.store.operators.setRoles(login.operatorId, [
		{ roleId: 'administrator', scope: 'park:P1' },
		{ roleId: id, scope: 'park:P2' },
	]);
	const both = await parks.text(PAGE, login);
	expect(both).toContain('stay-2');
	expect(both).not.toContain('Sven Maes');
	expect(both).not.toContain('Nora Peeters');
});

test('A9 what is taken along by who has a part is journalled as a part; who exports nothing takes nothing', async () => {
	const login = parks.at('park:P1');
	await parks.text(`/api/v1/charges/export?${MARCH}`, login);
	const entries = readable(parks.site.bench.store).flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'chargesExported' ? [entry] : [],
	);
	expect(entries.at(-1)).toMatchObject({ operatorId: login.operatorId, detail: { isPart: true, isWhole: true } });
	expect((await parks.get(`/api/v1/charges/export?${MARCH}`, parks.at('park:P1', 'security'))).status).toBe(403);
	expect(await parks.text(PAGE, parks.at('park:P1', 'security'))).not.toContain('export-csv');
	expect((await parks.get(`/api/v1/charges?${MARCH}`, parks.at('park:P1', 'user'))).status).toBe(403);
});
