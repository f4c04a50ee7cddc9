import type { Lag } from './stream-state.ts';

/** A live delta may be right behind the head that announced it, or a missing one right behind its successor. */
const ASK_SOON_MS = 2_000;
const ASK_AGAIN_MS = 10_000;
const ASK_AGAIN_MAX_MS = 60_000;
/** How often a quiet central is asked whether our state is still its newest: the age of the data is what a lane may refuse on. */
const CONFIRM_MS = 660_000;

/** When central is asked where the streams stand: the `resume`, which says what we have and is answered with what we lack. */
export interface AskState {
	readonly count: number;
	/** The last one sent, and the cursors it told: its answers alone may move a cursor back. */
	readonly last: { readonly id: string; readonly cursors: readonly AskedCursor[] } | null;
	/** Set: unanswered, and when it is sent again. */
	readonly retryAtMs: number | null;
	readonly tries: number;
	/** Set: the next one is due then. */
	readonly askAtMs: number | null;
	readonly confirmAtMs: number;
}

export interface AskedCursor {
	readonly gatewayEpoch: string;
	readonly ackedSeq: number;
}

export function startAsking(): AskState {
	return { count: 0, last: null, retryAtMs: null, tries: 0, askAtMs: null, confirmAtMs: 0 };
}

/** Whatever was asked before: now. */
export function askNow(asking: AskState, nowMs: number): AskState {
	return { ...asking, retryAtMs: null, tries: 0, askAtMs: nowMs };
}

export function stopAsking(asking: AskState): AskState {
	return { ...asking, retryAtMs: null, askAtMs: null };
}

export function answered(asking: AskState, nowMs: number): AskState {
	return { ...asking, retryAtMs: null, tries: 0, askAtMs: null, confirmAtMs: nowMs + CONFIRM_MS };
}

export function askDeadlineMs(asking: AskState): number {
	return asking.retryAtMs ?? asking.askAtMs ?? asking.confirmAtMs;
}

/** @returns the state with the next moment planned, and whether that is now. `failures`: of the directory in a row; they slow it down. */
export function planAsk(
	asking: AskState,
	lag: Lag,
	failures: number,
	nowMs: number,
): { readonly asking: AskState; readonly due: boolean } {
	if (asking.retryAtMs !== null) {
		const due = nowMs >= asking.retryAtMs;
		return { asking: due ? { ...asking, tries: asking.tries + 1 } : asking, due };
	}
	const askAtMs = askTime(asking, lag, failures, nowMs);
	return { asking: { ...asking, askAtMs }, due: askAtMs !== null && nowMs >= askAtMs };
}

export function asked(asking: AskState, link: string, cursors: readonly AskedCursor[], nowMs: number) {
	const count = asking.count + 1;
	const retryAtMs = nowMs + Math.min(ASK_AGAIN_MS * 2 ** Math.min(asking.tries, 4), ASK_AGAIN_MAX_MS);
	return { ...asking, count, last: { id: `${link}.${count}`, cursors }, retryAtMs, askAtMs: null };
}

function askTime(asking: AskState, lag: Lag, failures: number, nowMs: number): number | null {
	const { askAtMs, confirmAtMs } = asking;
	// Asked for by the link coming up or central coming back, whatever the streams say.
	if (askAtMs !== null && askAtMs <= nowMs) return askAtMs;
	if (lag === 'none') return nowMs >= confirmAtMs ? nowMs : null;
	if (lag === 'now') return nowMs;
	return askAtMs ?? nowMs + Math.min(ASK_SOON_MS * 2 ** Math.min(failures, 5), ASK_AGAIN_MAX_MS);
}
