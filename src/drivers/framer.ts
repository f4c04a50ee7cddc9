/** Why bytes were no frame; counted and shown by the monitor. */
export interface FrameError {
	readonly kind: 'frameError';
	/** Stable word such as `checksum`, `length`, `overrun`, `timeout`, `noise`. */
	readonly reason: string;
	/** The bytes given up, bounded. */
	readonly bytes: Uint8Array;
}

/** Cuts a byte stream into frames. Survives any bytes in any chunks with bounded memory, and resynchronises. */
export interface Framer<Frame> {
	push(chunk: Uint8Array): readonly (Frame | FrameError)[];
	/** The line was silent for the protocol's gap: a partial frame is given up, and whole frames that a false header hid come out. */
	timeout(): readonly (Frame | FrameError)[];
	reset(): void;
}
