import type { Terminal } from './terminal.ts';

/** A bar on standard error, for people only and only when the work takes over a second. */
export interface Progress {
	update(done: number, total: number): void;
	/** Takes the bar away. */
	end(): void;
}

const QUIET_MS = 1000;
const EVERY_MS = 100;
const BAR_CELLS = 30;

export function createProgress(terminal: Terminal, label: string, monotonicMs: () => number): Progress {
	const startedMs = monotonicMs();
	let drawnMs = Number.NEGATIVE_INFINITY;
	return {
		update(done, total) {
			const nowMs = monotonicMs();
			if (!terminal.errInteractive || nowMs - startedMs < QUIET_MS || nowMs - drawnMs < EVERY_MS) return;
			drawnMs = nowMs;
			const share = total > 0 ? Math.min(1, done / total) : 0;
			const filled = Math.round(share * BAR_CELLS);
			const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
			terminal.err(`\r\u001b[K${label} ${bar} ${Math.floor(share * 100)} %  ${done} of ${total}`);
		},
		end() {
			if (drawnMs !== Number.NEGATIVE_INFINITY) terminal.err('\r\u001b[K');
			drawnMs = Number.NEGATIVE_INFINITY;
		},
	};
}
