import type { AskedCursor } from './asking.ts';
import type { DownstreamState } from './downstream-state.ts';
import type { StreamPosition } from './envelope.ts';
import { newest } from './epoch-cursors.ts';
import type { UpstreamState } from './upstream-state.ts';

/** Where the site stands, as it tells central: what it has of each stream, and of its newest history. */
export interface Position {
	readonly streams: StreamPosition[];
	readonly lastSeq: number;
	readonly ackedSeq: number;
}

interface Standing {
	readonly upstream: UpstreamState;
	readonly downstream: DownstreamState;
}

export function positionOf({ upstream, downstream }: Standing): Position {
	const streams = downstream.streams.map(({ stream, centralEpoch, rev, root, parked }) => ({
		...{ stream, centralEpoch, rev, root, parked },
	}));
	const { lastSeq, ackedSeq } = newest(upstream.epochs);
	return { streams, lastSeq, ackedSeq };
}

/** Of each history, oldest first. */
export function cursorsOf({ upstream }: Pick<Standing, 'upstream'>): readonly AskedCursor[] {
	return upstream.epochs.map(({ gatewayEpoch, ackedSeq }) => ({ gatewayEpoch, ackedSeq }));
}
