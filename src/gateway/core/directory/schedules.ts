import { z } from 'zod';
import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import { asJson, key, text } from './field.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 08:30, or 24:00');

/** Weekly periods and special days in the Place's zone. */
export const schedules = defineAggregate({
	name: 'schedules',
	sqlName: 'schedules',
	stream: 'access',
	fields: {
		id: key(),
		name: text(200),
		/** `days`: ISO weekdays, 1 Monday … 7 Sunday, of the period's start. `to` not after `from` crosses midnight. */
		periods: asJson(
			z.array(z.object({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: timeOfDay, to: timeOfDay })).max(50),
		),
		/** Local dates that follow their own periods instead of the week's; empty periods: closed. */
		specialDays: asJson(
			z
				.array(
					z.object({
						date: z.iso.date(),
						name: z.string().max(200),
						periods: z.array(z.object({ from: timeOfDay, to: timeOfDay })).max(20),
					}),
				)
				.max(400),
		),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [{ name: 'schedules_by_name', columns: ['name_key', 'id'] }],
	words: ['name'],
	faces: [
		{
			path: 'schedules',
			columns: ['name', 'periods', 'specialDays'],
			filters: [],
			form: [{ group: 'identity', fields: ['name', 'periods', 'specialDays'] }],
		},
	],
});
