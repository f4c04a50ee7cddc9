import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';
import { isNestedDeeper, MESSAGE_DEPTH } from '../../gateway/core/nesting-depth.ts';
import { type CloudEvent, cloudEvent } from '../message-parts.ts';

/** What an event that can't be read is stored as: its place is taken, so that those behind it are not held up. */
export const MALFORMED = 'parkgate.malformed';

/** Message, body, list. */
const AROUND_EVENTS = 3;

const eventsMessage = z.looseObject({
	type: z.literal('events'),
	body: z.looseObject({ events: z.array(z.unknown()).min(1).max(LIMITS.batchEvents) }),
});
const placed = z.looseObject({ seq: z.int().min(1) });

/** A batch in which single events are malformed, with stand-ins for them; undefined: it is something else, or they have no place. */
export function mendEvents(value: object): object | undefined {
	const parsed = eventsMessage.safeParse(value);
	if (!parsed.success) return undefined;
	const { body, ...envelope } = parsed.data;
	const events: CloudEvent[] = [];
	for (const event of body.events) {
		const mended = mend(event);
		if (mended === undefined) return undefined;
		events.push(mended);
	}
	return { ...envelope, body: { ...body, events } };
}

function mend(event: unknown): CloudEvent | undefined {
	const whole = cloudEvent.safeParse(event);
	const isTooDeep = isNestedDeeper(event, MESSAGE_DEPTH - AROUND_EVENTS);
	if (whole.success && !isTooDeep) return whole.data;
	const place = placed.safeParse(event);
	if (!place.success) return undefined;
	const { seq } = place.data;
	const [issue] = whole.error?.issues ?? [];
	const told = issue === undefined ? 'nested too deep' : `${issue.path.map(String).join('.')}: ${issue.message}`;
	const problem = told.slice(0, LIMITS.reasonLength);
	return { specversion: '1.0', source: 'central', type: MALFORMED, id: `malformed-${seq}`, seq, data: { problem } };
}
