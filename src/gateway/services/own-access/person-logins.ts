import { GatewayError } from '../../core/gateway-error.ts';
import { isPermission } from '../../core/permission.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { LinkAnswer, Offboarding } from '../operators/offboarding.ts';
import type { CodeAnswer } from '../operators/operator-administration.ts';
import type { OperatorView } from '../operators/operator-view.ts';
import type { Actor } from '../operators/operators-deps.ts';
import type { Operators } from '../operators.ts';

/** The login of a person, as who cares for the directory sees it. */
export interface PersonLogin extends Pick<OperatorView, 'email' | 'state' | 'lastLoginAtMs' | 'codeEndsAtMs' | 'mail'> {
	readonly operatorId: string;
	/** They see their own only: others are administered as operators. */
	readonly isSimple: boolean;
}

export type PersonLoginAnswer =
	| { readonly result: 'code'; readonly login: PersonLogin; readonly code: string; readonly endsAtMs: number }
	| { readonly result: 'removed' }
	/** There is no such person; they have no e-mail address, or no login; they do more than see their own. */
	| { readonly result: 'noPerson' | 'noEmail' | 'noLogin' | 'notSimple' }
	| Exclude<CodeAnswer, { readonly result: 'code' }>
	| Exclude<LinkAnswer, { readonly result: 'done' }>;

/** Logins of people who see their own only (X12): a person has one at most. */
export interface PersonLogins {
	/** undefined: there is no such person. */
	of(holderId: string): { readonly login: PersonLogin | null } | undefined;
	/** A login for a person who has none, by the e-mail address of the directory; else another code for it. */
	invite(holderId: string, by: Actor): PersonLoginAnswer;
	remove(holderId: string, by: Actor): PersonLoginAnswer;
	/** The person is erased: who they were as an operator goes too, or is no longer linked to them. */
	forget(holderId: string): void;
}

export interface PersonLoginsDeps {
	readonly operators: Pick<Operators, 'administration' | 'accessOf'>;
	readonly offboarding: Pick<Offboarding, 'link'>;
	readonly store: Pick<SiteStore, 'offboardings' | 'transaction'>;
	readonly directory: Pick<DirectoryReader, 'row'>;
}

const BY_THE_GATEWAY: Actor = { operatorId: null, access: null };

export function createPersonLogins(deps: PersonLoginsDeps): PersonLogins {
	const { store, directory } = deps;
	const { administration } = deps.operators;

	function personOf(holderId: string) {
		const row = directory.row('holders', holderId);
		return row?.kind === 'person' ? row : undefined;
	}

	function loginOf(holderId: string): PersonLogin | null {
		const operatorId = store.offboardings.operatorOf(holderId);
		const view = operatorId === null ? undefined : administration.get(operatorId);
		if (view === undefined) return null;
		const { id, email, state, lastLoginAtMs, codeEndsAtMs, mail } = view;
		return { operatorId: id, email, state, lastLoginAtMs, codeEndsAtMs, mail, isSimple: isSimple(view) };
	}

	/** Whoever has any other role may do more one day than today: who cares for people has no business with their login. */
	function isSimple({ id, roles, permissions, groups }: OperatorView): boolean {
		const doesMore = permissions.some(({ permission }) => isPermission(permission)) || groups.length > 0;
		const access = deps.operators.accessOf(id);
		return !doesMore && roles.every((role) => role.id === 'user') && access?.everywhere().length === 0;
	}

	function coded(holderId: string, answer: CodeAnswer): PersonLoginAnswer {
		if (answer.result !== 'code') return answer;
		const login = loginOf(holderId);
		return login === null
			? { result: 'noLogin' }
			: { result: 'code', login, code: answer.code, endsAtMs: answer.endsAtMs };
	}

	function inviteNew(holderId: string, person: { readonly name: string; readonly email: string }, by: Actor) {
		const wish = { ...person, roles: [{ roleId: 'user', scope: 'site' }] };
		// Both or neither: nobody is left with a login that is nobody's.
		return store.transaction((): PersonLoginAnswer => {
			const answer = administration.invite(wish, by);
			if (answer.result !== 'code') return answer;
			// Whoever may invite people may not link operators: this one was theirs a moment ago.
			const linked = deps.offboarding.link(answer.operator.id, holderId, { ...by, access: null });
			if (linked.result !== 'done') throw new GatewayError('INTERNAL', `a new login was not linked: ${linked.result}`);
			return coded(holderId, answer);
		});
	}

	return {
		of: (holderId) => (personOf(holderId) === undefined ? undefined : { login: loginOf(holderId) }),
		invite(holderId, by) {
			const person = personOf(holderId);
			if (person === undefined) return { result: 'noPerson' };
			const login = loginOf(holderId);
			if (login !== null) {
				if (!login.isSimple) return { result: 'notSimple' };
				return coded(holderId, administration.newCode(login.operatorId, by));
			}
			const { name, email } = person;
			if (email === null || !/^[^\s@]+@[^\s@]+$/.test(email.trim())) return { result: 'noEmail' };
			return inviteNew(holderId, { name, email }, by);
		},
		remove(holderId, by) {
			if (personOf(holderId) === undefined) return { result: 'noPerson' };
			const login = loginOf(holderId);
			if (login === null) return { result: 'noLogin' };
			return login.isSimple ? administration.remove(login.operatorId, by) : { result: 'notSimple' };
		},
		forget(holderId) {
			const login = loginOf(holderId);
			if (login === null) return;
			if (login.isSimple) administration.remove(login.operatorId, BY_THE_GATEWAY);
			else deps.offboarding.link(login.operatorId, null, BY_THE_GATEWAY);
		},
	};
}
