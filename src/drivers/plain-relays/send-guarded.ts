import type { Clock } from '../../gateway/core/clock.ts';
import type { Port } from '../ports/port.ts';
import type { GuardedPulse } from '../ports/pulse-guard.ts';

/** Bytes for the port; those of a pulse have a deadline, and some need a guard that ends it. */
export interface GuardedSend {
	readonly bytes: Uint8Array;
	/** Monotonic. */
	readonly deadlineMs?: number | undefined;
	readonly guarded?: GuardedPulse | undefined;
	/** The guard's key of the pulse that has ended once these bytes left. */
	readonly releases?: string | undefined;
}

/** How it went: `unsent` with a problem when nobody would end the pulse, without one when it was too late. */
export type SendReport =
	| { readonly type: 'written' | 'writeFailed' }
	| { readonly type: 'unsent'; readonly problem?: string };

/**
 * Hands bytes to the port, of a guarded pulse only once its guard has said that it will end it. Nothing stands between
 * the look at the deadline and the port.
 * @param tell called once, never before this returns, unless nothing is sent
 */
export function sendGuarded(
	{ clock, port }: { readonly clock: Clock; readonly port: () => Port | undefined },
	{ bytes, deadlineMs, guarded, releases }: GuardedSend,
	{ onWritten, tell }: { readonly onWritten: () => void; readonly tell: (report: SendReport) => void },
): void {
	const own = port();
	if (own?.guard === undefined || guarded === undefined) {
		write();
		return;
	}
	void own.guard.arm(guarded).then((isArmed) => {
		if (port() !== own) return;
		if (isArmed) write();
		else tell({ type: 'unsent', problem: 'the process that would end the pulse if Parkgate dies does not answer' });
	});

	function write(): void {
		if (own === undefined || (deadlineMs !== undefined && clock.monotonicMs() > deadlineMs)) {
			tell({ type: 'unsent' });
			return;
		}
		const written = own.write(bytes, deadlineMs);
		const told = (type: 'written' | 'writeFailed') => () => {
			if (type === 'written' && releases !== undefined) own.guard?.release(releases);
			if (port() === own) tell({ type });
		};
		written.then(told('written'), told('writeFailed'));
		onWritten();
	}
}
