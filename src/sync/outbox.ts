import { LIMITS } from '../gateway/core/limits.ts';
import type { Outbox, OutboxEvent } from '../gateway/services/journal/outbox.ts';
import type { Body, CloudEvent } from './envelope.ts';
import { eventOf } from './event-data.ts';

/** The journal as central is sent it. */
export type OutboxSource = Outbox;

export interface Batch {
	readonly first: number;
	readonly last: number;
	readonly body: Body<'events'>;
	/** Events that went without what they say: no message could carry them. */
	readonly withheld: readonly { readonly seq: number; readonly code: 'tooLarge' }[];
}

/** Where a batch is read. */
export interface BatchPlace {
	readonly gatewayEpoch: string;
	readonly afterSeq: number;
	/** Of its events' JSON; one event always goes. */
	readonly maxBytes: number;
	/** The broker takes no message that carries this one. */
	readonly withheldSeq?: number | null;
}

/**
 * The next batch: at most LIMITS.batchEvents events and `maxBytes` of JSON, but always one.
 *
 * @param origin the CloudEvents `source`
 * @returns undefined when there is no row.
 */
export function readBatch(
	outbox: Pick<OutboxSource, 'chainAt' | 'after'>,
	origin: string,
	{ gatewayEpoch, afterSeq, maxBytes, withheldSeq }: BatchPlace,
): Batch | undefined {
	const before = outbox.chainAt(gatewayEpoch, afterSeq);
	const rows = outbox.after(gatewayEpoch, afterSeq, LIMITS.batchEvents);
	const events: CloudEvent[] = [];
	const withheld: { seq: number; code: 'tooLarge' }[] = [];
	let bytes = 0;
	let after = before;
	for (const row of rows) {
		const whole = toEvent(row, gatewayEpoch, origin);
		const size = Buffer.byteLength(JSON.stringify(whole));
		const isWithheld = size > LIMITS.eventBytes || row.seq === withheldSeq;
		const event = isWithheld ? withhold(whole, row) : whole;
		bytes += isWithheld ? WITHHELD_BYTES : size;
		if (bytes > maxBytes && events.length > 0) break;
		if (isWithheld) withheld.push({ seq: row.seq, code: 'tooLarge' });
		events.push(event);
		after = row.chain;
	}
	const [first] = events;
	const last = events.at(-1);
	if (before === undefined || after === undefined || first === undefined || last === undefined) return undefined;
	return { first: first.seq, last: last.seq, body: { before, after, events }, withheld };
}

/** `source` of a gateway's events; with `id` it names one for ever (CloudEvents 1.0, 3.1). */
export function eventSource(tenant: string, site: string): string {
	return `/parkgate/${tenant}/${site}`;
}

/** What is the same in every event stands first and in one piece: deflation makes it a few bytes. */
function toEvent({ seq, entry, commitment, first }: OutboxEvent, gatewayEpoch: string, source: string): CloudEvent {
	const constant = { specversion: '1.0', source } as const;
	const told = first === null ? {} : { firstepoch: first.gatewayEpoch, firstseq: first.seq };
	if (entry === null) {
		const named = first ?? { gatewayEpoch, seq };
		const id = `erased-${named.gatewayEpoch}-${named.seq}`;
		return { ...constant, type: 'parkgate.erased', data: { commitment }, seq, ...told, id };
	}
	return {
		...constant,
		...eventOf(entry),
		seq,
		...told,
		time: new Date(entry.atMs).toISOString(),
		id: entry.id,
	};
}

/** An event without what it says, in a message. */
const WITHHELD_BYTES = 512;

function withhold({ data: _, ...event }: CloudEvent, { commitment }: OutboxEvent): CloudEvent {
	return { ...event, type: 'parkgate.withheld', data: { type: event.type, commitment, code: 'tooLarge' } };
}
