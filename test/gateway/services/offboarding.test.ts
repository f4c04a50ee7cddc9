import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryTable } from '../../../src/gateway/core/directory.ts';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import type { AnyRow } from '../../../src/gateway/services/directory/directory-edits.ts';
import type { Actor } from '../../../src/gateway/services/operators/operators-deps.ts';
import { type SeedRow, STAFF } from '../../support/directory-seed.ts';
import { SITE } from '../../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from '../../support/operators.ts';
import { createSiteServices } from '../../support/site-services.ts';

let bench: OperatorsBench;
let site: ReturnType<typeof createSiteServices>;
let ada: Actor;
beforeEach(async () => {
	bench = createOperatorsBench({ places: createPlaces(SITE) });
	site = createSiteServices(bench, SITE);
	ada = actor(await somebody('ada', 'administrator'));
});
afterEach(async () => {
	await site.close();
	bench.close();
});

const HOUR_MS = 3_600_000;
const actor = (operatorId: string): Actor => ({ operatorId, access: bench.operators.accessOf(operatorId) ?? null });
const somebody = (name: string, role = 'user') => bench.addOperator({ email: `${name}@example.org`, role });
const offboarding = () => site.services.offboarding;
const TABLES: readonly DirectoryTable[] = ['credentials', 'assignedRights', 'plannedUses'];
const BOOKABLE: SeedRow = { ...STAFF, id: 'bookable', name: 'Bookable', strategy: 'booking', areaIds: ['A1'] };

/** One holder with what they have; times are hours from now. */
interface Shape {
	readonly credentials: readonly string[];
	readonly rights: readonly { readonly state: string; readonly space: boolean }[];
	readonly bookings: readonly { readonly state: string; readonly endH: number }[];
}

const shape: fc.Arbitrary<Shape> = fc.record({
	credentials: fc.array(fc.constantFrom('active', 'disabled', 'lost'), { maxLength: 3 }),
	rights: fc.array(fc.record({ state: fc.constantFrom('active', 'suspended'), space: fc.boolean() }), { maxLength: 2 }),
	bookings: fc.uniqueArray(
		fc.record({ state: fc.constantFrom('planned', 'released'), endH: fc.constantFrom(-2, 3, 30) }),
		{ maxLength: 3, selector: ({ endH }) => endH },
	),
});

function rowsOf(id: string, { credentials, rights, bookings }: Shape): readonly SeedRow[] {
	const always = { validFromMs: null, validToMs: null, holderId: id };
	const specificationId = BOOKABLE.id;
	// No booking is planned anew on a suspended right: central sends none.
	const booked = rights[0]?.state === 'active' ? bookings : [];
	return [
		{ table: 'holders', id, name: `Person ${id}`, kind: 'person', email: null, status: 'active' },
		...credentials.map((state, n) => ({
			...{ table: 'credentials', id: `${id}-c${n}`, kind: 'tag', value: `04${id}${n}`, label: null, state, ...always },
		})),
		...rights.map(({ state, space }, n) => ({
			...{ table: 'assignedRights', id: `${id}-r${n}`, specificationId, state, ...always },
			...(space && { spaceId: 'S1' }),
		})),
		...booked.map(({ state, endH }, n) => {
			const endMs = bench.clock.nowMs() + endH * HOUR_MS;
			const of = { holderId: id, rightId: `${id}-r0`, areaId: 'A1', kind: 'booking', state };
			return { table: 'plannedUses', id: `${id}-b${n}`, startMs: endMs - HOUR_MS, endMs, ...of };
		}),
	];
}

function held(id: string): readonly { readonly table: DirectoryTable; readonly row: AnyRow }[] {
	return TABLES.flatMap((table) =>
		site.directory
			.find(table, { holderId: id }, 100)
			.toSorted()
			.flatMap((key) => {
				const row: AnyRow | undefined = site.directory.row(table, key);
				return row === undefined ? [] : { table, row };
			}),
	);
}

async function linked(id: string, role = 'user'): Promise<string> {
	const operatorId = await somebody(id, role);
	expect(offboarding().link(operatorId, id, ada)).toEqual({ result: 'done' });
	return operatorId;
}

