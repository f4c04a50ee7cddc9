/** Samples in a row that must agree; one alone may be a spike. */
const AGREEING_SAMPLES = 2;

/** A contact as sampled; `level` is what it is taken for, undefined until known. */
export interface Debounced {
	readonly level: boolean | undefined;
	readonly candidate: boolean | undefined;
	readonly samples: number;
	/** When the candidate was first seen, monotonic ms. */
	readonly sinceMs: number;
}

export const UNKNOWN_LEVEL: Debounced = { level: undefined, candidate: undefined, samples: 0, sinceMs: 0 };

/** A level counts once two samples agree and it lasted `debounceMs`. */
export function stepDebounce(state: Debounced, sampled: boolean, nowMs: number, debounceMs: number): Debounced {
	if (sampled === state.level) return { ...state, candidate: undefined, samples: 0 };
	const again = sampled === state.candidate;
	const samples = again ? state.samples + 1 : 1;
	const sinceMs = again ? state.sinceMs : nowMs;
	if (samples < AGREEING_SAMPLES || nowMs - sinceMs < debounceMs)
		return { level: state.level, candidate: sampled, samples, sinceMs };
	return { level: sampled, candidate: undefined, samples: 0, sinceMs };
}
