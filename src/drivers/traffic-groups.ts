import type { TappedBytes } from './line-taps.ts';

/** A pause of this length ends what was said; readers' own gaps are shorter, pauses between polls mostly longer. */
export const GROUP_GAP_MS = 120;
/** A line that never pauses is cut. */
const GROUP_BYTES = 16_384;

/** What went over a line without a pause: a question with its answer, or what a device said by itself. */
export interface TrafficGroup {
	/** Of its first bytes, UTC epoch ms. */
	readonly atMs: number;
	/** Both directions, in their order. */
	readonly bytes: Uint8Array;
}

/** Cuts traffic where a decoder may begin anew: before a question that follows an answer, and at pauses. */
export interface TrafficGroups {
	/** @returns what these bytes ended */
	add(tapped: TappedBytes): TrafficGroup | undefined;
	/** Nothing more comes. */
	end(): TrafficGroup | undefined;
}

export function createTrafficGroups(): TrafficGroups {
	let chunks: TappedBytes[] = [];
	let length = 0;

	function end(): TrafficGroup | undefined {
		const [first] = chunks;
		if (first === undefined) return undefined;
		const bytes = new Uint8Array(length);
		let at = 0;
		for (const chunk of chunks) {
			bytes.set(chunk.bytes, at);
			at += chunk.bytes.length;
		}
		chunks = [];
		length = 0;
		return { atMs: first.atMs, bytes };
	}

	return {
		add(tapped) {
			const last = chunks.at(-1);
			const isNew =
				last !== undefined &&
				((last.direction === 'in' && tapped.direction === 'out') ||
					tapped.atMs - last.atMs >= GROUP_GAP_MS ||
					length >= GROUP_BYTES);
			const ended = isNew ? end() : undefined;
			chunks.push(tapped);
			length += tapped.bytes.length;
			return ended;
		},
		end,
	};
}
