import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DirectoryChange } from '../../../../src/gateway/services/directory/directory-edits.ts';
import { createBookingsBench } from '../../../support/bookings-bench.ts';
import { createStaysBench, person, type StaysBench, specification, stayingSite } from '../../../support/stays-bench.ts';

const HOUR = 3_600_000;
const GRACE = 900_000;
const NOW = Date.parse('2026-06-16T10:00:00+02:00');
/** A deck with a part of its own in it, and another area; the park has room for fewer than all of them. */
const SITE = stayingSite(3, {
	parks: [{ id: 'P1', name: 'Park', capacity: 5 }],
	areas: [
		{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 3, spaces: ['s1', 's2'].map((id) => ({ id, name: id })) },
		{ id: 'A1a', name: 'Part', parkId: 'P1', parentId: 'A1', capacity: 2 },
		{ id: 'B1', name: 'Roof', parkId: 'P1', capacity: 3 },
	],
});
const CHAINS: Readonly<Record<string, readonly string[]>> = {
	A1: ['A1', 'P1'],
	A1a: ['A1a', 'A1', 'P1'],
	B1: ['B1', 'P1'],
};
const CAPACITY: Readonly<Record<string, number>> = { P1: 5, A1: 3, A1a: 2, B1: 3 };
const PEOPLE = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];

let site: StaysBench;
beforeEach(async () => {
	site = await createStaysBench({ site: SITE, atMs: NOW });
	await site.give([
		specification('bookers', 'booking'),
		specification('twice', 'credits', { staysAtOnce: 2 }),
		specification('director', 'preferential', { areaIds: ['A1'] }),
		specification('cars', 'vehicle'),
		{ table: 'groups', id: 'fleet', name: 'Fleet', kind: 'sharing' },
		...PEOPLE.flatMap((id, place) => person(id, place < 4 ? 'bookers' : 'twice', {}, { groupIds: ['fleet'] })),
		...['boss', 'chief'].flatMap((id) => person(id, 'director')),
		...['car1', 'car2'].flatMap((id) => person(id, 'cars', {}, { kind: 'vehicle', sharingGroupId: 'fleet' })),
	]);
});
afterEach(() => site.end());

const span = fc
	.record({ startH: fc.integer({ min: 1, max: 4 }), lengthH: fc.integer({ min: 1, max: 4 }) })
	.map(({ startH, lengthH }) => ({ startMs: NOW + startH * HOUR, endMs: NOW + (startH + lengthH) * HOUR }));
