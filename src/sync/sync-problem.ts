import type { SessionState } from './session.ts';
import type { Halt } from './upstream-state.ts';

const HALTED: Readonly<Record<Halt, string>> = {
	chainMismatch: 'Central disagrees with this site’s journal again and again. Events wait for the next new history.',
	ackAhead: 'Central claims events this site never wrote, again and again. Events wait for the next new history.',
	eventTooLarge: 'An event is larger than the broker takes; raise its maximum packet size. Events wait.',
	denied: 'The broker does not let this site publish its events; check its access rules. Events wait.',
};

/** What keeps the site from central, in one sentence; null: nothing. */
export function problemInWords(state: SessionState): string | null {
	if (state.link.phase === 'stopped') return 'Sync is stopped.';
	if (state.problem !== null) return state.problem.text;
	if (state.upstream.halted !== null) return HALTED[state.upstream.halted];
	if (state.central === 'offline') return 'The broker is reached, but central is offline. Events wait.';
	return null;
}
