import { createFrameSearch, type FrameSearch } from '../frame-search.ts';
import type { Framer } from '../framer.ts';
import { MARK, MAX_FRAME_BYTES, type OsdpFrame, SOM, scanFrame } from './frame.ts';

export interface OsdpFramer extends Framer<OsdpFrame> {
	/** Something began and has not ended. */
	partial(): boolean;
}

/** Frames of both directions, with or without a mark byte before them. */
export function createOsdpSearch(): FrameSearch<OsdpFrame> {
	return createFrameSearch({
		longest: MAX_FRAME_BYTES,
		filler: MARK,
		scan: (bytes, at) => (bytes[at] === SOM ? scanFrame(bytes, at) : { result: 'none' }),
	});
}

export function createOsdpFramer(): OsdpFramer {
	const search = createOsdpSearch();
	return {
		push: (chunk) => search.push(chunk).map(({ item }) => item),
		timeout: () => search.timeout().map(({ item }) => item),
		reset: search.reset,
		partial: search.partial,
	};
}
