import type { ClockTrust } from '../../gateway/core/clock.ts';
import type { Message, StreamPosition } from '../envelope.ts';

/** What a site last told of itself. */
export interface SiteReport {
	readonly gatewayEpoch: string | null;
	/** When, by our clock; of a message that the broker kept, by the site's. */
	readonly atMs: number;
	readonly clock: ClockTrust;
	readonly streams: readonly StreamPosition[];
	/** Newest event at the site; null: not told yet. */
	readonly lastSeq: number | null;
	/** In words; null: all is well, or not told. */
	readonly problem: string | null;
}

/** Kept in memory: births are retained and heartbeats come every minute, so that a new start soon knows all of it. */
export interface SiteReports {
	note(site: string, message: Message, atMs: number): void;
	get(site: string): SiteReport | undefined;
}

export function createSiteReports(): SiteReports {
	const reports = new Map<string, SiteReport>();

	function told(before: SiteReport | undefined, { type, body }: Message): Partial<SiteReport> {
		switch (type) {
			case 'birth':
				return { streams: body.streams, lastSeq: body.lastSeq, problem: null };
			case 'heartbeat':
				return { streams: body.streams, lastSeq: body.lastSeq, problem: body.problem };
			case 'resume':
				return { streams: body.streams };
			case 'events':
				return { lastSeq: Math.max(before?.lastSeq ?? 0, body.events.at(-1)?.seq ?? 0) };
			default:
				return {};
		}
	}

	return {
		get: (site) => reports.get(site),
		note(site, message, atMs) {
			const known = reports.get(site);
			const { gatewayEpoch, clock, type } = message;
			const isNew = known === undefined || known.gatewayEpoch !== gatewayEpoch;
			// Events of an earlier history may still come.
			if (isNew && known !== undefined && type !== 'birth' && type !== 'heartbeat') return;
			const before = isNew ? undefined : known;
			const empty = { streams: [], lastSeq: null, problem: null };
			reports.set(site, { ...(before ?? empty), ...told(before, message), gatewayEpoch, clock, atMs });
		},
	};
}
