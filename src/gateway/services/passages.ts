import type { PassageEntry } from '../core/journal.ts';
import { LIMITS } from '../core/limits.ts';
import type { PassageQuery, PassageStore } from '../store/passages.ts';
import type { Page } from './access-log.ts';
import { createListCursor } from './list-cursor.ts';

/** One passage as lists show it. */
export interface Passage extends Omit<PassageEntry, 'type' | 'class'> {
	/** Place in the journal. */
	readonly seq: number;
}

export interface PassageListQuery extends Pick<PassageQuery, 'laneId' | 'laneIds' | 'holderId' | 'fromMs' | 'toMs'> {
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit: number;
}

export interface Passages {
	/** Newest first. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: PassageListQuery): Page<Passage>;
}

export function createPassages(deps: { readonly store: { readonly passages: PassageStore } }): Passages {
	const cursors = createListCursor('passages');
	return {
		list({ cursor, limit, ...query }) {
			const { rows, nextBefore } = deps.store.passages.page({
				...query,
				...(cursor !== undefined && { beforePosition: cursors.decode(cursor).position }),
				limit: Math.min(limit, LIMITS.pageSize),
			});
			return {
				items: rows.map(({ seq, entry: { type: _type, class: _class, ...passage } }) => ({ seq, ...passage })),
				nextCursor: nextBefore === null ? null : cursors.encode(nextBefore),
			};
		},
	};
}
