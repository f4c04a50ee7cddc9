import type { FrameSearch } from '../frame-search.ts';

/** One tag as one frame tells it. */
export interface TagRead {
	/** Canonical, see `core/tag.ts`. */
	readonly tag: string;
	/** What is printed on the card. */
	readonly label?: string;
	/** From 1. */
	readonly antenna?: number;
	readonly rssiDbm?: number;
	/** The frame, for diagnosis. */
	readonly raw: Uint8Array;
}

/** Something a reader is asked. */
export interface Request {
	readonly bytes: Uint8Array;
	/** How long it may be silent: before its answer, and between the frames of a long one. */
	readonly timeoutMs: number;
	/** From the end of the answer to the next request. */
	readonly pauseMs: number;
	/** Not every reader knows it: no answer is an answer too, told to `unanswered`. */
	readonly optional?: true;
}

/** What one frame came to. */
export interface Taken<Read = TagRead> {
	readonly reads?: readonly Read[];
	/** A read that is none: wrong parity, wrong length. Counted and logged, never an observation. */
	readonly rejected?: string;
	/** It says nothing of a card, and answers nothing. */
	readonly isStray?: boolean;
	/** Part of the answer to the request under way, or its end. */
	readonly answers?: 'part' | 'end';
}

/**
 * How one kind of reader is spoken to: what it is asked, and what its frames mean. It keeps what it learnt of one
 * reader; frames, time-outs, turns and health are the session's.
 */
export interface ReaderDialect<Frame, Read = TagRead> {
	/** The line is new, or the reader was silent: nothing is known of it any more. */
	restart(): void;
	/** What to ask now; undefined: nothing, it speaks by itself. */
	next(): Request | undefined;
	/** @param isAsked a request to it is under way */
	take(frame: Frame, isAsked: boolean): Taken<Read>;
	/** The optional request was not answered. */
	unanswered(): void;
	/** Whether this frame is of this reader; readers of one line differ by their address. */
	owns(frame: Frame): boolean;
	/** It does what it is there for: it is asked for tags, or listened to. */
	isReady(): boolean;
	/** What is wrong with it although it answers, in words that say what to do. */
	fault(): string | undefined;
	/** Vendor, model, firmware, settings, as it tells them. */
	identity(): Readonly<Record<string, string>>;
	/** What it counts besides what every session does. */
	statistics?(): Readonly<Record<string, number>>;
}

/** A dialect that only listens: the reader says each card by itself and is never asked anything. */
export function createListeningDialect<Frame, Read = TagRead>(
	take: (frame: Frame) => Taken<Read>,
): ReaderDialect<Frame, Read> {
	return {
		restart: () => undefined,
		next: () => undefined,
		take,
		unanswered: () => undefined,
		owns: () => true,
		isReady: () => true,
		fault: () => undefined,
		identity: () => ({}),
	};
}

/** What a session needs to know of one reader. */
export interface ReaderSettings<Frame, Read = TagRead> {
	readonly dialect: ReaderDialect<Frame, Read>;
	/** Reads with the same key are one presentation … */
	readonly keyOf: (read: Read) => string;
	/** … that is told again after this while it stays. */
	readonly repeatMs: number;
}

export interface LineFormatting<Frame> {
	readonly search: FrameSearch<Frame>;
	/** Silence after which what began is given up. */
	readonly gapMs: number;
	/** What a technician is told when nothing that comes is a frame; about a serial line unless told. */
	readonly notUnderstood?: string;
}
