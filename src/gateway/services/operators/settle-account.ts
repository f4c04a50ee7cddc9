import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import { parseScope, scopeText } from '../../core/permission/scope.ts';
import type { CentralAccountRow } from '../../store/central-accounts.ts';
import type { RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Operators } from '../operators.ts';
import { Refused } from './guarded-change.ts';
import type { OperatorCode } from './make-operators.ts';
import type { Offboarding } from './offboarding.ts';
import type { Actor } from './operators-deps.ts';
import { createRoleAndGroupNames } from './read-operators.ts';

export type OperatorAccount = DirectoryRow<'operatorAccounts'>;
/** What became of a row; the moment and the row's own facts are added by who keeps it. */
export type SettledAccount = Pick<CentralAccountRow, 'operatorId' | 'standing' | 'reason' | 'made' | 'given'> & {
	/** To be mailed once it is committed. */
	readonly code?: OperatorCode | undefined;
};

interface Given {
	readonly roles: readonly RoleAssignment[];
	readonly groupIds: readonly string[];
}

export interface SettleDeps {
	readonly operators: Pick<Operators, 'administration' | 'groups' | 'making'>;
	readonly offboarding: Pick<Offboarding, 'offboard' | 'undo'>;
	readonly store: Pick<SiteStore, 'operators' | 'centralAccounts'>;
}

export interface AccountSettling {
	/** Makes what the row asks for, within what central may give. Joins the transaction around it; throws Refused of `{ result }`. */
	settle(account: OperatorAccount, kept: CentralAccountRow | undefined, by: Actor): SettledAccount;
	/** Central ended it: who it made leaves, undoably; who was here by themselves stays. undefined: nothing is left to keep. */
	end(kept: CentralAccountRow, by: Actor): SettledAccount | undefined;
}

