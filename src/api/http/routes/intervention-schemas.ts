import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import {
	INTERVENTION_ENTRIES,
	INTERVENTION_KINDS,
	INTERVENTION_PRIORITIES,
	INTERVENTION_STATUSES,
	type InterventionTarget,
	type PlannedTime,
} from '../../../gateway/core/maintenance/intervention.ts';
import type {
	Intervention,
	InterventionEntryRow,
	InterventionPart,
	InterventionPhoto,
} from '../../../gateway/services/maintenance/interventions.ts';
import type { Presenter } from '../present.ts';
import { givenId, id, moment, time } from '../scalar-schemas.ts';

const interventionKind = z.enum(INTERVENTION_KINDS);
const interventionPriority = z.enum(INTERVENTION_PRIORITIES);
export const interventionStatus = z.enum(INTERVENTION_STATUSES);

const targetSchema = z
	.object({
		kind: z.enum(['site', 'device', 'lane']),
		id: z.string().nullable().openapi({ description: 'null: the site' }),
	})
	.openapi('InterventionTarget');
const planSchema = z.object({ start: time, end: time });

export const interventionFields = {
	number: z.int().openapi({ description: 'What people call it by', example: 12 }),
	kind: interventionKind,
	target: targetSchema,
	title: z.string(),
	description: z.string(),
	priority: interventionPriority,
	status: interventionStatus,
	next: z.array(interventionStatus).readonly().openapi({ description: 'Statuses it may go to from here' }),
	plan: planSchema.nullable().openapi({ description: 'null: nobody said when' }),
	overdue: z.boolean().openapi({ description: 'Its planned time is over, and it is not' }),
	people: z.array(id).readonly().openapi({ description: 'Operators who do it' }),
	openedAt: time,
	openedBy: id.nullable(),
	changedAt: time,
	closedAt: time.nullable(),
	version: z.int(),
};
export const interventionSchema = z.object(interventionFields).openapi('Intervention');

const partSchema = z
	.object({ id, name: z.string(), reference: z.string(), quantity: z.int(), at: time, by: id })
	.openapi('InterventionPart');
export const photoSchema = z
	.object({ id, widthPx: z.int(), heightPx: z.int(), bytes: z.int(), at: time, by: id })
	.openapi('InterventionPhoto');
export const interventionDetailSchema = z
	.object({
		...interventionFields,
		parts: z.array(partSchema).readonly(),
		photos: z.array(photoSchema).readonly(),
	})
	.openapi('InterventionDetail');

export const entrySchema = z
	.object({
		what: z.enum(INTERVENTION_ENTRIES),
		at: time,
		by: id.nullable(),
		detail: z
			.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
			.openapi({ description: 'What it is from then on; …Before: what it was. `text`: what was said' }),
	})
	.openapi('InterventionEntry');

/** A line of text as people write it: its ends are trimmed. */
const line = (length: number) => z.string().trim().max(length);
export const longText = line(LIMITS.interventionTextLength);
const givenTarget = z
	.union([
		z.strictObject({ kind: z.literal('site') }),
		z.strictObject({ kind: z.enum(['device', 'lane']), id: givenId }),
	])
	.openapi({ description: '`{"kind":"site"}`, or a device or lane with its id' });
const givenPlan = z
	.strictObject({ start: moment, end: moment })
	.transform(({ start: startMs, end: endMs }): PlannedTime => ({ startMs, endMs }));

/** What is said of an intervention; the API's names are its own. */
export const givenFields = {
	kind: interventionKind,
	target: givenTarget,
	title: line(LIMITS.interventionTitleLength).min(1),
	description: longText,
	priority: interventionPriority,
	plan: givenPlan.nullable(),
	people: z.array(givenId).max(LIMITS.interventionPeople),
};
export const partBody = z.strictObject({
	name: line(LIMITS.interventionTitleLength).min(1),
	reference: line(LIMITS.interventionTitleLength).default(''),
	quantity: z.int().min(1).max(LIMITS.partQuantity).default(1),
});

export function shownTarget(target: InterventionTarget) {
	return { kind: target.kind, id: target.kind === 'site' ? null : target.id };
}

export function shownPlan({ time: at }: Presenter, { startMs, endMs }: PlannedTime) {
	return { start: at(startMs), end: at(endMs) };
}

export function shownIntervention(presenter: Presenter, intervention: Intervention) {
	const { id: _, target, plan, isOverdue, openedAtMs, changedAtMs, closedAtMs, ...fields } = intervention;
	const at = presenter.time;
	return {
		...fields,
		...{ target: shownTarget(target), plan: plan && shownPlan(presenter, plan), overdue: isOverdue },
		...{ openedAt: at(openedAtMs), changedAt: at(changedAtMs), closedAt: closedAtMs === null ? null : at(closedAtMs) },
	};
}

export function shownPart({ time: at }: Presenter, { number: _, atMs, operatorId, ...part }: InterventionPart) {
	return { ...part, at: at(atMs), by: operatorId };
}

export function shownPhoto({ time: at }: Presenter, photo: InterventionPhoto) {
	const { id: photoId, widthPx, heightPx, bytes, atMs, operatorId } = photo;
	return { id: photoId, widthPx, heightPx, bytes, at: at(atMs), by: operatorId };
}

export function shownEntry({ time: at }: Presenter, { what, atMs, operatorId, detail }: InterventionEntryRow) {
	const shown = Object.entries(detail).map(([name, value]) => [
		name,
		/^plan(Start|End)/.test(name) && typeof value === 'number' ? at(value) : value,
	]);
	return { what, at: at(atMs), by: operatorId, detail: Object.fromEntries(shown) as typeof detail };
}
