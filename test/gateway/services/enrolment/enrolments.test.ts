import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../../src/gateway/core/device.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createEnrolments, type Enrolments } from '../../../../src/gateway/services/enrolment/enrolments.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

const CARD = '26:9ADDDF00';
const ANNAS = 'A1';

type Bench = Awaited<ReturnType<typeof createSiteBench>>;

/** Real lanes; what a reader tells goes the way it goes in a gateway. */
function enrolmentsOn(bench: Bench, states: Map<string, DeviceStatus['state']>) {
	let ids = 0;
	const enrolments = createEnrolments({
		clock: bench.clock,
		log: bench.log,
		lanes: usualSite.lanes,
		laneView: bench.service.lanes.get,
		devices: () =>
			[...states].map(([id, state]) => ({
				...{ id, state, driver: 'osdp', address: 'sim:bus', sinceMs: 0, identity: {}, statistics: {}, inputs: {} },
				capabilities: id.startsWith('cam') ? (['reads plates'] as const) : (['reads tags', 'shows'] as const),
			})),
		directory: bench.directory.reader,
		store: bench.store,
		newId: () => `enrolment-${ids++}`,
		journalGrew: () => undefined,
	});
	return {
		enrolments,
		/** @returns whether the lane heard of it. */
		async present(tag: string, deviceId = 'reader-1'): Promise<boolean> {
			const now = { atMs: bench.clock.nowMs(), monotonicMs: bench.clock.monotonicMs() };
			const observation = { kind: 'tag', id: `read-${ids++}`, deviceId, tag, label: 'Card 7', ...now } as const;
			const isTaken = enrolments.take(observation);
			if (!isTaken) bench.service.events.onObservation(observation);
			await bench.settle();
			return !isTaken;
		},
	};
}

