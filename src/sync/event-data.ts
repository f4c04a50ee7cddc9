import { z } from 'zod';
import type { Verdict } from '../gateway/core/access/decision.ts';
import type { CommandOutcome } from '../gateway/core/device.ts';
import type { JournalEntry } from '../gateway/core/journal.ts';
import { REASONS } from '../gateway/core/reason.ts';
import { interventionData, interventionEvent } from './intervention-data.ts';

const id = z.string().min(1).max(64);
const text = z.string().max(1_000);
const reason = z.enum(REASONS);
const eventName = z.object({ gatewayEpoch: id, seq: z.int().min(1) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const commitment = z.string().regex(/^[0-9a-f]{0,128}$/);
const detail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/**
 * `data` of each event. A decision tells what central needs to count, bill and search; the facts it was made on,
 * every rule's figures and the pictures stay at the site.
 */
export const EVENT_DATA = {
	'parkgate.decision': z.object({
		lane: id,
		direction: z.enum(['entry', 'exit']),
		outcome: z.enum(['granted', 'refused']),
		/** First failing rule; null on a grant. */
		headline: reason.nullable(),
		/** The plate or the card as a person reads it. */
		subject: text,
		holder: id.nullable(),
		credential: id.nullable(),
		right: id.nullable(),
		/** The pulse a grant asked for; null where there was none. */
		vend: id.nullable(),
		/** Further failing rules, and rules that were waived. */
		failed: z.array(reason).optional(),
		waived: z.array(reason).optional(),
		/** Written after the store had failed. */
		late: z.literal(true).optional(),
	}),
	'parkgate.vend': z.object({
		lane: id,
		vend: id,
		decision: id.nullable(),
		operator: id.nullable(),
		reason: text.nullable(),
		outcome: z.enum(['requested', 'done', 'failed', 'expired', 'unknown']),
		problem: text.optional(),
	}),
	'parkgate.passage': z.object({
		lane: id,
		vend: id.nullable(),
		decision: id.nullable(),
		holder: id.nullable(),
		from: id,
		to: id,
		certainty: z.enum(['high', 'medium', 'low']),
	}),
	'parkgate.lane': z.object({ lane: id, event: z.string().max(64), decision: id.nullable(), detail }),
	/** What a stay cost, or that it lasted too long; `charged` and `segment` carry the price to invoice. */
	'parkgate.stay': z.object({
		event: z.string().max(64),
		stay: z.string().max(128).nullable(),
		booking: id.nullable(),
		decision: id.nullable(),
		holder: id.nullable(),
		right: id.nullable(),
		detail,
	}),
	/** `changes`: those since the last event of this device that this one stands for. */
	'parkgate.device': z.object({
		device: id,
		state: z.string().max(64),
		problem: text.nullable(),
		changes: z.int().min(2).optional(),
	}),
	'parkgate.audit': z.object({
		operator: id.nullable(),
		action: z.string().max(200),
		target: text.nullable(),
		detail,
	}),
	/** Work on the equipment, in place of its line of the audit. */
	'parkgate.intervention': interventionEvent,
	/** A mutation (SYNC.md, local edits): central accepts or rejects it by the event's id. */
	'parkgate.edit': z.object({
		operator: id.nullable(),
		batch: id,
		table: z.string().max(64),
		key: id,
		baseRev: z.int().min(0),
		/** null: delete. */
		row: z.record(z.string(), z.unknown()).nullable(),
	}),
	/** Pictures of a read that the site keeps: hash and figures only; the site hands them out over HTTPS while it has them. */
	'parkgate.evidence': z.object({
		observation: id,
		device: id,
		lane: id.nullable(),
		decision: id.nullable(),
		images: z
			.array(
				z.object({
					/** SHA-256 of the picture as it came; names it. */
					image: sha256,
					/** Of the picture as it was kept. */
					sha256,
					role: z.enum(['plate', 'scene', 'still']),
					contentType: z.string().max(64),
					bytes: z.int().min(1),
					widthPx: z.int().min(1),
					heightPx: z.int().min(1),
				}),
			)
			.max(16),
	}),
	/** Telemetry that was dropped at the site for want of room; `first` and `last`: events that are `parkgate.erased` now, null: they were never written. */
	'parkgate.gap': z.object({
		of: z.enum(['telemetry']),
		count: z.int().min(1),
		first: eventName.nullable(),
		last: eventName.nullable(),
		from: z.iso.datetime(),
		to: z.iso.datetime(),
		because: z.enum(['budget', 'disk']),
	}),
	/** The row was erased at the site before it was sent; its commitment keeps the chain whole. */
	'parkgate.erased': z.object({ commitment }),
	/** No message could carry what it says; the site keeps it, among its dead letters. */
	'parkgate.withheld': z.object({ type: z.string().max(64), commitment, code: z.enum(['tooLarge']) }),
} as const;

type EventType = keyof typeof EVENT_DATA;
type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

type Told = Exclude<EventType, 'parkgate.erased' | 'parkgate.withheld'>;

/** A journal entry as central gets it. */
export function eventOf(entry: JournalEntry): { readonly type: Told; readonly data: EventData<Told> } {
	const intervention = entry.type === 'audit' ? interventionData(entry) : undefined;
	if (intervention !== undefined) return { type: 'parkgate.intervention', data: intervention };
	return { type: `parkgate.${entry.type}`, data: dataOf(entry) };
}

function dataOf(entry: JournalEntry): EventData<Exclude<Told, 'parkgate.intervention'>> {
	switch (entry.type) {
		case 'decision': {
			const { decision } = entry;
			const failed = rules(entry, 'fail').filter((rule) => rule !== decision.headline);
			const waived = rules(entry, 'waived');
			return {
				lane: entry.laneId,
				direction: entry.facts.direction,
				outcome: decision.outcome,
				headline: decision.headline,
				subject: entry.subject.slice(0, 1_000),
				holder: decision.holderId,
				credential: decision.credentialId,
				right: decision.rightId,
				vend: entry.vendId,
				...(failed.length > 0 && { failed }),
				...(waived.length > 0 && { waived }),
				...(entry.journalledLate && { late: true }),
			};
		}
		case 'vend':
			return {
				lane: entry.laneId,
				vend: entry.vendId,
				decision: entry.decisionId,
				operator: entry.operatorId,
				reason: entry.reason,
				...vendOutcome(entry.outcome),
			};
		case 'passage': {
			const { laneId: lane, vendId: vend, decisionId: decision, holderId: holder, from, to, certainty } = entry;
			return { lane, vend, decision, holder, from, to, certainty };
		}
		case 'lane':
			return { lane: entry.laneId, event: entry.event, decision: entry.decisionId, detail: entry.detail };
		case 'stay': {
			const { event, stayId: stay, bookingId: booking, decisionId: decision, holderId: holder, rightId: right } = entry;
			return { event, stay, booking, decision, holder, right, detail: entry.detail };
		}
		case 'device':
			return {
				...{ device: entry.deviceId, state: entry.state, problem: entry.problem },
				...(entry.changes !== undefined && { changes: entry.changes }),
			};
		case 'edit': {
			const { operatorId: operator, batchId: batch, table, key, baseRev, after: row } = entry;
			return { operator, batch, table, key, baseRev, row };
		}
		case 'evidence': {
			const { observationId: observation, deviceId: device, laneId: lane, decisionId: decision, images } = entry;
			return { observation, device, lane, decision, images: [...images] };
		}
		case 'gap': {
			const { of, count, rows, because } = entry;
			const [from, to] = [iso(entry.fromMs), iso(entry.toMs)];
			return { of, count, first: rows?.first ?? null, last: rows?.last ?? null, from, to, because };
		}
		case 'audit': {
			const { operatorId: operator, action, target, detail: figures } = entry;
			return { operator, action, target, detail: figures };
		}
	}
}

function iso(epochMs: number): string {
	return new Date(epochMs).toISOString();
}

function rules(entry: Extract<JournalEntry, { type: 'decision' }>, result: Verdict['result']) {
	return entry.decision.verdicts.filter(({ verdict }) => verdict.result === result).map(({ rule }) => rule);
}

function vendOutcome(outcome: 'requested' | CommandOutcome): Pick<EventData<'parkgate.vend'>, 'outcome' | 'problem'> {
	if (outcome === 'requested') return { outcome };
	return 'problem' in outcome
		? { outcome: outcome.result, problem: outcome.problem.slice(0, 1_000) }
		: { outcome: outcome.result };
}
