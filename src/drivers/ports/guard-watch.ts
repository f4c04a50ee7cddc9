import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { GuardCommand, GuardMessage } from './guard-messages.ts';

/** A gateway that lives may be this late: its own end of the pulse is confirmed by the board, the guard's is not. */
const LATE_MS = 300;
/** Nobody answers the guard: it says so more than once. */
const SAYINGS = 3;
const BETWEEN_SAYINGS_MS = 120;
/** After the gateway's death an answer may still be under way on the line. */
const SILENCE_MS = 60;
/** A line that takes no bytes is tried again. */
const RETRY_MS = 20;

/** `busy`: try again. `gone`: there is no line any more. */
export type GuardWrite = (bytes: Uint8Array) => 'written' | 'busy' | 'gone';

export interface GuardWatchDeps {
	readonly clock: Clock;
	readonly write: GuardWrite;
	readonly say: (message: GuardMessage) => void;
	/** Nothing is left to do. */
	readonly onDone: () => void;
}

interface ArmedPulse {
	readonly off: Uint8Array;
	readonly endsAtMs: number;
	said: number;
	cancel: Cancel;
}

/** The work of the guard: it ends what it was armed for, once nobody else does. It knows no bytes but those it was given for that. */
export interface GuardWatch {
	take(command: GuardCommand): void;
	/** The gateway is gone, or has closed the line. */
	gatewayGone(): void;
}

export function createGuardWatch({ clock, write, say, onDone }: GuardWatchDeps): GuardWatch {
	const armed = new Map<string, ArmedPulse>();
	let isAlone = false;

	function arm({ number, key, endsInMs, off }: GuardCommand & { readonly type: 'arm' }): void {
		armed.get(key)?.cancel();
		const endsAtMs = clock.monotonicMs() + endsInMs;
		const pulse: ArmedPulse = { off, endsAtMs, said: 0, cancel: () => undefined };
		armed.set(key, pulse);
		plan(key, pulse, endsAtMs + LATE_MS);
		say({ type: 'armed', number });
	}

	function plan(key: string, pulse: ArmedPulse, atMs: number): void {
		pulse.cancel();
		pulse.cancel = clock.after(Math.max(0, atMs - clock.monotonicMs()), () => endPulse(key, pulse));
	}

	function endPulse(key: string, pulse: ArmedPulse): void {
		const result = write(pulse.off);
		const nowMs = clock.monotonicMs();
		if (result === 'written') {
			pulse.said += 1;
			if (pulse.said === 1) say({ type: 'ended', key });
		}
		if (result === 'busy') plan(key, pulse, nowMs + RETRY_MS);
		else if (result === 'written' && pulse.said < SAYINGS) plan(key, pulse, nowMs + BETWEEN_SAYINGS_MS);
		else release(key);
	}

	function release(key: string): void {
		armed.get(key)?.cancel();
		armed.delete(key);
		if (isAlone && armed.size === 0) onDone();
	}

	return {
		take(command) {
			if (command.type === 'arm') arm(command);
			else release(command.key);
		},
		gatewayGone() {
			if (isAlone) return;
			isAlone = true;
			if (armed.size === 0) onDone();
			const earliestMs = clock.monotonicMs() + SILENCE_MS;
			for (const [key, pulse] of armed) if (pulse.said === 0) plan(key, pulse, Math.max(pulse.endsAtMs, earliestMs));
		},
	};
}