describe('enrolment: a presented tag', () => {
	let bench: Bench;
	let enrolments: Enrolments;
	let present: ReturnType<typeof enrolmentsOn>['present'];
	let isSignedIn: boolean;
	let states: Map<string, DeviceStatus['state']>;

	beforeEach(async () => {
		isSignedIn = true;
		states = new Map([
			['reader-1', 'online'],
			['reader-2', 'offline'],
			['cam-1', 'online'],
		]);
		bench = await createSiteBench();
		await bench.give(annasRows());
		for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false);
		({ enrolments, present } = enrolmentsOn(bench, states));
	});
	afterEach(() => bench.close());

	function opened(operatorId = 'op-1') {
		const answer = enrolments.open({ deviceId: 'reader-1', operatorId, stands: () => isSignedIn });
		if (answer.result !== 'opened') throw new Error(answer.result);
		return answer.enrolment;
	}
	const decisions = () => bench.journal().filter(({ type }) => type === 'decision');
	const stateOf = (id: string) => enrolments.get(id)?.state;

	test('fills the credential and reaches no lane: nothing is decided, nothing opens', async () => {
		const { id } = opened();
		expect(await present(CARD)).toBe(false);
		expect(enrolments.get(id)).toMatchObject({ state: 'read', tag: { value: CARD, label: 'Card 7' } });
		expect(decisions()).toEqual([]);
		expect(bench.pulses).toEqual([]);
		expect(bench.journal().filter(({ type }) => type === 'audit')).toMatchObject([
			{ action: 'enrolment.opened', operatorId: 'op-1', target: 'reader-1' },
			{ action: 'enrolment.read', operatorId: 'op-1', detail: { tag: CARD } },
		]);
	});

	test('that still lies on the reader opens nothing, though it is a credential with a right by now', async () => {
		opened();
		await present(CARD);
		const row = { id: 'c9', holderId: 'anna', kind: 'tag', value: CARD, label: null, state: 'active' };
		await bench.give([{ table: 'credentials', ...row, validFromMs: null, validToMs: null }]);
		bench.input('arming', true);
		for (let turn = 0; turn < 5; turn += 1) {
			bench.clock.advance(LIMITS.enrolmentQuietMs - 100);
			expect(await present(CARD)).toBe(false);
		}
		expect(bench.pulses).toEqual([]);
		bench.clock.advance(LIMITS.enrolmentQuietMs);
		expect(await present(CARD)).toBe(true);
		expect(bench.pulses).toHaveLength(1);
	});

	test('that is somebody’s goes to the lane as ever, and the window says whose it is', async () => {
		const { id } = opened();
		expect(await present(ANNAS)).toBe(true);
		expect(enrolments.get(id)).toMatchObject({
			state: 'waiting',
			passedOn: { because: 'known', value: ANNAS, holder: { name: 'Anna Peeters' } },
		});
		expect(await present(CARD)).toBe(false);
		expect(stateOf(id)).toBe('read');
	});

	test('of a driver is never taken: while a vehicle is at the lane every read is the lane’s', async () => {
		const { id } = opened();
		bench.input('arming', true);
		await bench.settle();
		expect(await present(CARD)).toBe(true);
		expect(enrolments.get(id)).toMatchObject({ state: 'waiting', passedOn: { because: 'vehicle', laneId: 'L1' } });
		await bench.clock.advanceAsync(5_000);
		expect(decisions()).toMatchObject([{ decision: { outcome: 'refused', headline: 'UNKNOWN_CREDENTIAL' } }]);
	});

	test('lets who has a right in while a window is open', async () => {
		opened();
		bench.input('arming', true);
		await bench.settle();
		expect(await present(ANNAS)).toBe(true);
		expect(bench.pulses).toHaveLength(1);
	});

	test('at another reader is not taken', async () => {
		const { id } = opened();
		expect(await present(CARD, 'reader-2')).toBe(true);
		expect(stateOf(id)).toBe('waiting');
	});

	test('is waited for a minute', async () => {
		const { id } = opened();
		bench.clock.advance(LIMITS.enrolmentMs - 1);
		expect(stateOf(id)).toBe('waiting');
		bench.clock.advance(1);
		expect(stateOf(id)).toBe('timedOut');
		expect(await present(CARD)).toBe(true);
	});

	test('is no longer waited for when it was cancelled', async () => {
		const { id } = opened();
		expect(enrolments.cancel(id)?.state).toBe('cancelled');
		expect(enrolments.cancel('none')).toBeUndefined();
		expect(await present(CARD)).toBe(true);
	});

	test('is no longer waited for when the operator signed out, seen or not', async () => {
		const first = opened();
		isSignedIn = false;
		expect(await present(CARD)).toBe(true);
		expect(stateOf(first.id)).toBe('signedOut');
		isSignedIn = true;
		const second = opened();
		isSignedIn = false;
		expect(enrolments.list()).toEqual([]);
		expect(stateOf(second.id)).toBe('signedOut');
	});

	test('is waited for by one operator a reader, who sees who else waits', () => {
		const first = opened();
		const other = { deviceId: 'reader-1', operatorId: 'op-2', stands: () => true };
		expect(enrolments.open(other)).toEqual({ result: 'busy', operatorId: 'op-1' });
		expect(enrolments.readers()).toEqual([
			{ deviceId: 'reader-1', isOnline: true, lanes: ['North entry'], operatorId: 'op-1' },
			{ deviceId: 'reader-2', isOnline: false, lanes: [expect.any(String)], operatorId: null },
		]);
		const again = opened();
		expect(stateOf(first.id)).toBe('cancelled');
		expect(enrolments.list().map(({ id }) => id)).toEqual([again.id]);
	});

	test('can only be waited for at a reader of tags that answers', () => {
		const at = (deviceId: string) => enrolments.open({ deviceId, operatorId: 'op-1', stands: () => true }).result;
		expect(at('cam-1')).toBe('noReader');
		expect(at('none')).toBe('noReader');
		expect(at('reader-2')).toBe('offline');
	});

	test('is the lane’s when what was read could not be recorded', async () => {
		const { id } = opened();
		const append = bench.store.journal.append;
		Object.assign(bench.store.journal, {
			append() {
				Object.assign(bench.store.journal, { append });
				throw new Error('disk full');
			},
		});
		expect(await present(CARD)).toBe(true);
		expect(stateOf(id)).toBe('waiting');
	});
});
