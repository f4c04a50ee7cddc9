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

/**
 * Finds frames of both directions. A header that turns out false costs one byte: the search goes on
 * right behind it, so a frame hidden in a false one is found as soon as the false length has passed.
 */
export function createFrameSearch() {
	let buffer = new Uint8Array(0);
	/** Offset of the buffer's first byte in the stream. */
	let origin = 0;
	/** Bytes of the buffer that an error already names. */
	let reported = 0;
	let marked = false;
	let noise: number[] = [];
	let found: Found[] = [];

	/** `final`: nothing more will come, so what is partial is wrong. */
	function drain(final: boolean): void {
		let at = 0;
		while (at < buffer.length) {
			if (buffer[at] !== SOM) {
				skip(at);
				at += 1;
				continue;
			}
			const scan = scanFrame(buffer, at, marked);
			if (scan.result === 'partial' && !final) break;
			if (scan.result === 'frame') {
				flushNoise(at);
				found.push({ offset: origin + at, item: scan.frame });
				at = scan.end;
				marked = false;
				continue;
			}
			if (scan.result === 'bad') report(at, scan.end, scan.reason);
			if (scan.result === 'partial') report(at, buffer.length, 'timeout');
			skip(at);
			at += 1;
		}
		flushNoise(at);
		buffer = buffer.slice(at);
		origin += at;
		reported = Math.max(0, reported - at);
	}

	function skip(at: number): void {
		const byte = buffer[at] ?? 0;
		marked = byte === MARK;
		if (marked) flushNoise(at);
		if (marked || at < reported) return;
		noise.push(byte);
		if (noise.length === SHOWN_BYTES) flushNoise(at + 1);
	}

	function flushNoise(end: number): void {
		if (noise.length === 0) return;
		const bytes = Uint8Array.from(noise);
		found.push({ offset: origin + end - noise.length, item: { kind: 'frameError', reason: 'noise', bytes } });
		noise = [];
	}

	function report(at: number, end: number, reason: string): void {
		if (at < reported) return;
		flushNoise(at);
		const bytes = buffer.slice(at, Math.min(end, at + SHOWN_BYTES));
		found.push({ offset: origin + at, item: { kind: 'frameError', reason, bytes } });
		reported = end;
	}

	function take(): readonly Found[] {
		const taken = found;
		found = [];
		return taken;
	}

	return {
		push(chunk: Uint8Array): readonly Found[] {
			// A partial frame is shorter than MAX_FRAME_BYTES, so the buffer stays bounded whatever is pushed.
			for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
				buffer = joined(buffer, chunk.subarray(at, at + MAX_FRAME_BYTES));
				drain(false);
			}
			return take();
		},
		timeout(): readonly Found[] {
			drain(true);
			return take();
		},
		reset(): void {
			buffer = new Uint8Array(0);
			origin = 0;
			reported = 0;
			marked = false;
		},
		partial: (): boolean => buffer.length > 0,
	};
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(head.length + tail.length);
	bytes.set(head);
	bytes.set(tail, head.length);
	return bytes;
}
