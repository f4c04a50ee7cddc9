/** Noise now and then is normal; so much without one frame between is a wrong speed or another device. */
const ERRORS_TO_FAULT = 5;
/** Noise that stopped this long ago is over. */
const FORGOTTEN_MS = 60_000;
/** A line with frames among its noise must not be told as broken and whole again many times a second. */
const TOLD_LEAST_MS = 5_000;

/** What was no frame, as it counts against one reader of the line. Pure: time is input, monotonic ms. */
export interface Noise {
	error(nowMs: number): void;
	/** Something was understood. */
	frame(): void;
	forget(): void;
	/** There was an error since the last frame. */
	isRecent(): boolean;
	/** So much that it is a fault. */
	isFault(): boolean;
	/** Lets go of what is over; true when something was. */
	look(nowMs: number): boolean;
	/** When to look. */
	wakeAtMs(): number;
}

export function createNoise(): Noise {
	/** Since the last frame. */
	let errors = 0;
	let lastErrorMs = 0;
	/** 0: it is no fault. */
	let toldUntilMs = 0;

	return {
		error(nowMs) {
			errors += 1;
			lastErrorMs = nowMs;
			if (errors === ERRORS_TO_FAULT) toldUntilMs = nowMs + TOLD_LEAST_MS;
		},
		frame() {
			errors = 0;
		},
		forget() {
			errors = 0;
			toldUntilMs = 0;
		},
		isRecent: () => errors > 0,
		isFault: () => errors >= ERRORS_TO_FAULT || toldUntilMs > 0,
		look(nowMs) {
			const isForgotten = errors > 0 && nowMs >= lastErrorMs + FORGOTTEN_MS;
			const isTold = toldUntilMs > 0 && nowMs >= toldUntilMs;
			if (isForgotten) errors = 0;
			if (isTold) toldUntilMs = 0;
			return isForgotten || isTold;
		},
		wakeAtMs: () =>
			Math.min(
				errors > 0 ? lastErrorMs + FORGOTTEN_MS : Number.POSITIVE_INFINITY,
				toldUntilMs > 0 ? toldUntilMs : Number.POSITIVE_INFINITY,
			),
	};
}