/** How one row of central becomes an operator, stays one and ends. */
export function createAccountSettling(deps: SettleDeps): AccountSettling {
	const { operators, offboarding, store } = deps;
	const { administration, groups, making } = operators;

	/** What the row names, as it is called here. Throws Refused for what the site does not have. */
	function givenBy({ roles, groups: named }: OperatorAccount): Given {
		const names = createRoleAndGroupNames(store.operators);
		const found = roles.map((text) => {
			const [, role = '', where = 'site'] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? [];
			const scope = parseScope(where.trim());
			const roleId = names.role(role.trim());
			if (roleId === undefined || scope === undefined) throw new Refused({ result: 'unknownRole' });
			return { roleId, scope: scopeText(scope) };
		});
		const groupIds = named.map((text) => {
			const [id, other] = names.groups(text);
			if (id === undefined || other !== undefined) throw new Refused({ result: 'noGroup' });
			return id;
		});
		const unlike = new Map(found.map((role) => [roleText(role), role]));
		return { roles: unlike.size === 0 ? SIMPLE_USER : [...unlike.values()], groupIds: [...new Set(groupIds)] };
	}

	/** Who was invited takes a seat when they come in: central does not promise more than are free. */
	function seatProblem({ roles, groupIds }: Given): string | undefined {
		if (groupIds.length === 0 && roles.every(({ roleId }) => roleId === 'user')) return undefined;
		const { seats, seatsTaken } = administration.standing();
		if (seats === null) return undefined;
		if (seats.stopped) return 'seatsStopped';
		return seatsTaken + store.centralAccounts.invited() >= seats.available ? 'seatsTaken' : undefined;
	}

	function make(account: OperatorAccount, given: Given, by: Actor): SettledAccount {
		const waits = seatProblem(given);
		if (waits !== undefined)
			return { operatorId: null, standing: 'pending', reason: waits, made: false, given: NOTHING };
		const { email, name, language } = account;
		const wish = { row: 0, email: email.toLowerCase(), name, language, version: null, ...given };
		const { operatorId, code } = unlessRefused(() => making.make(wish, by));
		return made(operatorId, given, code ?? undefined);
	}

	/** Central's own changes; what the site gave besides stays. */
	function change(row: OperatorRow, account: OperatorAccount, kept: CentralAccountRow, by: Actor): SettledAccount {
		const now = givenBy(account);
		const before = JSON.parse(kept.given) as Given;
		const taken = new Set(before.roles.map(roleText));
		const present = store.operators.rolesOf(row.id);
		const roles = new Map(
			[...present.filter((role) => !taken.has(roleText(role))), ...now.roles].map((role) => [roleText(role), role]),
		);
		const isSame = roles.size === present.length && present.every((role) => roles.has(roleText(role)));
		const email = account.email.toLowerCase();
		const patch = {
			...(email !== row.email && { email }),
			...(account.name !== row.name && { name: account.name }),
			...(!isSame && { roles: [...roles.values()] }),
		};
		if (Object.keys(patch).length > 0) done(administration.update(row.id, patch, by));
		if (account.language !== null && row.language === null) store.operators.setLanguage(row.id, account.language);
		const isIn = new Set(store.operators.groupIdsOf(row.id));
		for (const id of now.groupIds) if (!isIn.has(id)) done(groups.setMember(id, row.id, true, by));
		for (const id of before.groupIds) {
			if (now.groupIds.includes(id) || !isIn.has(id) || store.operators.group(id) === undefined) continue;
			done(groups.setMember(id, row.id, false, by));
		}
		return made(row.id, now, undefined);
	}

	function settleMade(account: OperatorAccount, kept: CentralAccountRow, by: Actor): SettledAccount | undefined {
		const row = kept.operatorId === null ? undefined : store.operators.operatorById(kept.operatorId);
		if (row === undefined) {
			// Ended and then removed here: central asks for somebody new.
			if (kept.standing === 'ended') return undefined;
			return { ...kept, standing: 'refused', reason: 'removedHere' };
		}
		if (kept.standing === 'ended') {
			const back = offboarding.undo(row.id, by);
			// Somebody here brought them back already.
			if (back.result !== 'notOffboarded') done(back);
		}
		return change(store.operators.operatorById(row.id) ?? row, account, kept, by);
	}

	return {
		settle(account, kept, by) {
			const settled = kept?.made === true ? settleMade(account, kept, by) : undefined;
			if (settled !== undefined) return settled;
			const here = store.operators.operatorByEmail(account.email);
			if (here === undefined) return make(account, givenBy(account), by);
			const other = store.centralAccounts.ofOperator(here.id);
			// The same person under another row of central: theirs goes on under this one.
			if (other?.made === true && other.standing === 'ended' && other.accountId !== account.id) {
				store.centralAccounts.remove(other.accountId);
				const taken = settleMade(account, other, by);
				if (taken !== undefined) return taken;
			}
			return { operatorId: here.id, standing: 'linked', reason: null, made: false, given: NOTHING };
		},
		end(kept, by) {
			if (!kept.made || kept.operatorId === null) return undefined;
			if (store.operators.operatorById(kept.operatorId) === undefined) return undefined;
			if (kept.standing !== 'ended') done(offboarding.offboard(kept.operatorId, by));
			return { ...kept, standing: 'ended', reason: null };
		},
	};
}

const SIMPLE_USER: readonly RoleAssignment[] = [{ roleId: 'user', scope: 'site' }];
const NOTHING = JSON.stringify({ roles: [], groupIds: [] } satisfies Given);

function made(operatorId: string, given: Given, code: OperatorCode | undefined): SettledAccount {
	return { operatorId, standing: 'made', reason: null, made: true, given: JSON.stringify(given), code };
}

function roleText({ roleId, scope }: RoleAssignment): string {
	return `${roleId}@${scope}`;
}

/** Throws Refused of everything else. */
function done(answer: { readonly result: string }): void {
	if (answer.result !== 'done') throw new Refused({ result: answer.result.slice(0, LIMITS.searchLength) });
}

/** What making refuses is told as the rest is. */
function unlessRefused<T>(run: () => T): T {
	try {
		return run();
	} catch (error) {
		if (error instanceof Refused) throw new Refused({ result: error.answer.refusal.result });
		throw error;
	}
}
