import process from 'node:process';

/** SIGHUP for as long as the gateway runs; one that comes while it starts or stops is kept, not deadly. */
export interface Hangups extends Disposable {
	/** Resolves at the next one, at once for one that was kept, and when `signal` aborts. */
	next(signal: AbortSignal): Promise<void>;
}

export function listenForHangups(): Hangups {
	let kept = false;
	let wake: (() => void) | undefined;
	function onHangup(): void {
		kept = true;
		wake?.();
	}
	process.on('SIGHUP', onHangup);
	return {
		async next(signal) {
			if (!kept && !signal.aborted)
				await new Promise<void>((resolve) => {
					wake = resolve;
					signal.addEventListener('abort', () => resolve(), { once: true });
				});
			wake = undefined;
			kept = false;
		},
		[Symbol.dispose]: () => void process.off('SIGHUP', onHangup),
	};
}
