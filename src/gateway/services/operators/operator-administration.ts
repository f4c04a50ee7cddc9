import { maskText } from '../../core/directory/mask.ts';
import { LIMITS } from '../../core/limits.ts';
import type { OperatorRow } from '../../store/operators.ts';
import { endApiTokensOf } from './api-tokens.ts';
import { namedText, rolesText, rulesDetail } from './audited-rules.ts';
import { endLoginsOf } from './end-logins.ts';
import { type GuardRefusal, guardedChange, Refused } from './guarded-change.ts';
import { listOperators } from './list-operators.ts';
import { mailCode } from './mail-code.ts';
import {
	ADVISED_ADMINISTRATORS,
	type OperatorPage,
	type OperatorPatch,
	type OperatorQuery,
	type OperatorStanding,
	type OperatorView,
	type OperatorWish,
	viewOfOperator,
} from './operator-view.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { writeCode } from './passwords.ts';
import { listSeatSwaps, type SeatSwap } from './seat-swaps.ts';
import { newCode } from './secrets.ts';
import { createWishChecks } from './wish-checks.ts';

export type OperatorRefusal =
	| GuardRefusal
	| { readonly result: 'notFound' | 'emailTaken' | 'changed' | 'tooMany' | 'noPassword' | 'busy' }
	/** A role that is not there, or a part of the site that is not. */
	| { readonly result: 'unknownRole' | 'unknownScope' | 'unknownPermission'; readonly name: string }
	/** They may do more than whoever asks, or would. */
	| { readonly result: 'notYours' }
	/** Nobody deactivates or removes themselves. */
	| { readonly result: 'yourself' };

export type OperatorChange = { readonly result: 'done'; readonly operator: OperatorView } | OperatorRefusal;

/** Shown once, to be handed over; kept as a hash. */
export type CodeAnswer =
	| { readonly result: 'code'; readonly operator: OperatorView; readonly code: string; readonly endsAtMs: number }
	| OperatorRefusal;

export type GeneratedPassword =
	| { readonly result: 'password'; readonly operator: OperatorView; readonly password: string }
	| OperatorRefusal;

/** Who may sign in, and as what. Every change is one transaction, audited, and acts on the next request. */
export interface OperatorAdministration {
	/** By name. Throws INVALID_REQUEST for a cursor that is not from this list. */
	list(query: OperatorQuery): Promise<OperatorPage>;
	get(id: string): OperatorView | undefined;
	/** Of who signs in with this address, in any case; undefined: nobody does. */
	idOf(email: string): string | undefined;
	standing(): OperatorStanding;
	/** Adds somebody who comes in with the code. */
	invite(wish: OperatorWish, by: Actor): CodeAnswer;
	/** Another code for who was invited, or forgot their password: their logins end, the old password is worth nothing. */
	newCode(id: string, by: Actor): CodeAnswer;
	/** Generates a password for one sign-in; lets an invited or inactive operator in where asked to. */
	generatePassword(id: string, by: Actor): Promise<GeneratedPassword>;
	/** @param version As it was read; undefined: whatever it is now. */
	update(id: string, patch: OperatorPatch, by: Actor, version?: number): OperatorChange;
	/** They sign in with the password they had; `noPassword` where they never had one. */
	activate(id: string, by: Actor): OperatorChange;
	/** No new login; the present one goes on unless it is ended too. Their API tokens end for good. */
	deactivate(id: string, by: Actor, options: { readonly endLogins: boolean }): OperatorChange;
	remove(id: string, by: Actor): { readonly result: 'removed' } | OperatorRefusal;
	/** Seats that changed hands, the last first. */
	seatSwaps(limit: number): readonly SeatSwap[];
	/** One stops, the other starts: a seat changes hands. */
	swap(fromId: string, toId: string, by: Actor): OperatorChange;
}

