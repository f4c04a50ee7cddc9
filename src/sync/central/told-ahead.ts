import { LIMITS } from '../../gateway/core/limits.ts';
import type { StreamHead } from '../envelope.ts';
import type { Asker } from './central-session.ts';

/** What a site that is far behind was told ahead of its turn over this connection: it asks again after every answer. */
export interface ToldAhead {
	/** @returns from which rev on changes are to be told ahead; the stream's when there are none */
	from(asker: Pick<Asker, 'site' | 'link'>, head: Pick<StreamHead, 'stream' | 'rev' | 'floor'>): number;
}

export function createToldAhead(): ToldAhead {
	const told = new Map<string, { readonly link: string | null; readonly revs: Map<string, number> }>();
	return {
		from({ site, link }, { stream, rev, floor }) {
			const before = told.get(site);
			const revs = before?.link === link ? before.revs : new Map<string, number>();
			const from = Math.max(revs.get(stream) ?? 0, floor, rev - LIMITS.changesAhead);
			told.set(site, { link, revs: revs.set(stream, rev) });
			return Math.min(from, rev);
		},
	};
}
