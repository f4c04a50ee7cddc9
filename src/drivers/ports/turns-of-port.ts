import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

interface Turn {
	readonly notAfterMonotonicMs: number;
	readonly run: () => Promise<void>;
	readonly fail: (error: GatewayError) => void;
}

/** What a port is asked, one at a time in the order it was asked; bounded. */
export interface TurnsOfPort {
	/** Work whose turn comes only after `notAfterMonotonicMs` is never begun: PORT_LOST. */
	take<T>(work: () => Promise<T>, notAfterMonotonicMs?: number): Promise<T>;
	/** How long the work under way has been going on. */
	stuckForMs(): number;
	/** Rejects all that is not done with PORT_LOST, also what is under way. */
	end(problem: string): void;
}

export function createTurnsOfPort(clock: Clock, address: string): TurnsOfPort {
	let turns: Turn[] = [];
	let sinceMs = 0;

	function runFirst(): void {
		const [first] = turns;
		if (first === undefined) return;
		sinceMs = clock.monotonicMs();
		if (sinceMs > first.notAfterMonotonicMs) {
			first.fail(new GatewayError('PORT_LOST', `${address} was busy for too long; the report was not sent`));
			finish(first);
			return;
		}
		void first.run().finally(() => finish(first));
	}

	function finish(turn: Turn): void {
		if (turns[0] !== turn) return;
		turns.shift();
		runFirst();
	}

	return {
		take(work, notAfterMonotonicMs = Number.POSITIVE_INFINITY) {
			if (turns.length >= LIMITS.hidTurns)
				return Promise.reject(new GatewayError('PORT_LOST', `${address} does not take reports as fast as they come`));
			return new Promise((resolve, reject) => {
				const run = () => work().then(resolve, (error: unknown) => reject(refused(address, error)));
				turns.push({ notAfterMonotonicMs, run, fail: reject });
				if (turns.length === 1) runFirst();
			});
		},
		stuckForMs: () => (turns.length === 0 ? 0 : clock.monotonicMs() - sinceMs),
		end(problem) {
			const undone = turns;
			turns = [];
			for (const { fail } of undone) fail(new GatewayError('PORT_LOST', problem));
		},
	};
}

function refused(address: string, cause: unknown): GatewayError {
	const why = cause instanceof Error ? cause.message : String(cause);
	return new GatewayError('PORT_UNAVAILABLE', `${address} does not take a report: ${why}`, { cause });
}
