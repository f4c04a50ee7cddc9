import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { EVENT_DATA } from '../../src/sync/event-data.ts';
import { readBatch } from '../../src/sync/outbox.ts';
import { journalEntries, takeEntries } from '../support/journal-entries.ts';
import { createMemoryOutbox } from '../support/memory-outbox.ts';

const SOURCE = '/parkgate/acme/site-1';
const at = (afterSeq: number) => ({ gatewayEpoch: 'epoch-1', afterSeq, maxBytes: LIMITS.batchBytes });
const common = { id: 'e', atMs: 1_760_000_000_123 } as const;

function outboxOf(entries: readonly JournalEntry[]) {
	const outbox = createMemoryOutbox('epoch-1');
	for (const entry of entries) outbox.append(entry);
	return outbox;
}

describe('batches of the journal', () => {
	it('hold at most 100 events and 32 KiB, follow each other without a gap and name the hashes around them', () => {
		const outbox = outboxOf(takeEntries(journalEntries(randomUUID), 350));
		let after = 0;
		while (after < 350) {
			const batch = readBatch(outbox, SOURCE, at(after));
			expect(batch?.first).toBe(after + 1);
			expect(batch?.body.before).toBe(outbox.chainAt('epoch-1', after));
			expect(batch?.body.after).toBe(outbox.chainAt('epoch-1', batch?.last ?? 0));
			expect(batch?.body.events.length).toBeLessThanOrEqual(LIMITS.batchEvents);
			expect(JSON.stringify(batch?.body.events).length).toBeLessThanOrEqual(LIMITS.batchBytes + LIMITS.batchEvents + 2);
			after = batch?.last ?? 350;
		}
		expect(readBatch(outbox, SOURCE, at(350))).toBeUndefined();
	});

	it('hold one event however large it is', () => {
		const outbox = outboxOf(takeEntries(journalEntries(randomUUID), 3));
		expect(readBatch(outbox, SOURCE, { ...at(0), maxBytes: 10 })?.body.events).toHaveLength(1);
	});

	it('carry CloudEvents that say what happened; the facts of a decision stay at the site', () => {
		const [event] =
			readBatch(
				outboxOf(
					takeEntries(
						journalEntries(() => 'd1'),
						1,
					),
				),
				SOURCE,
				at(0),
			)?.body.events ?? [];
		expect(event).toEqual({
			specversion: '1.0',
			source: SOURCE,
			type: 'parkgate.decision',
			id: 'd1',
			seq: 1,
			time: '2026-06-16T08:00:00.000Z',
			data: {
				lane: 'L1',
				direction: 'entry',
				outcome: 'granted',
				headline: null,
				subject: 'H10301 FC 53 CN 10000',
				holder: 'holder-00000',
				credential: 'tag-00000',
				right: 'right-00000',
				vend: 'd1',
			},
		});
	});

	it('every kind of entry fits its published schema', () => {
		const entries: JournalEntry[] = [
			...takeEntries(journalEntries(randomUUID), 3),
			{
				...common,
				type: 'vend',
				class: 'decision',
				laneId: 'L1',
				vendId: 'v',
				decisionId: null,
				operatorId: 'o',
				reason: 'delivery',
				outcome: 'requested',
			},
			{
				...common,
				type: 'vend',
				class: 'decision',
				laneId: 'L1',
				vendId: 'v',
				decisionId: null,
				operatorId: null,
				reason: null,
				outcome: { result: 'unknown', problem: 'no answer' },
			},
			{
				...common,
				type: 'lane',
				class: 'decision',
				laneId: 'L1',
				event: 'tailgate',
				decisionId: null,
				detail: { count: 1 },
			},
			{ ...common, type: 'device', class: 'telemetry', deviceId: 'reader-1', state: 'offline', problem: 'unplugged' },
			{
				...{ ...common, type: 'device', class: 'telemetry', deviceId: 'reader-1' },
				...{ state: 'online', problem: null, changes: 40 },
			},
			{
				...{ ...common, type: 'gap', class: 'audit', of: 'telemetry', count: 7, fromMs: 1, toMs: 2, because: 'budget' },
				rows: { first: { gatewayEpoch: 'e', seq: 1 }, last: { gatewayEpoch: 'e', seq: 9 } },
			},
			{
				...{ ...common, type: 'gap', class: 'audit', of: 'telemetry', count: 7, fromMs: 1, toMs: 2, because: 'disk' },
				rows: null,
			},
			{
				...common,
				type: 'audit',
				class: 'audit',
				operatorId: 'o',
				action: 'login',
				target: null,
				detail: { from: '10.0.0.1' },
			},
		];
		const events = readBatch(outboxOf(entries), SOURCE, at(0))?.body.events ?? [];
		expect(events).toHaveLength(entries.length);
		for (const { type, data } of events)
			expect(EVENT_DATA[type as keyof typeof EVENT_DATA].strict().parse(data)).toEqual(data);
	});

	it('an event that no message can carry goes without what it says, and is told; so does one larger than any may be', () => {
		const large: JournalEntry = {
			...common,
			...{ type: 'audit', class: 'audit', operatorId: null, action: 'note', target: null },
			detail: { text: 'x'.repeat(LIMITS.eventBytes) },
		};
		const outbox = outboxOf([...takeEntries(journalEntries(randomUUID), 2), large]);
		const batch = readBatch(outbox, SOURCE, { ...at(0), withheldSeq: 2 });
		expect(batch?.withheld).toEqual([
			{ seq: 2, code: 'tooLarge' },
			{ seq: 3, code: 'tooLarge' },
		]);
		expect(batch?.body.events.map(({ type }) => type)).toEqual([
			'parkgate.decision',
			'parkgate.withheld',
			'parkgate.withheld',
		]);
		const [, , event] = batch?.body.events ?? [];
		expect(event).toMatchObject({ id: 'e', seq: 3, data: { type: 'parkgate.audit', code: 'tooLarge' } });
		expect(EVENT_DATA['parkgate.withheld'].strict().parse(event?.data)).toEqual(event?.data);
		expect(batch?.body.after).toBe(outbox.chainAt('epoch-1', 3));
	});

	it('an erased row stands with its commitment, so that no seq is missing', () => {
		const outbox = outboxOf(takeEntries(journalEntries(randomUUID), 2));
		const erased = {
			...outbox,
			after: (gatewayEpoch: string, seq: number, limit: number) =>
				outbox.after(gatewayEpoch, seq, limit).map((row) => (row.seq === 1 ? { ...row, entry: null } : row)),
		};
		const events = readBatch(erased, SOURCE, at(0))?.body.events;
		expect(events?.map(({ seq }) => seq)).toEqual([1, 2]);
		expect(events?.[0]).toMatchObject({
			type: 'parkgate.erased',
			data: { commitment: expect.stringMatching(/^[0-9a-f]{64}$/) },
		});
	});
});
