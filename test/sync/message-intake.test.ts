import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import type { Body, MessageType } from '../../src/sync/envelope.ts';
import { createMessageIntake } from '../../src/sync/message-intake.ts';
import { createSyncCounters } from '../../src/sync/sync-statistics.ts';
import { siteTopic, streamTopic } from '../../src/sync/topics.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createMemoryOutbox } from '../support/memory-outbox.ts';

const EPOCH = 'epoch-1';

/** Gives one message to a gateway of tenant t, site s, with three events. @returns the kinds of what it took. */
function take<T extends MessageType>(topic: string, type: T, body: Body<T>, head: object = {}): readonly string[] {
	const outbox = createMemoryOutbox(EPOCH);
	for (let n = 0; n < 3; n += 1) outbox.append({ type: 'audit', id: `a${n}` } as unknown as JournalEntry);
	const envelope = { v: 1, id: 'm1', site: 's', gatewayEpoch: EPOCH, link: null, ts: 0, clock: 'synced', ...head };
	const payload = Buffer.from(JSON.stringify({ ...envelope, type, body }));
	const deps = { tenant: 't', site: 's', outbox, log: createMemoryLog(), counters: createSyncCounters() };
	return createMessageIntake(deps)({ topic, payload, contentType: undefined, retained: false }).inputs.map(
		({ kind }) => kind,
	);
}

const ACK = { upTo: 3, chain: 'c', inReplyTo: null, rejected: [], problem: null };
const ACK_TOPIC = siteTopic('t', 's', 'down/ack');
const GONE = { stream: 'people', snapshotId: 'x' };
const HEAD = { stream: 'people', centralEpoch: 'c1', rev: 1, floor: 0, root: null };

describe('what a gateway takes from the broker', () => {
	it('is an ack of its own history, with its hash', () => {
		expect(take(ACK_TOPIC, 'ack', ACK)).toContain('ack');
		expect(take(ACK_TOPIC, 'ack', { ...ACK, upTo: 0, chain: null })).toContain('ack');
	});

	it.each([
		['of another history', ACK, { gatewayEpoch: 'epoch-2' }],
		['of no history', ACK, { gatewayEpoch: null }],
		['without the hash at its place', { ...ACK, chain: null }, {}],
	])('is no ack %s: the events it lets go would be lost', (_what, ack, head) => {
		expect(take(ACK_TOPIC, 'ack', ack, head)).toEqual([]);
	});

	it('is what came on its own topics and the streams of its tenant, whatever the envelope says', () => {
		expect(take(siteTopic('t', 's', 'down/data'), 'snapshotGone', GONE)).toEqual(['downstream']);
		expect(take(siteTopic('t', 'other', 'down/data'), 'snapshotGone', GONE, { site: null })).toEqual([]);
		expect(take(siteTopic('u', 's', 'down/data'), 'snapshotGone', GONE)).toEqual([]);
		const anySite = { site: null, gatewayEpoch: null };
		expect(take(streamTopic('t', 'people', 'head'), 'head', HEAD, anySite)).toEqual(['downstream']);
		expect(take(streamTopic('u', 'people', 'head'), 'head', HEAD, anySite)).toEqual([]);
	});
});
