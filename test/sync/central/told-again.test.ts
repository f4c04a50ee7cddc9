import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCentralDatabase } from '../../../src/sync/central/central-database.ts';
import { createEventStore, type EventBatch, type EventStore } from '../../../src/sync/central/event-store.ts';
import type { CloudEvent } from '../../../src/sync/envelope.ts';

let dir: string;
let store: EventStore;
let close: () => void;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'parkgate-told-again-'));
	const db = openCentralDatabase(dir);
	store = createEventStore(db);
	close = () => db.close();
});
afterEach(() => {
	close();
	rmSync(dir, { recursive: true, force: true });
});

interface Told {
	readonly id: string;
	/** Its first name. */
	readonly first?: readonly [epoch: string, seq: number];
	readonly type?: string;
}

/** Events of `gatewayEpoch` from `from` on; hashes are made of the ids so that another past has others. */
function batch(gatewayEpoch: string, from: number, told: readonly Told[], before = `${gatewayEpoch}.${from - 1}`) {
	const events = told.map(
		({ id, first, type = 'parkgate.device' }, place): CloudEvent => ({
			...{ specversion: '1.0', source: '/s', type, id, seq: from + place },
			data: { device: 'reader-1', state: 'online', problem: null },
			...(first && { firstepoch: first[0], firstseq: first[1] }),
		}),
	);
	const after = `${gatewayEpoch}.${from + told.length - 1}`;
	const body: EventBatch['body'] = { before, after, events };
	return { site: 'site-1', gatewayEpoch, body };
}

const named = (prefix: string, from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, place): Told => ({ id: `${prefix}${from + place}` }));

const take = (...batches: EventBatch[]) => store.store(batches, 0).map(({ upTo, problem }) => [upTo, problem]);

/** Ids of the events that count, in the order of their histories. */
function effects(...epochs: string[]): string[] {
	return epochs.flatMap((epoch) =>
		store
			.read('site-1', epoch, 0, 1_000)
			.filter(({ again }) => !again)
			.map(({ id }) => id),
	);
}

const again = (epoch: string) => store.read('site-1', epoch, 0, 1_000).map((event) => event.again);

describe('N11: events told again in a new epoch', () => {
	const carried = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, place): Told => {
			const seq = from + place;
			return { id: seq <= 8 ? `a${seq}` : `b${seq}`, first: ['e1', seq] };
		});

	it('count once where central has them under their first name, and where it has others under it', () => {
		take(batch('e1', 1, named('a', 1, 10)));
		// The restored copy has 1 to 8 as central, and wrote another 9 and 10.
		expect(take(batch('e2', 1, carried(6, 10)))).toEqual([[5, null]]);
		expect(again('e2')).toEqual([true, true, true, false, false]);
		expect(effects('e1', 'e2')).toEqual([...named('a', 1, 10).map(({ id }) => id), 'b9', 'b10']);
	});

	it('count under the new name when those under the first one come later', () => {
		expect(take(batch('e2', 1, carried(6, 10)))).toEqual([[5, null]]);
		take(batch('e1', 1, named('a', 1, 10)));
		expect(
			again('e1')
				.map((known, place) => (known ? place + 1 : 0))
				.filter(Boolean),
		).toEqual([6, 7, 8]);
		expect(effects('e1', 'e2').toSorted()).toEqual([...named('a', 1, 10).map(({ id }) => id), 'b9', 'b10'].toSorted());
	});

	it('count under the new name where those under the first one came without what is before them', () => {
		take(batch('e1', 6, named('a', 6, 8)));
		take(batch('e2', 1, carried(6, 10)));
		expect(effects('e1', 'e2')).toEqual(['a6', 'a7', 'a8', 'b9', 'b10']);
		take(batch('e1', 1, named('a', 1, 5)));
		expect(effects('e1', 'e2').toSorted()).toEqual([...named('a', 1, 8).map(({ id }) => id), 'b9', 'b10'].toSorted());
	});

	it('count once also when a third history tells them once more', () => {
		take(batch('e1', 1, named('a', 1, 7)), batch('e2', 1, carried(6, 10)), batch('e3', 1, carried(6, 10)));
		expect(again('e3')).toEqual([true, true, true, true, true]);
		// What the second had ahead of a gap never counted.
		take(batch('e4', 4, [{ id: 'c1', first: ['e1', 20] }]), batch('e5', 1, [{ id: 'c1', first: ['e1', 20] }]));
		expect(effects('e1', 'e2', 'e3', 'e4', 'e5').filter((id) => id === 'c1')).toEqual(['c1']);
	});

	it('come again in other cuts and change nothing', () => {
		take(batch('e1', 1, named('a', 1, 8)), batch('e2', 1, carried(6, 8)));
		take(batch('e2', 1, carried(6, 10)), batch('e2', 1, carried(6, 10)), batch('e1', 1, named('a', 1, 8)));
		expect(effects('e1', 'e2')).toEqual([...named('a', 1, 8).map(({ id }) => id), 'b9', 'b10']);
	});

	it('erased since are those that central has under their first name', () => {
		take(batch('e1', 1, named('a', 1, 8)));
		const erased = { id: 'erased-1', type: 'parkgate.erased', first: ['e1', 7] } as const;
		take(batch('e2', 1, [{ id: 'a6', first: ['e1', 6] }, erased]));
		expect(again('e2')).toEqual([true, true]);
	});
});

describe('another past under the same names', () => {
	it('is noticed where a batch overlaps what is stored, however it is cut', () => {
		take(batch('e1', 1, named('a', 1, 10)));
		const other = [...named('a', 5, 8), ...named('b', 9, 14)];
		expect(take(batch('e1', 5, other))).toEqual([[10, 'chainMismatch']]);
		expect(effects('e1')).toHaveLength(10);
	});

	it('is not an event that the site has erased since', () => {
		take(batch('e1', 1, named('a', 1, 10)));
		const some = [...named('a', 5, 7), { id: 'erased-8', type: 'parkgate.erased' }, ...named('a', 9, 12)];
		expect(take(batch('e1', 5, some))).toEqual([[12, null]]);
	});
});
