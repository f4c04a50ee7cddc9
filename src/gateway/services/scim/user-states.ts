import { LIMITS } from '../../core/limits.ts';
import { NO_ADDRESS } from '../../core/scim/user-mapping.ts';
import type { OperatorRow } from '../../store/operators.ts';
import { endApiTokensOf } from '../operators/api-tokens.ts';
import { endLoginsOf } from '../operators/end-logins.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import { writeCode } from '../operators/passwords.ts';
import { type ScimActor, scimRefusal } from './scim-resource.ts';

/** Whether users may sign in; each joins the transaction around it. */
export interface UserStates {
	/** Who may no longer loses logins, tokens and codes at once; who may again has the password they had, or is invited. */
	setActive(id: string, isActive: boolean, by: ScimActor): void;
	/** Their logins end; who was only invited is let in. */
	setPassword(id: string, passwordHash: string, by: ScimActor): void;
	/** undefined: nobody is to be invited, or no mail would reach them. */
	inviteByMail(
		id: string,
	): { readonly operator: OperatorRow; readonly code: string; readonly endsAtMs: number } | undefined;
}

export function createUserStates(parts: OperatorsParts): UserStates {
	const { operators } = parts.store;
	const { audit } = parts;
	const rowOf = (id: string) => {
		const row = operators.operatorById(id);
		if (row === undefined) throw scimRefusal({ result: 'notFound' });
		return row;
	};

	return {
		setActive(id, isActive, by) {
			const row = rowOf(id);
			if (isActive === (row.state !== 'inactive')) return;
			if (isActive) {
				const state = row.passwordHash === null ? 'invited' : 'active';
				operators.updateOperator({ ...row, state });
				audit.write(state === 'active' ? 'operatorActivated' : 'operatorInvited', by.operatorId, id, {});
				return;
			}
			if (id === by.operatorId) throw scimRefusal({ result: 'yourself' });
			operators.updateOperator({ ...row, state: 'inactive' });
			operators.removeActivationCodeOf(id);
			endApiTokensOf(parts, id, by.operatorId);
			const logins = endLoginsOf(parts, id);
			audit.write('operatorDeactivated', by.operatorId, id, { logins });
		},
		setPassword(id, passwordHash, by) {
			// A token lent by somebody never becomes a way to sign in as them.
			if (id === by.operatorId) throw scimRefusal({ result: 'notYours' });
			operators.setPasswordHash(id, passwordHash);
			operators.removeActivationCodeOf(id);
			endLoginsOf(parts, id);
			audit.write('passwordReset', by.operatorId, id, {});
			const row = rowOf(id);
			if (row.state !== 'invited') return;
			operators.updateOperator({ ...row, state: 'active' });
			audit.write('operatorActivated', by.operatorId, id, {});
		},
		inviteByMail(id) {
			const operator = rowOf(id);
			const isWaiting = operator.state === 'invited' && operators.activationCodeOf(id) === undefined;
			if (!isWaiting || parts.codeMails === undefined || operator.email.endsWith(NO_ADDRESS)) return undefined;
			return { operator, ...writeCode(parts, id, LIMITS.invitationMs) };
		},
	};
}
