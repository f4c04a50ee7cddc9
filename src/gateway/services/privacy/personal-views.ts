import type { Clock } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** What of a person somebody looked at. */
export type PersonalSight = 'holder' | 'accessLog' | 'stays' | 'personalData';

/** Writes down who looked at whom. */
export interface PersonalViews {
	/** Audited once an hour for each operator and person, whatever they look at in it. */
	viewed(operatorId: string, holderId: string, sight: PersonalSight): void;
	/** Somebody is about to be shown what a QR code or PIN says. Audited each time; throws STORE_*: then it is not shown. */
	codeShown(operatorId: string, credentialId: string): void;
	/** Somebody is about to be shown an evidence image. Audited once an hour for each operator and picture; throws STORE_*: then it is not shown. */
	pictureShown(operatorId: string, imageId: string): void;
}

const HOUR_MS = 3_600_000;

export function createPersonalViews(deps: {
	readonly store: Pick<SiteStore, 'journal'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): PersonalViews {
	const { store, clock, log } = deps;
	/** Operator and person → the hour it was written in; the oldest first. */
	const written = new Map<string, number>();

	function keyOf(operatorId: string, seen: string): string {
		return JSON.stringify([operatorId, seen]);
	}

	function isNews(operatorId: string, holderId: string, hour: number): boolean {
		const key = keyOf(operatorId, holderId);
		if (written.get(key) === hour) return false;
		written.delete(key);
		written.set(key, hour);
		const [oldest] = written.keys();
		if (written.size > LIMITS.personalViews && oldest !== undefined) written.delete(oldest);
		return true;
	}

	function write(entry: Pick<AuditEntry, 'atMs' | 'operatorId' | 'action' | 'target' | 'detail'>): void {
		store.journal.append({ type: 'audit', class: 'audit', id: deps.newId(), ...entry });
		deps.journalGrew();
	}

	return {
		codeShown(operatorId, target) {
			write({ atMs: clock.nowMs(), operatorId, action: 'codeShown', target, detail: {} });
		},
		pictureShown(operatorId, imageId) {
			const atMs = clock.nowMs();
			const hour = Math.floor(atMs / HOUR_MS);
			if (written.get(keyOf(operatorId, imageId)) === hour) return;
			write({ atMs, operatorId, action: 'evidenceViewed', target: imageId, detail: {} });
			isNews(operatorId, imageId, hour);
		},
		viewed(operatorId, holderId, sight) {
			const atMs = clock.nowMs();
			if (!isNews(operatorId, holderId, Math.floor(atMs / HOUR_MS))) return;
			try {
				write({ atMs, operatorId, action: 'personViewed', target: holderId, detail: { sight } });
			} catch (error) {
				// Who stands by a driver must see who it is, also while the disk takes nothing.
				log.error({ err: error, operatorId }, 'who viewed personal data could not be written down');
			}
		},
	};
}
