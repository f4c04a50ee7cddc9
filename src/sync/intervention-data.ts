import { z } from 'zod';
import type { AuditEntry } from '../gateway/core/journal.ts';
import {
	INTERVENTION_KINDS,
	INTERVENTION_PRIORITIES,
	INTERVENTION_STATUSES,
	isClosed,
} from '../gateway/core/maintenance/intervention.ts';

const id = z.string().min(1).max(64);
const text = z.string().max(10_000);
const status = z.enum(INTERVENTION_STATUSES);

/** What is said of an intervention only where it is new or other than before. */
export const interventionEvent = z.object({
	event: z
		.enum([
			...(['created', 'assigned', 'stateChanged', 'closed', 'changed', 'commented'] as const),
			...(['partAdded', 'partRemoved', 'photoAdded', 'photoRemoved'] as const),
		])
		.describe('assigned: other people do it from now on; closed: done or cancelled'),
	intervention: id,
	number: z.int().min(1).describe('As people call it at the site'),
	operator: id.nullable(),
	kind: z.enum(INTERVENTION_KINDS).optional(),
	priority: z.enum(INTERVENTION_PRIORITIES).optional(),
	status: status.optional(),
	title: text.optional(),
	description: text.optional(),
	target: z.string().max(200).optional().describe('site, `device ID` or `lane ID`'),
	people: z.array(id).max(100).optional().describe('Operators who do it'),
	plan: z
		.object({ start: z.iso.datetime().nullable(), end: z.iso.datetime().nullable() })
		.optional()
		.describe('When it is planned; null: no more'),
	comment: text.optional(),
	part: z.object({ name: text, reference: text, quantity: z.int() }).optional(),
	photo: id.optional().describe('It stays at the site'),
	before: z
		.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
		.optional()
		.describe('What other fields said before, by their names; moments in UTC, ms since 1970'),
});

export type InterventionEvent = z.infer<typeof interventionEvent>;

const EVENTS: Readonly<Record<string, InterventionEvent['event']>> = {
	interventionReported: 'created',
	interventionChanged: 'changed',
	interventionStatus: 'stateChanged',
	interventionComment: 'commented',
	interventionPartAdded: 'partAdded',
	interventionPartRemoved: 'partRemoved',
	interventionPhotoAdded: 'photoAdded',
	interventionPhotoRemoved: 'photoRemoved',
};

/** An audit line of an intervention as an event of its own; undefined: it is of something else, or says too little. */
export function interventionData({ action, target, operatorId, detail }: AuditEntry): InterventionEvent | undefined {
	const event = Object.hasOwn(EVENTS, action) ? EVENTS[action] : undefined;
	if (event === undefined) return undefined;
	const { interventionId: intervention, kind, priority, title, description, photo, text: comment } = detail;
	const planned = 'planStart' in detail || 'planEnd' in detail;
	const said = {
		...{ event: named(event, detail), intervention, number: Number(target), operator: operatorId },
		...{ kind, priority, status: detail['status'], title, description, comment, photo, part: partOf(detail) },
		...{ target: detail['target'], people: peopleOf(detail['people']), before: beforeOf(detail) },
		...(planned && { plan: { start: momentOf(detail['planStart']), end: momentOf(detail['planEnd']) } }),
	};
	return interventionEvent.safeParse(
		Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
	).data;
}

function named(event: InterventionEvent['event'], detail: Detail): InterventionEvent['event'] {
	const now = INTERVENTION_STATUSES.find((known) => known === detail['status']);
	if (event === 'stateChanged' && now !== undefined && isClosed(now)) return 'closed';
	return event === 'changed' && 'people' in detail ? 'assigned' : event;
}

function peopleOf(people: unknown): readonly string[] | undefined {
	if (typeof people !== 'string') return undefined;
	return people === '' ? [] : people.split(', ');
}

type Detail = AuditEntry['detail'];

function partOf({ name, reference, quantity }: Detail) {
	return name === undefined ? undefined : { name, reference, quantity };
}

function beforeOf(detail: Detail): Detail | undefined {
	const before = Object.entries(detail).flatMap(([name, was]) =>
		name.endsWith(BEFORE) ? [[name.slice(0, -BEFORE.length), was] as const] : [],
	);
	return before.length === 0 ? undefined : Object.fromEntries(before);
}

/** How the audit names what a field said before. */
const BEFORE = 'Before';

function momentOf(epochMs: unknown): string | null {
	return typeof epochMs === 'number' ? new Date(epochMs).toISOString() : null;
}