const where = fc.record({
	areaId: fc.constantFrom('A1', 'A1', 'A1a', 'B1'),
	spaceId: fc.constant(null),
	vehicleId: fc.constantFrom(null, null, 'car1', 'car2'),
});
const inSpace = fc.record({
	areaId: fc.constant('A1'),
	spaceId: fc.constantFrom('s1', 's2'),
	vehicleId: fc.constant(null),
});
const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			does: fc.constant('book' as const),
			who: fc.constantFrom(...PEOPLE),
			span,
			where: fc.oneof(where, inSpace),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ does: fc.constant('giveUp' as const), who: fc.constantFrom('boss', 'chief'), span }),
	},
	{ weight: 2, arbitrary: fc.record({ does: fc.constant('move' as const), which: fc.nat(), span, where }) },
	{
		weight: 2,
		arbitrary: fc.record({
			does: fc.constantFrom('release', 'replan', 'delete', 'delete', 'undo', 'undo'),
			which: fc.nat(),
		}),
	},
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** Writers who ask at the same moment: each batch is one edit, and all are asked before any answer is looked at. */
const batch = fc.oneof(
	{ weight: 5, arbitrary: fc.tuple(step) },
	{ weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
);
const rounds = fc.array(fc.array(batch, { minLength: 1, maxLength: 4 }), { minLength: 8, maxLength: 14 });

test('N5: whoever books, moves, gives up and takes back at the same moment, never is more promised than there is', async () => {
	const bench = createBookingsBench(site, SITE);
	let run = 0;
	let refused = 0;
	let done = 0;
	await fc.assert(
		fc.asyncProperty(rounds, async (plan) => {
			run += 1;
			const ids: string[] = [];
			const batches: string[] = [];
			let made = 0;

			function changesOf(one: Step): readonly DirectoryChange[] {
				if (one.does === 'book' || one.does === 'giveUp') {
					const id = `u${run}-${made++}`;
					ids.push(id);
					return [{ op: 'create', table: 'plannedUses', row: rowOf(id, one) }];
				}
				return [changeOf(one, ids[one.which % Math.max(1, ids.length)] ?? 'none')];
			}

			for (const round of plan) {
				await Promise.all(
					round.map(async (batch) => {
						await null;
						const [first] = batch;
						const undone = first?.does === 'undo' ? batches[first.which % Math.max(1, batches.length)] : undefined;
						const answer =
							undone === undefined
								? bench.edits.edit(batch.filter(({ does }) => does !== 'undo').flatMap(changesOf), { operatorId: 'op' })
								: bench.edits.undo(undone, { operatorId: 'op' });
						if (answer.result === 'done') {
							done += 1;
							if (answer.rows.length > 0) batches.push(answer.batchId);
						} else refused += 1;
					}),
				);
				expectNothingTwice();
			}
			// Clean for the next run; places that were given up last, or they would be wanted back too early.
			const left = site.directory.reader
				.plannedUsesIn(0, NOW * 2, 1_000)
				.toSorted((a) => (a.kind === 'booking' ? -1 : 1));
			for (const { id } of left)
				bench.edits.edit([{ op: 'delete', table: 'plannedUses', key: id }], { operatorId: 'op' });
			expect(site.directory.reader.plannedUsesIn(0, NOW * 2, 1_000)).toEqual([]);
		}),
		{ numRuns: 40 },
	);
	expect(done).toBeGreaterThan(30);
	expect(refused).toBeGreaterThan(30);
}, 180_000);

type Creating = Extract<Step, { does: 'book' | 'giveUp' }>;

function rowOf(id: string, one: Creating) {
	if (one.does === 'giveUp') {
		return { id, kind: 'release', holderId: one.who, rightId: `${one.who}-right`, ...one.span };
	}
	const rightId = `${one.where.vehicleId ?? one.who}-right`;
	return { id, kind: 'booking', holderId: one.who, rightId, ...one.span, ...one.where };
}

function changeOf(one: Exclude<Step, Creating>, key: string): DirectoryChange {
	const table = 'plannedUses';
	if (one.does === 'delete') return { op: 'delete', table, key };
	if (one.does === 'move' && 'span' in one) {
		return { op: 'update', table, key, fields: { ...one.span, areaId: one.where.areaId, spaceId: null } };
	}
	return { op: 'update', table, key, fields: { state: one.does === 'release' ? 'released' : 'planned' } };
}

/** Counted moment by moment, without the code that decides. */
function expectNothingTwice(): void {
	const uses = site.directory.reader.plannedUsesIn(0, NOW * 2, 1_000).filter(({ state }) => state === 'planned');
	const bookings = uses.filter(({ kind }) => kind === 'booking');
	const releases = uses.filter(({ kind }) => kind === 'release');
	for (let atMs = NOW; atMs < NOW + 17 * HOUR; atMs += GRACE) {
		const counts: Record<string, number> = { P1: 0, A1: 0, A1a: 0, B1: 0 };
		const add = (areaId: string) => {
			for (const counter of CHAINS[areaId] ?? []) counts[counter] = (counts[counter] ?? 0) + 1;
		};
		for (const boss of ['boss', 'chief']) {
			const isGone = releases.some((use) => use.holderId === boss && use.startMs <= atMs && atMs < use.endMs);
			if (!isGone) add('A1');
		}
		for (const use of bookings) if (use.startMs - GRACE <= atMs && atMs < use.endMs) add(use.areaId ?? '');
		const full = Object.entries(counts).filter(([counter, count]) => count > (CAPACITY[counter] ?? 0));
		const running = bookings.filter((use) => use.startMs <= atMs && atMs < use.endMs);
		const most = (key: 'vehicleId' | 'spaceId' | 'rightId') => {
			const groups = Map.groupBy(running, (use) => use[key]);
			groups.delete(null);
			return [...groups].map(([id, list]) => ({ id, count: list.length }));
		};
		const twice = [...most('vehicleId'), ...most('spaceId')].filter(({ count }) => count > 1);
		const rights = most('rightId').filter(({ id, count }) => count > (/^p[45]/.test(id ?? '') ? 2 : 1));
		expect({ full, twice, rights }).toEqual({ full: [], twice: [], rights: [] });
	}
}
