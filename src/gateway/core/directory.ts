import { z } from 'zod';

/** Rows of the directory as central sends them and the API shows them. Times are UTC epoch ms; `null` means no limit. */
const id = z.string().min(1).max(64);
/** Within what a calendar can name (ECMA-262, 21.4.1.1): a moment beyond it could not be shown. */
const instantMs = z.int().min(-8.64e15).max(8.64e15).nullable();
const label = z.string().max(200);

export const holderRow = z.object({
	id,
	kind: z.enum(['person', 'organisation', 'vehicle']),
	name: label.min(1),
	email: z.string().max(254).nullable(),
	status: z.enum(['active', 'inactive', 'blocked']),
});

export const credentialRow = z.object({
	id,
	holderId: id,
	kind: z.enum(['tag', 'plate', 'pin', 'qr']),
	/** What is matched: `TagValue` for tags, the normalised plate for plates. */
	value: z.string().min(1).max(128),
	label: label.nullable(),
	state: z.enum(['active', 'disabled', 'lost', 'stolen']),
	validFromMs: instantMs,
	validToMs: instantMs,
});

export const STRATEGIES = [
	'preferential',
	'booking',
	'firstCome',
	'onTheFly',
	'visitor',
	'freePass',
	'credits',
	'vehicle',
] as const;

export const rightSpecificationRow = z.object({
	id,
	name: label.min(1),
	strategy: z.enum(STRATEGIES),
	/** Areas it opens; entering an area needs its id or an enclosing area's here. Empty: every area. */
	areaIds: z.array(id).max(500),
	scheduleId: id.nullable(),
});

export const assignedRightRow = z.object({
	id,
	holderId: id,
	specificationId: id,
	state: z.enum(['active', 'suspended']),
	validFromMs: instantMs,
	validToMs: instantMs,
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 08:30, or 24:00');

export const scheduleRow = z.object({
	id,
	name: label.min(1),
	/** `days`: ISO weekdays, 1 Monday … 7 Sunday, of the period's start. `to` not after `from` crosses midnight. */
	periods: z
		.array(z.object({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: timeOfDay, to: timeOfDay }))
		.max(50),
	/** Local dates that follow their own periods instead of the week's; empty periods: closed. */
	specialDays: z
		.array(
			z.object({
				date: z.iso.date(),
				name: label,
				periods: z.array(z.object({ from: timeOfDay, to: timeOfDay })).max(20),
			}),
		)
		.max(400),
});

export type Holder = z.infer<typeof holderRow>;
export type Credential = z.infer<typeof credentialRow>;
export type RightSpecification = z.infer<typeof rightSpecificationRow>;
export type AssignedRight = z.infer<typeof assignedRightRow>;
export type Schedule = z.infer<typeof scheduleRow>;
export type AccessStrategy = (typeof STRATEGIES)[number];

/** Which stream carries which table; the key of every table is `id`. */
export const DIRECTORY_TABLES = {
	holders: { stream: 'people', row: holderRow },
	credentials: { stream: 'access', row: credentialRow },
	rightSpecifications: { stream: 'access', row: rightSpecificationRow },
	assignedRights: { stream: 'access', row: assignedRightRow },
	schedules: { stream: 'access', row: scheduleRow },
} as const;

export type DirectoryTable = keyof typeof DIRECTORY_TABLES;
export type DirectoryRow<T extends DirectoryTable> = z.infer<(typeof DIRECTORY_TABLES)[T]['row']>;
export type StreamName = (typeof DIRECTORY_TABLES)[DirectoryTable]['stream'];
export const STREAMS: readonly StreamName[] = ['people', 'access'];
