import type { FrameError } from './framer.ts';

/** Bytes of one error that are kept to be shown. */
const SHOWN_BYTES = 64;
/** A chunk is searched in pieces of this size, so that little is kept of one that is longer. */
const PIECE_BYTES = 4_096;

/** What a frame's format makes of the bytes from one position on. */
export type Scan<Frame> =
	| { readonly result: 'frame'; readonly frame: Frame; readonly end: number }
	/** It may become a frame when more comes. */
	| { readonly result: 'partial' }
	/** A frame began here and is wrong; it would have ended at `end`. */
	| { readonly result: 'bad'; readonly reason: string; readonly end: number }
	/** No frame begins here. */
	| { readonly result: 'none' };

export interface FrameFormat<Frame> {
	/** No frame is longer; a `partial` of this many bytes is a mistake of `scan`. */
	readonly longest: number;
	/** A byte that may stand between frames and says nothing: no error is made of it. */
	readonly filler?: number;
	/** Looks at `bytes` from `at` on; must not keep them. */
	scan(bytes: Uint8Array, at: number): Scan<Frame>;
}

/** A frame, or what was given up, with the offset of its first byte since the last reset. */
export interface Found<Frame> {
	readonly offset: number;
	readonly item: Frame | FrameError;
}

/** A framer that knows where in the stream each item stood. */
export interface FrameSearch<Frame> {
	push(chunk: Uint8Array): readonly Found<Frame>[];
	/** Nothing more will come of what began: whole frames that a false beginning hid come out. */
	timeout(): readonly Found<Frame>[];
	reset(): void;
	/** Something began and has not ended. */
	partial(): boolean;
}

/**
 * Finds frames in any bytes: the same ones whatever the chunks, with at most one frame kept. A beginning that
 * turns out false costs one byte: the search goes on right behind it.
 */
export function createFrameSearch<Frame>(format: FrameFormat<Frame>): FrameSearch<Frame> {
	let buffer = new Uint8Array(0);
	/** Offset of the buffer's first byte in the stream. */
	let origin = 0;
	/** Bytes of the buffer at which no frame begins: noise that has not ended is not searched again with each chunk. */
	let searched = 0;
	/** Bytes of the buffer that an error already names. */
	let named = 0;
	let noiseFrom: number | undefined;
	let found: Found<Frame>[] = [];

	function search(final: boolean): void {
		let at = searched;
		while (at < buffer.length) {
			const scan = format.scan(buffer, at);
			if (scan.result === 'frame') {
				endNoise(at);
				found.push({ offset: origin + at, item: scan.frame });
				at = scan.end;
				named = Math.max(named, at);
				continue;
			}
			if (scan.result === 'partial' && !final && buffer.length - at < format.longest) break;
			passBy(at, scan);
			at += 1;
			if (noiseFrom !== undefined && at - noiseFrom === SHOWN_BYTES) endNoise(at);
		}
		if (final) endNoise(at);
		keep(at);
	}

	/** No frame begins at this byte. */
	function passBy(at: number, scan: Exclude<Scan<Frame>, { readonly result: 'frame' }>): void {
		if (scan.result === 'bad') name(at, scan.end, scan.reason);
		else if (scan.result === 'partial') name(at, buffer.length, 'timeout');
		else if (buffer[at] === format.filler) endNoise(at);
		else if (at >= named) noiseFrom ??= at;
	}

	function name(at: number, end: number, reason: string): void {
		if (at < named) return;
		endNoise(at);
		pushError(at, end, reason);
		named = Math.max(named, Math.min(end, buffer.length));
	}

	function endNoise(end: number): void {
		if (noiseFrom === undefined) return;
		pushError(noiseFrom, end, 'noise');
		noiseFrom = undefined;
	}

	function pushError(at: number, end: number, reason: string): void {
		const bytes = buffer.slice(at, Math.min(end, at + SHOWN_BYTES));
		found.push({ offset: origin + at, item: { kind: 'frameError', reason, bytes } });
	}

	/** Noise that has not ended stays, so that one run of it is one error whatever the chunks. */
	function keep(at: number): void {
		const from = Math.min(at, noiseFrom ?? at);
		buffer = buffer.slice(from);
		origin += from;
		searched = at - from;
		named = Math.max(0, named - from);
		if (noiseFrom !== undefined) noiseFrom -= from;
	}

	return {
		push(chunk) {
			for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
				buffer = joined(buffer, chunk.subarray(at, at + PIECE_BYTES));
				search(false);
			}
			return taken();
		},
		timeout() {
			search(true);
			return taken();
		},
		reset() {
			buffer = new Uint8Array(0);
			origin = 0;
			searched = 0;
			named = 0;
			noiseFrom = undefined;
			found = [];
		},
		partial: () => buffer.length > 0,
	};

	function taken(): readonly Found<Frame>[] {
		const all = found;
		found = [];
		return all;
	}
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(head.length + tail.length);
	bytes.set(head);
	bytes.set(tail, head.length);
	return bytes;
}

/** The same search with each of its frames made into another, or given up. */
export function mapSearch<From extends { readonly kind: string }, To extends { readonly kind: string }>(
	search: FrameSearch<From>,
	map: (frame: From) => To | FrameError,
): FrameSearch<To> {
	const mapped = (all: readonly Found<From>[]): readonly Found<To>[] =>
		all.map(({ offset, item }) => ({ offset, item: isFrameError(item) ? item : map(item) }));
	return {
		push: (chunk) => mapped(search.push(chunk)),
		timeout: () => mapped(search.timeout()),
		reset: search.reset,
		partial: search.partial,
	};
}

export function isFrameError(item: { readonly kind: string }): item is FrameError {
	return item.kind === 'frameError';
}
