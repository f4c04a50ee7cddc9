import { LIMITS } from '../../core/limits.ts';
import { moduleOfLine } from '../../store/audit-rows.ts';
import type { Feed } from '../feed.ts';
import { type AuditLog, wordsOf } from './audit-log.ts';

/**
 * Tells live pages what was done, once it is committed: called as often as the journal grows, it looks once for all that came
 * since. Of a great many at once only some are told: pages fetch the last ones. Nobody listens: it costs nothing.
 */
export function createActivityTold(deps: {
	readonly audit: Pick<AuditLog, 'after' | 'last'>;
	readonly feed: Pick<Feed, 'publish' | 'isHeard'>;
	/** Later, once the work under way is done. */
	readonly soon: (run: () => void) => void;
	readonly onError: (error: unknown) => void;
}): () => void {
	const { audit, feed } = deps;
	let place = audit.last();
	let isPlanned = false;

	function tell(): void {
		isPlanned = false;
		try {
			const last = audit.last();
			const from = place;
			place = last;
			if (last <= from || !feed.isHeard()) return;
			for (const step of audit.after(from, LIMITS.activityTold)) {
				feed.publish({ type: 'activity', done: { ...step, ...wordsOf(step), module: moduleOfLine(step) } });
			}
		} catch (error) {
			deps.onError(error);
		}
	}

	return () => {
		if (isPlanned) return;
		isPlanned = true;
		deps.soon(tell);
	};
}
