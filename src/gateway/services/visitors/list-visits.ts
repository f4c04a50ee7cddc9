import { VISITOR_TAG } from '../../core/directory/holders.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { RowScope } from '../../core/permission/row-scope.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { ListQuery } from '../directory/directory-lists.ts';
import { cursorParts } from '../list-cursor.ts';
import { isVisitor, type Visit, type VisitSpecification } from './visit.ts';
import type { VisitorsDeps } from './visitors-deps.ts';

/** `today`: valid at some time of this day at the site. `coming` begins later, `past` ended earlier. */
export type VisitTime = 'today' | 'coming' | 'past';

export interface VisitQuery {
	readonly when: VisitTime;
	/** Name, plate or tag; finds visits of any time, the latest first. */
	readonly q?: string;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit?: number;
	/** Only visits whose right is in all of these; a search looks through all. */
	readonly scopes?: readonly RowScope[];
}

/** A page may be short, even empty, and still have a `nextCursor`: then a bounded piece of many visits was looked through. */
export interface VisitPage {
	/** What was made last first. */
	readonly items: readonly Visit[];
	readonly nextCursor: string | null;
}

interface ListDeps extends Pick<VisitorsDeps, 'site' | 'directory' | 'lists' | 'clock'> {
	readonly get: (visitId: string) => Visit | undefined;
	readonly specifications: () => readonly VisitSpecification[];
}

const DEFAULT_PAGE = 50;

export function createVisitList(deps: ListDeps): (query: VisitQuery) => Promise<VisitPage> {
	const { site, directory, lists, clock, get, specifications } = deps;

	async function ofTime(
		{ when, cursor, scopes }: Pick<VisitQuery, 'when' | 'cursor' | 'scopes'>,
		limit: number,
	): Promise<VisitPage> {
		const specificationId = specifications().map(({ id }) => id);
		if (specificationId.length === 0) return { items: [], nextCursor: null };
		const fits = timeFilter(when, clock.nowMs(), site.timeZone);
		const items: Visit[] = [];
		const query: ListQuery = {
			...{ table: 'assignedRights', where: { specificationId }, descending: true },
			...(scopes && { scopes }),
		};
		let { from, after } = decodeCursor(cursor);
		for (let looked = 0; looked < LIMITS.visitsLookedAt; looked += LIMITS.pageSize) {
			const page = await lists.page(query, { ...(from !== null && { cursor: from }), limit: LIMITS.pageSize });
			// Newest first: of a page that was cut, those below the last one shown are left.
			const left = page.items.map(rightTimes).filter(({ id }) => after === null || id < after);
			const fitting = left.filter(fits).map(({ id }) => id);
			const shown = fitting.slice(0, limit - items.length);
			items.push(...shown.flatMap((id) => get(id) ?? []));
			if (shown.length < fitting.length) {
				return { items, nextCursor: encodeCursor({ from, after: shown.at(-1) ?? after }) };
			}
			if (page.next === null) return { items, nextCursor: null };
			from = page.next;
			after = null;
		}
		return { items, nextCursor: encodeCursor({ from, after }) };
	}

	async function found(q: string, limit: number): Promise<VisitPage> {
		// As it was typed for cards, and as plates are kept.
		const spellings = new Set([q, normalisePlate(q) ?? q]);
		const [people, ...carried] = await Promise.all([
			lists.page({ table: 'holders', q, where: { tags: [VISITOR_TAG] } }, { limit }),
			...Array.from(spellings, (spelling) => lists.page({ table: 'credentials', q: spelling }, { limit })),
		]);
		const holderIds = new Set([
			...people.items.map(({ id }) => String(id)),
			...carried.flatMap(({ items }) => items).map(({ holderId }) => String(holderId)),
		]);
		const items = directory.read(() =>
			[...holderIds]
				.filter((id) => {
					const holder = directory.row('holders', id);
					return holder !== undefined && isVisitor(holder);
				})
				.flatMap((id) => directory.rightsOf(id))
				.flatMap(({ right }) => get(right.id) ?? []),
		);
		const latest = items.toSorted((a, b) => (b.validFromMs ?? 0) - (a.validFromMs ?? 0));
		return { items: latest.slice(0, limit), nextCursor: null };
	}

	return ({ q = '', limit = DEFAULT_PAGE, ...query }) => {
		const size = Math.min(Math.max(1, Math.trunc(limit)), LIMITS.pageSize);
		return q.trim() === '' ? ofTime(query, size) : found(q.trim(), size);
	};
}

interface RightTimes {
	readonly id: string;
	readonly fromMs: number;
	readonly toMs: number;
}

function rightTimes(row: Readonly<Record<string, unknown>>): RightTimes {
	const { id, validFromMs, validToMs } = row;
	return {
		id: String(id),
		fromMs: typeof validFromMs === 'number' ? validFromMs : Number.NEGATIVE_INFINITY,
		toMs: typeof validToMs === 'number' ? validToMs : Number.POSITIVE_INFINITY,
	};
}

/** By days of the site: what ended this morning is still today's. */
function timeFilter(when: VisitTime, nowMs: number, timeZone: string) {
	const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).startOfDay();
	const startMs = today.epochMilliseconds;
	const endMs = today.add({ days: 1 }).epochMilliseconds;
	return ({ fromMs, toMs }: RightTimes): boolean => {
		const time: VisitTime = fromMs >= endMs ? 'coming' : toMs <= startMs ? 'past' : 'today';
		return time === when;
	};
}

/** `from`: cursor of the list below; `after`: the last id shown of that page. */
interface Place {
	readonly from: string | null;
	readonly after: string | null;
}

function encodeCursor({ from, after }: Place): string {
	return Buffer.from(JSON.stringify(['visitors', from, after])).toString('base64url');
}

function decodeCursor(cursor: string | undefined): Place {
	if (cursor === undefined) return { from: null, after: null };
	const [list, from, after] = cursorParts(cursor);
	const isText = (value: unknown) => value === null || typeof value === 'string';
	if (list !== 'visitors' || !isText(from) || !isText(after)) {
		throw new GatewayError('INVALID_REQUEST', 'this cursor is not from the list of visitors; start without one');
	}
	return { from: from as string | null, after: after as string | null };
}
