import type { DeviceState } from '../../gateway/core/device.ts';
import type { ReaderDialect, ReaderSettings, TagRead } from './dialect.ts';
import { createFlood, type Flood } from './flood.ts';
import { createNoise, type Noise } from './noise.ts';
import { createRepeats, type Repeats } from './repeats.ts';

export type Statistic =
	| 'frames'
	| 'frameErrors'
	/** Frames of another device, or that answer nothing. */
	| 'strayFrames'
	| 'reads'
	/** Reads of a tag that was told a moment ago. */
	| 'repeatedReads'
	/** Cards that are none: wrong parity, wrong length. */
	| 'rejectedReads'
	/** Tags beyond what can pass a lane: not told. */
	| 'floodedReads'
	| 'timeouts'
	| 'reconnects';

/** One reader of a line as the session knows it; times are monotonic ms. */
export interface Member<Frame, Read = TagRead> {
	readonly dialect: ReaderDialect<Frame, Read>;
	readonly keyOf: (read: Read) => string;
	readonly repeats: Repeats;
	readonly noise: Noise;
	readonly flood: Flood;
	state: DeviceState;
	problem: string | undefined;
	/** Requests without an answer in a row. */
	failures: number;
	lastSeenMs: number | undefined;
	/** When it may be asked next, and when it last was. */
	dueMs: number;
	servedMs: number;
	readonly statistics: Record<Statistic, number>;
}

export function createMember<Frame, Read>({
	dialect,
	keyOf,
	repeatMs,
}: ReaderSettings<Frame, Read>): Member<Frame, Read> {
	return {
		dialect,
		keyOf,
		repeats: createRepeats(repeatMs),
		noise: createNoise(),
		flood: createFlood(),
		state: 'starting',
		problem: 'it is not connected yet',
		failures: 0,
		lastSeenMs: undefined,
		dueMs: 0,
		servedMs: Number.NEGATIVE_INFINITY,
		statistics: {
			frames: 0,
			frameErrors: 0,
			strayFrames: 0,
			reads: 0,
			repeatedReads: 0,
			rejectedReads: 0,
			floodedReads: 0,
			timeouts: 0,
			reconnects: 0,
		},
	};
}
