import { LIMITS } from '../gateway/core/limits.ts';
import type { Outbox, OutboxEvent } from '../gateway/services/journal/outbox.ts';
import type { Body, CloudEvent } from './envelope.ts';
import { eventData } from './event-data.ts';

/** The journal as central is sent it. */
export type OutboxSource = Outbox;

export interface Batch {
	readonly first: number;
	readonly last: number;
	readonly body: Body<'events'>;
}

/** Where a batch is read. */
export interface BatchPlace {
	readonly gatewayEpoch: string;
	readonly afterSeq: number;
	/** Of its events' JSON; one event always goes. */
	readonly maxBytes: number;
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
	{ gatewayEpoch, afterSeq, maxBytes }: BatchPlace,
): Batch | undefined {
	const before = outbox.chainAt(gatewayEpoch, afterSeq);
	const rows = outbox.after(gatewayEpoch, afterSeq, LIMITS.batchEvents);
	const events: CloudEvent[] = [];
	let bytes = 0;
	let after = before;
	for (const row of rows) {
		const event = toEvent(row, origin);
		bytes += JSON.stringify(event).length;
		if (bytes > maxBytes && events.length > 0) break;
		events.push(event);
		after = row.chain;
	}
	const [first] = events;
	const last = events.at(-1);
	if (before === undefined || after === undefined || first === undefined || last === undefined) return undefined;
	return { first: first.seq, last: last.seq, body: { before: before, after: after, events } };
}

/** `source` of a gateway's events; with `id` it names one for ever (CloudEvents 1.0, 3.1). */
export function eventSource(tenant: string, site: string): string {
	return `/parkgate/${tenant}/${site}`;
}

/** What is the same in every event stands first and in one piece: deflation makes it a few bytes. */
function toEvent({ seq, entry, commitment, first }: OutboxEvent, source: string): CloudEvent {
	const constant = { specversion: '1.0', source } as const;
	const told = first === null ? {} : { firstepoch: first.gatewayEpoch, firstseq: first.seq };
	if (entry === null) {
		const data = { commitment: commitment };
		return { ...constant, type: 'parkgate.erased', data, seq, ...told, id: `erased-${first?.seq ?? seq}` };
	}
	return {
		...constant,
		type: `parkgate.${entry.type}`,
		data: eventData(entry),
		seq,
		...told,
		time: new Date(entry.atMs).toISOString(),
		id: entry.id,
	};
}
