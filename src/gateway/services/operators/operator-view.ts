import type { DeniedPermission, GivenPermission, RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorRow, OperatorState } from '../../store/operators.ts';
import type { MailState } from '../mail/mail-outbox.ts';
import type { RoleName } from '../operators.ts';
import { isFresh } from './fresh-logins.ts';
import type { OperatorsParts, Seats } from './operators-deps.ts';
import { type PasskeyView, viewOf as viewOfPasskey } from './passkeys.ts';

/** An operator as an administrator sees them. */
export interface OperatorView {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly phone: string | null;
	readonly language: string | null;
	readonly state: OperatorState;
	readonly roles: readonly (RoleName & { readonly scope: string })[];
	/** Given to them by themselves. */
	readonly permissions: readonly GivenPermission[];
	readonly denials: readonly DeniedPermission[];
	/** Those they are in themselves, by name. */
	readonly groups: readonly { readonly id: string; readonly name: string }[];
	readonly createdAtMs: number;
	readonly lastLoginAtMs: number | null;
	/** Until when a code lets them choose a password; null: none is out. */
	readonly codeEndsAtMs: number | null;
	readonly isSignedIn: boolean;
	/** An authenticator, or a passkey. */
	readonly hasSecondFactor: boolean;
	readonly passkeys: readonly PasskeyView[];
	readonly hasPicture: boolean;
	/** Addresses of the console that their menu leaves out, whatever they may do. */
	readonly hiddenMenu: readonly string[];
	/** What became of the last code that was mailed to them; null: none was. */
	readonly mail: MailState | null;
	/** Changes with every change of who they are and what they may do. */
	readonly version: number;
}

export interface OperatorPage {
	readonly items: readonly OperatorView[];
	readonly nextCursor: string | null;
}

export interface OperatorQuery {
	readonly q?: string | undefined;
	readonly state?: OperatorState | undefined;
	readonly role?: string | undefined;
	/** Members of this group itself. */
	readonly group?: string | undefined;
	readonly cursor?: string | undefined;
	readonly limit: number;
}

/** How the site stands with its operators. */
export interface OperatorStanding {
	readonly administrators: number;
	/** Fewer than three: when they are ill or have left, nobody can let others in. */
	readonly fewAdministrators: boolean;
	readonly seatsTaken: number;
	/** null: not limited. */
	readonly seats: Seats | null;
	/** Codes go by mail; otherwise they are handed over. */
	readonly sendsMail: boolean;
}

export const ADVISED_ADMINISTRATORS = 3;

export interface OperatorWish {
	readonly email: string;
	readonly name: string;
	readonly roles: readonly RoleAssignment[];
}

export interface OperatorPatch {
	readonly email?: string | undefined;
	readonly name?: string | undefined;
	readonly phone?: string | null | undefined;
	readonly roles?: readonly RoleAssignment[] | undefined;
	readonly permissions?: readonly GivenPermission[] | undefined;
	readonly denials?: readonly DeniedPermission[] | undefined;
	readonly hiddenMenu?: readonly string[] | undefined;
}

export function viewOfOperator(
	{ store, access, clock, rules, factors, codeMails }: OperatorsParts,
	row: OperatorRow,
): OperatorView {
	const { operators } = store;
	const { passwordHash: _hash, passwordOnce: _once, ...rest } = row;
	const nowMs = clock.nowMs();
	const code = operators.activationCodeOf(row.id);
	const lasting = rules.get();
	return {
		...rest,
		phone: operators.profileOf(row.id).phone,
		roles: operators.rolesOf(row.id).map(({ roleId, scope }) => ({ id: roleId, name: access.roleName(roleId), scope })),
		permissions: operators.permissionsOf(row.id),
		denials: operators.denialsOf(row.id),
		groups: groupsOf(store, row.id),
		codeEndsAtMs: code === undefined || code.endsAtMs <= nowMs ? null : code.endsAtMs,
		mail: codeMails?.stateOf(row.id) ?? null,
		hasSecondFactor: factors.has(row.id),
		passkeys: operators.passkeysOf(row.id).map(viewOfPasskey),
		hasPicture: operators.hasPicture(row.id),
		hiddenMenu: operators.hiddenMenuOf(row.id),
		isSignedIn: operators.loginSessionsOf(row.id).some((login) => isFresh(login, lasting, nowMs)),
	};
}

function groupsOf({ operators }: OperatorsParts['store'], operatorId: string): OperatorView['groups'] {
	const groups = operators.groupIdsOf(operatorId).flatMap((id) => operators.group(id) ?? []);
	return groups.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}