export function createOperatorAdministration(parts: OperatorsParts): OperatorAdministration {
	const { clock, hasher, audit, newId } = parts;
	const { operators } = parts.store;
	const { touchable, rules: checkRules } = createWishChecks(parts);
	const refuse = (answer: OperatorRefusal): never => {
		throw new Refused(answer);
	};
	const done = (id: string): OperatorChange => ({ result: 'done', operator: view(rowOf(id)) });
	const view = (row: OperatorRow) => viewOfOperator(parts, row);
	const rowOf = (id: string): OperatorRow => operators.operatorById(id) ?? refuse({ result: 'notFound' });

	/** @returns what is audited of it. */
	function changeRules(id: string, patch: OperatorPatch, by: Actor): Readonly<Record<string, string>> {
		const { roles, permissions, denials } = patch;
		checkRules({ ...(roles && { roles }), ...(permissions && { permissions }), ...(denials && { denials }) }, by);
		const was = rulesDetail({
			...{ roles: operators.rolesOf(id), permissions: operators.permissionsOf(id), denials: operators.denialsOf(id) },
		});
		if (roles !== undefined) operators.setRoles(id, roles);
		if (permissions !== undefined) operators.setPermissions(id, permissions);
		if (denials !== undefined) operators.setDenials(id, denials);
		return {
			...(roles && { rolesBefore: was.roles, roles: rolesText(roles) }),
			...(permissions && { givenBefore: was.given, given: namedText(permissions) }),
			...(denials && { deniedBefore: was.denied, denied: namedText(denials) }),
		};
	}

	function setState(id: string, state: OperatorRow['state'], by: Actor): void {
		const row = rowOf(id);
		operators.updateOperator({ ...row, state });
		const detail = { stateBefore: row.state, state };
		audit.write(state === 'active' ? 'operatorActivated' : 'operatorDeactivated', by.operatorId, id, detail);
	}

	function deactivateWithin(id: string, by: Actor, endLogins: boolean): void {
		if (id === by.operatorId) refuse({ result: 'yourself' });
		touchable(id, by);
		setState(id, 'inactive', by);
		operators.removeActivationCodeOf(id);
		endApiTokensOf(parts, id, by.operatorId);
		if (endLogins) endLoginsOf(parts, id);
	}

	function activateWithin(id: string, by: Actor): void {
		if (touchable(id, by).passwordHash === null) refuse({ result: 'noPassword' });
		setState(id, 'active', by);
	}

	/** @returns whether it is another one now. */
	function changePhone(id: string, phone: string | null | undefined): boolean {
		const profile = operators.profileOf(id);
		if (phone === undefined || phone === profile.phone) return false;
		operators.setProfile(id, { ...profile, phone });
		return true;
	}

	/** Once it is committed. */
	function mailed(answer: CodeAnswer, by: Actor): CodeAnswer {
		if (answer.result !== 'code' || parts.codeMails === undefined) return answer;
		mailCode(parts, answer.operator, answer, by);
		return { ...answer, operator: view(rowOf(answer.operator.id)) };
	}

	return {
		list: (query) => listOperators(parts, query),
		get(id) {
			const row = operators.operatorById(id);
			return row && view(row);
		},
		idOf: (email) => operators.operatorByEmail(email)?.id,
		standing() {
			const administrators = operators.administratorCount();
			const fewAdministrators = administrators < ADVISED_ADMINISTRATORS;
			const seats = { seatsTaken: operators.seatsTaken(), seats: parts.seats?.() ?? null };
			return { administrators, fewAdministrators, ...seats, sendsMail: parts.codeMails !== undefined };
		},
		invite(wish, by) {
			const answer = guardedChange<CodeAnswer>(parts, () => {
				checkRules({ roles: wish.roles }, by);
				if (operators.operatorCount() >= LIMITS.operators) refuse({ result: 'tooMany' });
				const row = invitedRow(wish, newId(), clock.nowMs());
				if (!operators.addOperator(row)) refuse({ result: 'emailTaken' });
				operators.setRoles(row.id, wish.roles);
				audit.write('operatorInvited', by.operatorId, row.id, { roles: rolesText(wish.roles) });
				const code = writeCode(parts, row.id, LIMITS.invitationMs);
				return { result: 'code', operator: view(row), ...code };
			});
			return mailed(answer, by);
		},
		newCode(id, by) {
			const answer = guardedChange<CodeAnswer>(parts, () => {
				const { state } = touchable(id, by);
				if (state === 'inactive') refuse({ result: 'noPassword' });
				endLoginsOf(parts, id);
				audit.write(state === 'invited' ? 'operatorInvited' : 'passwordReset', by.operatorId, id, {});
				const code = writeCode(parts, id, state === 'invited' ? LIMITS.invitationMs : LIMITS.passwordResetMs);
				return { result: 'code', operator: view(rowOf(id)), ...code };
			});
			return mailed(answer, by);
		},
		async generatePassword(id, by) {
			const password = newCode();
			const passwordHash = await hasher.hash(password);
			if (passwordHash === undefined) return { result: 'busy' };
			return guardedChange<GeneratedPassword>(parts, () => {
				const row = touchable(id, by);
				operators.setPasswordHash(id, passwordHash, true);
				operators.removeActivationCodeOf(id);
				endLoginsOf(parts, id);
				if (row.state !== 'active') setState(id, 'active', by);
				audit.write('passwordReset', by.operatorId, id, {});
				return { result: 'password', operator: view(rowOf(id)), password };
			});
		},
		update: (id, patch, by, version) =>
			guardedChange<OperatorChange>(parts, () => {
				const row = touchable(id, by);
				if (version !== undefined && version !== row.version) refuse({ result: 'changed' });
				const rules = changeRules(id, patch, by);
				const { email = row.email, name = row.name } = patch;
				if (!operators.updateOperator({ ...row, email, name })) refuse({ result: 'emailTaken' });
				const phoneChanged = changePhone(id, patch.phone);
				const menuBefore = operators.hiddenMenuOf(id).join(' ');
				if (patch.hiddenMenu !== undefined) operators.setHiddenMenu(id, patch.hiddenMenu);
				audit.write('operatorChanged', by.operatorId, id, {
					// The journal is kept for ever: of who they are it has first letters.
					...(email !== row.email && { emailBefore: maskText(row.email), email: maskText(email) }),
					...(name !== row.name && { nameBefore: maskText(row.name), name: maskText(name) }),
					...(phoneChanged && { phone: true }),
					...(patch.hiddenMenu && { hiddenMenuBefore: menuBefore, hiddenMenu: patch.hiddenMenu.join(' ') }),
					...rules,
				});
				return done(id);
			}),
		activate: (id, by) =>
			guardedChange<OperatorChange>(parts, () => {
				activateWithin(id, by);
				return done(id);
			}),
		deactivate: (id, by, { endLogins }) =>
			guardedChange<OperatorChange>(parts, () => {
				deactivateWithin(id, by, endLogins);
				return done(id);
			}),
		remove: (id, by) =>
			guardedChange<{ readonly result: 'removed' } | OperatorRefusal>(parts, () => {
				if (id === by.operatorId) refuse({ result: 'yourself' });
				touchable(id, by);
				endLoginsOf(parts, id);
				parts.licenceKinds?.takeAll(id, by.operatorId);
				operators.removeOperator(id);
				audit.write('operatorRemoved', by.operatorId, id, {});
				return { result: 'removed' };
			}),
		seatSwaps: (limit) => listSeatSwaps(parts, limit),
		swap: (fromId, toId, by) =>
			guardedChange<OperatorChange>(parts, () => {
				// Who has no seat gives none: it went to somebody else meanwhile.
				if (rowOf(fromId).state !== 'active') refuse({ result: 'changed' });
				deactivateWithin(fromId, by, true);
				activateWithin(toId, by);
				const swap = { atMs: clock.nowMs(), fromId, toId, byId: by.operatorId };
				operators.addSeatSwap(swap, LIMITS.seatSwapsKept);
				audit.write('seatSwapped', by.operatorId, toId, { from: fromId });
				return done(toId);
			}),
	};
}

function invitedRow({ email, name }: OperatorWish, id: string, createdAtMs: number): OperatorRow {
	return {
		...{ id, email: email.trim().toLowerCase(), name: name.trim(), language: null, state: 'invited' },
		...{ passwordHash: null, passwordOnce: false, createdAtMs, lastLoginAtMs: null, version: 1 },
	};
}
