import { randomUUIDv7 } from 'node:crypto';
import { createOwnAccess, type OwnAccessDeps } from '../gateway/services/own-access/own-access.ts';
import { createOwnAccessRules } from '../gateway/services/own-access/own-access-rules.ts';
import { createPersonLogins, type PersonLoginsDeps } from '../gateway/services/own-access/person-logins.ts';
import type { PersonalData } from '../gateway/services/privacy/personal-data.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** What people see and do of their own, and the logins they do it by. */
export function wireOwnAccess(
	deps: Omit<OwnAccessDeps, 'rules' | 'store' | 'nowMs'> &
		Omit<PersonLoginsDeps, 'store'> & {
			readonly store: Pick<SiteStore, 'offboardings' | 'consumption' | 'transaction' | 'settings' | 'journal'>;
			readonly clock: { readonly nowMs: () => number };
			readonly personalData: PersonalData;
			readonly journalGrew: () => void;
		},
) {
	const { clock, personalData } = deps;
	const ownAccessRules = createOwnAccessRules({ ...deps, newId: randomUUIDv7 });
	const personLogins = createPersonLogins(deps);
	return {
		ownAccessRules,
		personLogins,
		ownAccess: createOwnAccess({ ...deps, rules: ownAccessRules.get, nowMs: clock.nowMs }),
		personalData: {
			...personalData,
			erase(holderId, by) {
				const answer = personalData.erase(holderId, by);
				if (answer.result === 'begun') personLogins.forget(holderId);
				return answer;
			},
		} satisfies PersonalData,
	};
}
