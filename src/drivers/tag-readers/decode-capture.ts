import type { DecodedLine } from '../driver.ts';
import { type Found, type FrameSearch, isFrameError } from '../frame-search.ts';
import type { TagRead } from './dialect.ts';

/** Chunks of the whole capture, so that lines come out while it is read. */
const CHUNK_BYTES = 4096;

/** What a frame says, for people; and what was read in it. */
export interface Explained<Read = TagRead> {
	readonly fields: Readonly<Record<string, unknown>>;
	readonly reads?: readonly Read[];
	/** Why it is no read though it looks like one. */
	readonly rejected?: string;
}

/** Lines of a captured stream, both directions; what is no frame comes as errors. */
export function* decodeCapture<
	Frame extends { readonly kind: string },
	Read extends { readonly raw: Uint8Array } = TagRead,
>(bytes: Uint8Array, search: FrameSearch<Frame>, explain: (frame: Frame) => Explained<Read>): Iterable<DecodedLine> {
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
		for (const found of search.push(bytes.subarray(at, at + CHUNK_BYTES))) yield* linesOf(found, explain);
	}
	for (const found of search.timeout()) yield* linesOf(found, explain);
}

function* linesOf<Frame extends { readonly kind: string }, Read extends { readonly raw: Uint8Array }>(
	{ offset, item }: Found<Frame>,
	explain: (frame: Frame) => Explained<Read>,
): Iterable<DecodedLine> {
	if (isFrameError(item)) {
		yield { offset, kind: 'error', reason: item.reason, bytes: item.bytes.toHex() };
		return;
	}
	const { fields, reads = [], rejected } = explain(item);
	yield { offset, kind: 'frame', ...fields };
	if (rejected !== undefined) yield { offset, kind: 'error', reason: rejected };
	for (const { raw: _, ...read } of reads) yield { offset, kind: 'observation', ...read };
}
