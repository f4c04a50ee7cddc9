import { maskRow, maskText, type RowSight, secretField } from '../directory/mask.ts';
import { aggregateOf } from '../directory.ts';
import type { AuditEntry, EditEntry, JournalEntry } from '../journal.ts';

/** One field as it was and as it is since. null: it had, or has, nothing. */
export interface AuditChange {
	readonly field: string;
	readonly before: unknown;
	readonly after: unknown;
}

type Figure = AuditEntry['detail'][string];

/** What a line of the audit tells: what changed field by field, and what else is said of it. */
export interface AuditTold {
	readonly changes: readonly AuditChange[];
	readonly facts: Readonly<Record<string, Figure>>;
}

export const HIDDEN = '•••';

/**
 * Names under which nothing is ever shown. No service writes a secret; what one would by mistake stays unread here.
 * `code` and `token` themselves are the names of reasons and of API tokens.
 */
const SECRET = /password|secret|credentialValue|csrf|hash$|private|otp|^pin$|cookie/iu;

/** Of edits, codes are to be open: they are compared, and never shown. */
export function auditTold(entry: JournalEntry, sight: Pick<RowSight, 'personal'>): AuditTold {
	switch (entry.type) {
		case 'audit':
			return figuresTold(masked(entry.detail, sight));
		case 'edit':
			return { changes: editChanges(entry, sight), facts: {} };
		case 'vend':
			return { changes: [], facts: { ...(entry.reason !== null && { reason: personal(entry.reason, sight) }) } };
		case 'lane':
			return laneTold(entry.detail, sight);
		default:
			return { changes: [], facts: {} };
	}
}

function laneTold({ from, to, until, reason }: AuditEntry['detail'], sight: Pick<RowSight, 'personal'>): AuditTold {
	return {
		changes: [{ field: 'mode', before: from ?? null, after: to ?? null }],
		facts: {
			...(until !== undefined && until !== null && { until }),
			...(typeof reason === 'string' && { reason: personal(reason, sight) }),
		},
	};
}

/** Of a row that is new or gone, what it has; else what differs. */
function editChanges({ table, before, after }: EditEntry, sight: Pick<RowSight, 'personal'>): readonly AuditChange[] {
	const aggregate = aggregateOf(table);
	const secrets = new Set([before, after].flatMap((row) => (row === null ? [] : (secretField(aggregate, row) ?? []))));
	const seen = (row: EditEntry['before']) =>
		row === null ? {} : maskRow(aggregate, row, { personal: sight.personal, codes: false });
	const [was, is] = [seen(before), seen(after)];
	return Object.keys(aggregate.fields)
		.filter((field) => textOf(before?.[field]) !== textOf(after?.[field]))
		.map((field) => ({
			field,
			before: secrets.has(field) ? hidden(before?.[field]) : (was[field] ?? null),
			after: secrets.has(field) ? hidden(after?.[field]) : (is[field] ?? null),
		}));
}

function hidden(value: unknown): string | null {
	return isNothing(value) ? null : HIDDEN;
}

/** Nothing, no text and no entries are the same to a reader. */
function textOf(value: unknown): string {
	return isNothing(value) ? 'null' : JSON.stringify(value);
}

function isNothing(value: unknown): boolean {
	return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/**
 * Services write what was before as `nameBefore` beside `name`, or all of it as `before` beside `after`, where an object is
 * JSON.
 */
function figuresTold(detail: AuditEntry['detail']): AuditTold {
	const changes: AuditChange[] = [];
	const facts: Record<string, Figure> = {};
	for (const [name, figure] of Object.entries(detail)) {
		if (name === 'after' && 'before' in detail) continue;
		if (name === 'before' && 'after' in detail) changes.push(...wholeChange(figure, detail['after'] ?? null));
		else if (name.endsWith(BEFORE) && name.slice(0, -BEFORE.length) in detail) {
			const field = name.slice(0, -BEFORE.length);
			const after = detail[field] ?? null;
			if (figure === after) facts[field] = after;
			else changes.push({ field, before: figure, after });
		} else if (!(`${name}${BEFORE}` in detail)) facts[name] = figure;
	}
	return { changes, facts };
}

const BEFORE = 'Before';

function wholeChange(before: Figure, after: Figure): readonly AuditChange[] {
	const [was, is] = [objectOf(before), objectOf(after)];
	if (was === undefined || is === undefined) return [{ field: 'value', before, after }];
	return [...new Set([...Object.keys(was), ...Object.keys(is)])]
		.filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
		.map((field) => ({ field, before: safe(field, was[field] ?? null), after: safe(field, is[field] ?? null) }));
}

function objectOf(figure: Figure): Readonly<Record<string, unknown>> | undefined {
	if (typeof figure !== 'string' || !figure.startsWith('{')) return undefined;
	try {
		return Object(JSON.parse(figure)) as Readonly<Record<string, unknown>>;
	} catch {
		// A text that only begins like one.
		return undefined;
	}
}

const safe = (field: string, value: unknown) => (SECRET.test(field) && value !== null ? HIDDEN : value);

/** What people typed may be anybody's name. */
const TYPED: ReadonlySet<string> = new Set(['reason', 'text', 'comment', 'note', 'plate', 'subject', 'tag', 'q']);

function masked(detail: AuditEntry['detail'], sight: Pick<RowSight, 'personal'>): AuditEntry['detail'] {
	return Object.fromEntries(
		Object.entries(detail).map(([name, figure]) => {
			if (SECRET.test(name) && figure !== null && name !== 'sha256') return [name, HIDDEN];
			return [name, TYPED.has(name) && typeof figure === 'string' ? personal(figure, sight) : figure];
		}),
	);
}

function personal(text: string, { personal: sees }: Pick<RowSight, 'personal'>): string {
	return sees ? text : maskText(text);
}
