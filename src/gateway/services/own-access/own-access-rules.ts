import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** What the site lets people do for themselves. Seeing what is theirs, and giving it up, they always may. */
export interface OwnAccessRules {
	readonly mayBook: boolean;
	readonly mayInvite: boolean;
	/** Visits of one person that are not over. */
	readonly visitsAtOnce: number;
	/** Longest visit. */
	readonly visitHours: number;
	/** How far ahead one may begin. */
	readonly visitDaysAhead: number;
	/** Which kind of visit; null: the only one there is. */
	readonly visitSpecificationId: string | null;
}

export interface OwnAccessRulesPort {
	get(): OwnAccessRules;
	/** Acts at once, on what is asked for from then on; audited. */
	set(rules: OwnAccessRules, operatorId: string | null): void;
}

const KEY = 'ownAccessRules';

const DEFAULTS: OwnAccessRules = {
	...{ mayBook: true, mayInvite: false, visitsAtOnce: 3, visitHours: 12, visitDaysAhead: 30 },
	visitSpecificationId: null,
};

/** The bounds of the numbers among them, least and most. */
export const OWN_ACCESS_BOUNDS = {
	visitsAtOnce: [1, LIMITS.ownVisits],
	visitHours: [1, LIMITS.ownVisitHours],
	visitDaysAhead: [0, LIMITS.ownVisitDaysAhead],
} as const;

export function createOwnAccessRules(deps: {
	readonly store: Pick<SiteStore, 'settings' | 'journal' | 'transaction'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): OwnAccessRulesPort {
	const { store, clock, newId, journalGrew } = deps;
	const get = (): OwnAccessRules => {
		const text = store.settings.get(KEY);
		return text === undefined ? DEFAULTS : { ...DEFAULTS, ...parse(text) };
	};
	return {
		get,
		set(rules, operatorId) {
			const detail = { before: JSON.stringify(get()), after: JSON.stringify(rules) };
			store.transaction(() => {
				store.settings.set(KEY, JSON.stringify(rules));
				const entry = { type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), operatorId } as const;
				store.journal.append({ ...entry, action: 'ownAccessRulesChanged', target: null, detail });
			});
			journalGrew();
		},
	};
}

/** What is none of it falls back to what is usual. */
function parse(text: string): Partial<OwnAccessRules> {
	const stored = Object(JSON.parse(text)) as Partial<Record<keyof OwnAccessRules, unknown>>;
	const numbers = Object.entries(OWN_ACCESS_BOUNDS).flatMap(([name, [least, most]]) => {
		const value = stored[name as keyof typeof OWN_ACCESS_BOUNDS];
		return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most ? [[name, value]] : [];
	});
	const { mayBook, mayInvite, visitSpecificationId } = stored;
	return {
		...(Object.fromEntries(numbers) as Partial<OwnAccessRules>),
		...(typeof mayBook === 'boolean' && { mayBook }),
		...(typeof mayInvite === 'boolean' && { mayInvite }),
		...(typeof visitSpecificationId === 'string' && { visitSpecificationId }),
	};
}
