import { LIMITS } from '../../core/limits.ts';
import type { OperatorsDeps } from './operators-deps.ts';

/** How long logins last, and what a second one of the same account does. */
export interface LoginRules {
	/** `refuse`: the first must end before; `takeOver`: asked for, it ends the first; `allow`: both go on. */
	readonly secondLogin: 'refuse' | 'takeOver' | 'allow';
	/** A login ends after this long unused, and after this long whatever happens. */
	readonly idleMs: number;
	readonly absoluteMs: number;
	/** Who has one of these roles signs in with a second factor, and sets one up where they have none. */
	readonly secondFactorRoles: readonly string[];
}

export interface LoginRulesPort {
	get(): LoginRules;
	/** Acts at once, on present logins too; audited. */
	set(rules: LoginRules, operatorId: string | null): void;
}

export const SECOND_LOGINS = ['takeOver', 'refuse', 'allow'] as const;

const KEY = 'loginRules';

const DEFAULTS: LoginRules = {
	secondLogin: 'takeOver',
	idleMs: LIMITS.loginIdleMs,
	absoluteMs: LIMITS.loginAbsoluteMs,
	secondFactorRoles: [],
};

export function createLoginRules({
	store,
	clock,
	newId,
	journalGrew,
}: Pick<OperatorsDeps, 'store' | 'clock' | 'newId' | 'journalGrew'>): LoginRulesPort {
	const get = (): LoginRules => {
		const text = store.settings.get(KEY);
		return text === undefined ? DEFAULTS : { ...DEFAULTS, ...parse(text) };
	};
	return {
		get,
		set(rules, operatorId) {
			const before = get();
			store.transaction(() => {
				store.settings.set(KEY, JSON.stringify(rules));
				const entry = { type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), operatorId } as const;
				const detail = { before: JSON.stringify(before), after: JSON.stringify(rules) };
				store.journal.append({ ...entry, action: 'loginRulesChanged', target: null, detail });
			});
			journalGrew();
		},
	};
}

function parse(text: string): Partial<LoginRules> {
	const { secondLogin, idleMs, absoluteMs, secondFactorRoles } = Object(JSON.parse(text)) as Partial<
		Record<keyof LoginRules, unknown>
	>;
	const known = SECOND_LOGINS.find((name) => name === secondLogin);
	return {
		...(known !== undefined && { secondLogin: known }),
		...(typeof idleMs === 'number' && { idleMs }),
		...(typeof absoluteMs === 'number' && { absoluteMs }),
		...(Array.isArray(secondFactorRoles) && { secondFactorRoles: secondFactorRoles.map(String) }),
	};
}