describe('offboarding', () => {
	test('Z9 ends all that opens, and undone brings it back exactly, whatever the holder has', async () => {
		const shapes = fc.sample(shape, { numRuns: 15, seed: 7 });
		const people = shapes.map((one, n) => ({ id: `9${n}`, rows: rowsOf(`9${n}`, one) }));
		await site.fillDirectory([BOOKABLE, ...people.flatMap(({ rows }) => rows)]);
		for (const { id } of people) {
			const operatorId = await linked(id, 'reception');
			const before = held(id);
			const groups = bench.store.operators.groupIdsOf(operatorId);
			const promised = offboarding().preview(operatorId);
			const answer = offboarding().offboard(operatorId, ada);
			expect(answer).toMatchObject({ result: 'done', preview: { rows: [], logins: 0 } });
			const after = held(id);
			const changed = after.filter(({ row }, n) => JSON.stringify(row) !== JSON.stringify(before[n]?.row));
			expect(new Set(changed.map(({ row }) => row['id']))).toEqual(new Set(promised?.rows.map((row) => row.id)));
			for (const { table, row } of after) {
				if (table === 'credentials') expect(row).not.toMatchObject({ state: 'active' });
				if (table === 'assignedRights') expect(row).toMatchObject({ state: 'suspended' });
				if (table === 'assignedRights') expect(row).not.toHaveProperty('spaceId', 'S1');
			}
			const upcoming = after.filter(({ row }) => Number(row['endMs']) > bench.clock.nowMs());
			for (const { row } of upcoming) expect(row).toMatchObject({ state: 'released' });
			expect(bench.store.operators.operatorById(operatorId)?.state).toBe('inactive');
			const undone = offboarding().undo(operatorId, ada);
			expect(undone, JSON.stringify(undone)).toMatchObject({ result: 'done', preview: { offboarded: null } });
			expect(held(id)).toEqual(before);
			expect(bench.store.operators.operatorById(operatorId)).toMatchObject({ state: 'active' });
			expect(bench.store.operators.rolesOf(operatorId)).toEqual([{ roleId: 'reception', scope: 'site' }]);
			expect(bench.store.operators.groupIdsOf(operatorId)).toEqual(groups);
		}
	});

	test('Z9 logins, tokens and codes end, are listed before, and stay ended', async () => {
		await site.fillDirectory([BOOKABLE]);
		const bo = await somebody('bo', 'security');
		const login = { email: 'bo@example.org', password: PASSWORD, remoteAddress: '10.0.0.9' };
		const signedIn = await bench.operators.login(login);
		const token = signedIn.result === 'signedIn' ? signedIn.token : '';
		const times = { createdAtMs: 0, endsAtMs: bench.clock.nowMs() + HOUR_MS, lastUsedMs: null, lastUsedFrom: null };
		const hash = { tokenHash: randomUUID(), permissions: [] };
		bench.store.operators.addApiToken({ id: 't', operatorId: bo, name: 'Reports', ...hash, ...times });
		expect(offboarding().preview(bo)).toMatchObject({ logins: 1, tokens: ['Reports'], holder: null, rows: [] });
		expect(offboarding().offboard(bo, ada)).toMatchObject({ result: 'done', preview: { logins: 0, tokens: [] } });
		expect(bench.operators.session(token, 'person')).toBeUndefined();
		expect(await bench.operators.login(login)).toEqual({ result: 'refused' });
		expect(offboarding().undo(bo, ada)).toMatchObject({ result: 'done' });
		expect(bench.operators.session(token, 'person')).toBeUndefined();
		expect(bench.store.operators.apiTokensOf(bo)).toEqual([]);
		expect(await bench.operators.login(login)).toMatchObject({ result: 'signedIn' });
		expect(bench.audits().map(({ action }) => action)).toEqual(
			expect.arrayContaining(['operatorOffboarded', 'operatorOffboardingUndone']),
		);
	});

	test('X11 Z9 nobody offboards themselves, the last administrator, or who may do more; nothing of it is kept', async () => {
		const rows = (holderId: string) => rowsOf(holderId, { credentials: ['active'], rights: [], bookings: [] });
		await site.fillDirectory([BOOKABLE, ...rows('91'), ...rows('92')]);
		expect(offboarding().offboard(ada.operatorId ?? '', ada)).toEqual({ result: 'yourself' });
		const machine: Actor = { operatorId: null, access: null };
		offboarding().link(ada.operatorId ?? '', '91', machine);
		expect(offboarding().offboard(ada.operatorId ?? '', machine)).toEqual({ result: 'lastAdministrator' });
		expect(held('91')).toMatchObject([{ row: { state: 'active' } }]);
		const role = bench.operators.roles.add({ name: 'Host', permissions: ['operators:read', 'operators:write'] }, ada);
		const host = actor(await somebody('host', role.result === 'done' ? role.role.id : ''));
		const bo = await linked('92');
		expect(offboarding().offboard(bo, host), 'may not disable credentials').toEqual({ result: 'notYours' });
		expect(offboarding().offboard(ada.operatorId ?? '', host)).toEqual({ result: 'notYours' });
		expect(offboarding().undo(bo, ada)).toEqual({ result: 'notOffboarded' });
		expect(offboarding().link(bo, 'nobody', ada)).toEqual({ result: 'noHolder' });
		expect(offboarding().offboard('nobody', ada)).toEqual({ result: 'notFound' });
	});

	test('Z9 asked again it takes what came since, and one undo brings all of it back; not over somebody else’s change', async () => {
		await site.fillDirectory([
			BOOKABLE,
			...rowsOf('91', {
				credentials: ['active', 'disabled'],
				rights: [{ state: 'active', space: true }],
				bookings: [],
			}),
		]);
		const bo = await linked('91');
		const before = held('91');
		offboarding().offboard(bo, ada);
		const by = { operatorId: null };
		const enable = (state: string) =>
			site.services.edits.edit([{ op: 'update', table: 'credentials', key: '91-c1', fields: { state } }], by);
		enable('active');
		expect(offboarding().preview(bo)?.rows).toMatchObject([{ id: '91-c1', what: 'credentialDisabled' }]);
		expect(offboarding().offboard(bo, ada)).toMatchObject({ result: 'done', preview: { rows: [] } });
		enable('lost');
		expect(offboarding().undo(bo, ada)).toMatchObject({ result: 'directoryRefused' });
		expect(bench.store.operators.operatorById(bo)?.state).toBe('inactive');
		enable('disabled');
		expect(offboarding().undo(bo, ada)).toMatchObject({ result: 'done' });
		const restored = held('91').map(({ row }) => row);
		expect(restored).toMatchObject([{ state: 'active' }, { state: 'active' }, { state: 'active', spaceId: 'S1' }]);
		expect(restored).toHaveLength(before.length);
	});
});
