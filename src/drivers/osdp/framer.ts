import type { FrameError, Framer } from '../framer.ts';
import { MARK, MAX_FRAME_BYTES, type OsdpFrame, SOM, scanFrame } from './frame.ts';

/** Bytes of one frame error that are kept to be shown. */
const SHOWN_BYTES = 64;

export interface OsdpFramer extends Framer<OsdpFrame> {
	/** The beginning of a frame is here and its end is not. */
	partial(): boolean;
}

/** A frame or what was given up, with the offset of its first byte (a frame's SOM) since the last reset. */
export type Found = { readonly offset: number; readonly item: OsdpFrame | FrameError };

export function createOsdpFramer(): OsdpFramer {
	const search = createFrameSearch();
	return {
		push: (chunk) => search.push(chunk).map(({ item }) => item),
		timeout: () => search.timeout().map(({ item }) => item),
		reset: search.reset,
		partial: search.partial,
	};
}

interface SearchState {
	buffer: Uint8Array<ArrayBuffer>;
	/** Offset of the buffer's first byte in the stream. */
	origin: number;
	/** Bytes of the buffer that an error already names. */
	reported: number;
	/** The last byte looked at was a mark. */
	marked: boolean;
	noise: number[];
	found: Found[];
}

/**
 * Finds frames of both directions. A header that turns out false costs one byte: the search goes on
 * right behind it, so a frame hidden in a false one is found as soon as the false length has passed.
 */
export function createFrameSearch() {
	const f: SearchState = { buffer: new Uint8Array(0), origin: 0, reported: 0, marked: false, noise: [], found: [] };
	return {
		push(chunk: Uint8Array): readonly Found[] {
			// A partial frame is shorter than MAX_FRAME_BYTES, so the buffer stays bounded whatever is pushed.
			for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
				f.buffer = joined(f.buffer, chunk.subarray(at, at + MAX_FRAME_BYTES));
				search(f, false);
			}
			return takeFound(f);
		},
		timeout(): readonly Found[] {
			search(f, true);
			return takeFound(f);
		},
		reset(): void {
			Object.assign(f, { buffer: new Uint8Array(0), origin: 0, reported: 0, marked: false });
		},
		partial: (): boolean => f.buffer.length > 0,
	};
}

/** @param final nothing more will come, so what is partial is wrong */
function search(f: SearchState, final: boolean): void {
	let at = 0;
	while (at < f.buffer.length) {
		if (f.buffer[at] !== SOM) {
			skip(f, at);
			at += 1;
			continue;
		}
		const scan = scanFrame(f.buffer, at, f.marked);
		if (scan.result === 'partial' && !final) break;
		if (scan.result === 'frame') {
			flushNoise(f, at);
			f.found.push({ offset: f.origin + at, item: scan.frame });
			at = scan.end;
			f.marked = false;
			continue;
		}
		if (scan.result === 'bad') report(f, at, scan.end, scan.reason);
		if (scan.result === 'partial') report(f, at, f.buffer.length, 'timeout');
		skip(f, at);
		at += 1;
	}
	flushNoise(f, at);
	f.buffer = f.buffer.slice(at);
	f.origin += at;
	f.reported = Math.max(0, f.reported - at);
}

function skip(f: SearchState, at: number): void {
	const byte = f.buffer[at] ?? 0;
	f.marked = byte === MARK;
	if (f.marked) flushNoise(f, at);
	if (f.marked || at < f.reported) return;
	f.noise.push(byte);
	if (f.noise.length === SHOWN_BYTES) flushNoise(f, at + 1);
}

function flushNoise(f: SearchState, end: number): void {
	if (f.noise.length === 0) return;
	const item = { kind: 'frameError', reason: 'noise', bytes: Uint8Array.from(f.noise) } as const;
	f.found.push({ offset: f.origin + end - f.noise.length, item });
	f.noise = [];
}

function report(f: SearchState, at: number, end: number, reason: string): void {
	if (at < f.reported) return;
	flushNoise(f, at);
	const bytes = f.buffer.slice(at, Math.min(end, at + SHOWN_BYTES));
	f.found.push({ offset: f.origin + at, item: { kind: 'frameError', reason, bytes } });
	f.reported = end;
}

function takeFound(f: SearchState): readonly Found[] {
	const { found } = f;
	f.found = [];
	return found;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(head.length + tail.length);
	bytes.set(head);
	bytes.set(tail, head.length);
	return bytes;
}
