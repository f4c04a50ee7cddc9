import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { openCentralDatabase } from '../../../src/sync/central/central-database.ts';
import { createEventStore, type EventBatch, type EventStore } from '../../../src/sync/central/event-store.ts';
import type { CloudEvent } from '../../../src/sync/envelope.ts';

let dir: string;
let store: EventStore;
let close: () => void;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'parkgate-events-'));
	const db = openCentralDatabase(dir);
	store = createEventStore(db);
	close = () => db.close();
});
afterEach(() => {
	close();
	rmSync(dir, { recursive: true, force: true });
});

function event(seq: number, change: Partial<CloudEvent> = {}): CloudEvent {
	const data = { device: 'reader-1', state: 'online', problem: null };
	const time = '2026-06-16T08:00:00.000Z';
	return { specversion: '1.0', source: '/s', type: 'parkgate.device', id: `e${seq}`, time, seq, data, ...change };
}

/** Hashes of this history: `h` and the seq. */
function batch(
	first: number,
	last: number,
	change: Partial<EventBatch['body']> = {},
	gatewayEpoch = 'epoch-1',
): EventBatch {
	const events = Array.from({ length: last - first + 1 }, (_, place) => event(first + place));
	return { site: 'site-1', gatewayEpoch, body: { before: `h${first - 1}`, after: `h${last}`, events, ...change } };
}

function take(...batches: EventBatch[]) {
	return store.store(batches, 0).map(({ upTo, chain, problem }) => ({ upTo, chain, problem }));
}

const seqs = (epoch = 'epoch-1') => store.read('site-1', epoch, 0, 10_000).map(({ seq }) => seq);

describe('what central stores of a site', () => {
	it('is acknowledged as far as it is contiguous, with the journal’s hash there', () => {
		expect(take(batch(1, 3), batch(4, 5))).toEqual([
			{ upTo: 3, chain: 'h3', problem: null },
			{ upTo: 5, chain: 'h5', problem: null },
		]);
	});

	it('is there once however often and in whatever cuts it comes', () => {
		expect(take(batch(1, 5), batch(1, 5), batch(3, 8), batch(2, 4), batch(1, 8)).at(-1)).toMatchObject({ upTo: 8 });
		expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	});

	it('that came early counts when what was missing comes', () => {
		expect(take(batch(6, 9), batch(3, 5))).toMatchObject([{ upTo: 0 }, { upTo: 0 }]);
		expect(seqs()).toEqual([]);
		expect(take(batch(1, 2))).toEqual([{ upTo: 9, chain: 'h9', problem: null }]);
		expect(seqs()).toHaveLength(9);
	});

	it('new while a backlog is under way is kept, and counts when the backlog has come there', () => {
		take(batch(1, 100), batch(1_201, 1_203), batch(1_204, 1_250));
		expect(store.cursor('site-1', 'epoch-1')).toMatchObject({ upTo: 100, chain: 'h100' });
		for (let first = 101; first < 1_101; first += 100) take(batch(first, first + 99));
		expect(take(batch(1_101, 1_200))).toEqual([{ upTo: 1_250, chain: 'h1250', problem: null }]);
		expect(seqs()).toHaveLength(1_250);
	});

	it('ahead of what is missing is bounded: more is left to be sent again', () => {
		const rooms = LIMITS.eventsAhead / 100;
		for (let n = 0; n < rooms; n += 1) take(batch(50_001 + n * 100, 50_100 + n * 100));
		expect(store.count()).toBe(LIMITS.eventsAhead);
		take(batch(90_001, 90_100), batch(50_001, 50_100));
		expect(store.count()).toBe(LIMITS.eventsAhead);
		take(batch(1, 100));
		expect(store.cursor('site-1', 'epoch-1').upTo).toBe(100);
	});

	it('of another history under the same epoch is refused and named', () => {
		take(batch(1, 5));
		expect(take(batch(6, 8, { before: 'other' }))).toMatchObject([{ upTo: 5, problem: 'chainMismatch' }]);
		expect(take(batch(1, 5, { after: 'other' }))).toMatchObject([{ upTo: 5, problem: 'chainMismatch' }]);
		expect(seqs()).toEqual([1, 2, 3, 4, 5]);
	});

	it('of a new epoch begins at 1 again, beside the old one', () => {
		take(batch(1, 5));
		expect(take(batch(1, 2, {}, 'epoch-2'))).toMatchObject([{ upTo: 2 }]);
		expect([seqs(), seqs('epoch-2')]).toEqual([
			[1, 2, 3, 4, 5],
			[1, 2],
		]);
	});

	it('with a gap inside a batch is not stored', () => {
		expect(take(batch(1, 2, { events: [event(1), event(3)] }))).toMatchObject([{ upTo: 0 }]);
	});

	it('with data that does not fit its type is kept, marked, told as rejected, and passed', () => {
		const events = [
			event(1),
			event(2, { data: { device: 7 } }),
			event(3, { type: 'parkgate.later', data: { any: 1 } }),
		];
		const [stored] = store.store([batch(1, 3, { events })], 0);
		expect(stored).toMatchObject({ upTo: 3, rejected: [{ seq: 2, code: 'invalidData' }], refused: 1 });
		expect(store.read('site-1', 'epoch-1', 0, 9).map(({ rejected }) => rejected)).toEqual([null, 'invalidData', null]);
	});

	it('that is too large to keep, or could not be read, is a mark in its place', () => {
		const events = [
			event(1, { type: 'parkgate.later', data: { text: 'x'.repeat(300_000) } }),
			event(2, { type: 'parkgate.malformed', data: { problem: 'id: too long' } }),
		];
		const [stored] = store.store([batch(1, 2, { events })], 0);
		expect(stored).toMatchObject({
			upTo: 2,
			rejected: [
				{ seq: 1, code: 'oversized' },
				{ seq: 2, code: 'malformed' },
			],
		});
		expect(store.read('site-1', 'epoch-1', 0, 9).map(({ data }) => data)).toEqual([null, { problem: 'id: too long' }]);
	});

	it('and was of no use is said again while the site may not have heard it: it has at most a window under way', () => {
		const bad = (first: number, last: number, wrong: number) =>
			batch(first, last, {
				events: Array.from({ length: last - first + 1 }, (_, place) =>
					event(first + place, first + place === wrong ? { data: {} } : {}),
				),
			});
		const rejectedAfter = (...batches: EventBatch[]) =>
			store.store(batches, 0).map(({ rejected, refused }) => [rejected.map(({ seq }) => seq), refused]);
		expect(rejectedAfter(bad(1, 100, 50))).toEqual([[[50], 1]]);
		expect(rejectedAfter(batch(101, 200), bad(1, 100, 50))).toEqual([
			[[50], 0],
			[[50], 0],
		]);
		for (let first = 201; first < 11_000; first += 100) take(batch(first, first + 99));
		expect(store.cursor('site-1', 'epoch-1').rejected).toEqual([]);
		expect(store.cursor('site-1', 'epoch-1', 49).rejected).toEqual([{ seq: 50, code: 'invalidData' }]);
		expect(store.cursor('site-1', 'epoch-1', 50).rejected).toEqual([]);
	});

	it('is still there after a restart, cursor and hash too', () => {
		take(batch(1, 250));
		close();
		const db = openCentralDatabase(dir);
		close = () => db.close();
		store = createEventStore(db);
		expect(store.cursor('site-1', 'epoch-1')).toMatchObject({ upTo: 250, chain: 'h250' });
		expect(store.cursor('site-9', 'epoch-1')).toMatchObject({ upTo: 0, chain: null });
	});
});
