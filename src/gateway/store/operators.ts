import { createAccessVersion } from './access-version.ts';
import { type ApiTokenStore, createApiTokenStore } from './api-tokens.ts';
import { createLoginSessionStore, type LoginSessionStore } from './login-sessions.ts';
import { createOneTimeCodes, type OneTimeCodeStore } from './one-time-codes.ts';
import type { Sqlite } from './open-database.ts';
import { createOperatorAccess, type OperatorAccessStore, type RoleAssignment } from './operator-access.ts';
import { createOperatorDashboards, type OperatorDashboardStore } from './operator-dashboards.ts';
import { createOperatorGroups, type OperatorGroupStore } from './operator-groups.ts';
import { createOperatorMenus, type OperatorMenuStore } from './operator-menus.ts';
import { createOperatorProfiles, type OperatorProfileStore } from './operator-profiles.ts';
import type { OperatorSearch } from './operator-search.ts';
import { createOperatorSeats } from './operator-seats.ts';
import { createPasskeyStore, type PasskeyStore } from './passkeys.ts';
import type { ScimGroupMirror } from './scim-groups.ts';
import type { ScimUserMirror } from './scim-users.ts';
import { createSeatSwapStore, type SeatSwapStore } from './seat-swaps.ts';
import { createSecondFactorStore, type SecondFactorStore } from './second-factors.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

export type OperatorState = 'invited' | 'active' | 'inactive';

/** One operator with the password's hash, which leaves the store only to be verified. */
export interface OperatorRow {
	readonly id: string;
	/** Lower case, unique. */
	readonly email: string;
	readonly name: string;
	readonly language: string | null;
	readonly state: OperatorState;
	/** null: none was chosen yet. */
	readonly passwordHash: string | null;
	/** It was generated: worth one sign-in, at which another is chosen. */
	readonly passwordOnce: boolean;
	readonly createdAtMs: number;
	readonly lastLoginAtMs: number | null;
	/** Counts the changes of who they are and what they may do. */
	readonly version: number;
}

/** Statements over operators, what they may do, their login sessions, API tokens, second factors and one-time codes; the rules are in `services/operators.ts`. */
export interface OperatorStore
	extends OperatorAccessStore,
		OperatorGroupStore,
		LoginSessionStore,
		ApiTokenStore,
		SecondFactorStore,
		PasskeyStore,
		SeatSwapStore,
		OperatorMenuStore,
		OperatorDashboardStore,
		OperatorProfileStore,
		OneTimeCodeStore {
	operatorCount(): number;
	operatorById(id: string): OperatorRow | undefined;
	/** `email` in any case. */
	operatorByEmail(email: string): OperatorRow | undefined;
	/** Ids of those who have this role themselves, by name. */
	operatorsInRole(roleId: string, limit: number): readonly string[];
	/** @returns false when the id or the e-mail is taken. */
	addOperator(operator: OperatorRow): boolean;
	/** Who they are and whether they may sign in; counts as a change. @returns false when the e-mail is taken. */
	updateOperator(operator: Pick<OperatorRow, 'id' | 'email' | 'name' | 'state'>): boolean;
	/** Counts a change of roles or denials. */
	countChange(operatorId: string): void;
	removeOperator(operatorId: string): void;
	/** @returns false for an unknown operator. */
	setPasswordHash(operatorId: string, passwordHash: string, once?: boolean): boolean;
	setLanguage(operatorId: string, language: string): boolean;
	setLastLogin(operatorId: string, atMs: number): void;
	/**
	 * In one transaction: marks the code used and adds the first operator, an administrator. One of any number of
	 * callers gets `claimed`; `wrongCode` also for a code used or replaced before.
	 */
	claim(claim: { codeHash: string; atMs: number; operator: OperatorRow }): 'claimed' | 'wrongCode' | 'alreadyClaimed';
}

type StoredOperator = Omit<OperatorRow, 'passwordOnce'> & { readonly passwordOnce: 0 | 1 };

const COLUMNS =
	'id, operators.email, name, language, state, password_hash AS passwordHash, password_once AS passwordOnce, created_at_ms AS createdAtMs, last_login_at_ms AS lastLoginAtMs, version';

export function createOperatorStore(
	db: Sqlite,
	transactions: Transactions,
	search: Pick<OperatorSearch, 'put' | 'remove'>,
	scim: { readonly users: ScimUserMirror; readonly groups: ScimGroupMirror },
): OperatorStore {
	const count = db.prepare<[], number>('SELECT operators FROM operator_counts').pluck();
	const byId = db.prepare<[string], StoredOperator>(`SELECT ${COLUMNS} FROM operators WHERE id = ?`);
	const byEmail = db.prepare<[string], StoredOperator>(`SELECT ${COLUMNS} FROM operators WHERE email = ?`);
	const insert = db.prepare<[StoredOperator]>(
		'INSERT INTO operators (id, email, name, language, state, password_hash, password_once, created_at_ms, last_login_at_ms, version) VALUES (:id, :email, :name, :language, :state, :passwordHash, :passwordOnce, :createdAtMs, :lastLoginAtMs, :version)',
	);
	const update = db.prepare<[Pick<OperatorRow, 'id' | 'email' | 'name' | 'state'>]>(
		'UPDATE operators SET email = :email, name = :name, state = :state, version = version + 1 WHERE id = :id',
	);
	const changed = db.prepare<[string]>('UPDATE operators SET version = version + 1 WHERE id = ?');
	const remove = db.prepare<[string]>('DELETE FROM operators WHERE id = ?');
	const setHash = db.prepare<[string, 0 | 1, string]>(
		'UPDATE operators SET password_hash = ?, password_once = ? WHERE id = ?',
	);
	const setTongue = db.prepare<[string, string]>('UPDATE operators SET language = ? WHERE id = ?');
	const setLogin = db.prepare<[number, string]>('UPDATE operators SET last_login_at_ms = ? WHERE id = ?');
	const begin = db.prepare<[string]>('INSERT INTO operator_activity (operator_id, last_at_ms) VALUES (?, 0)');
	const seen = db.prepare<[number, string]>(
		'UPDATE operator_activity SET last_at_ms = max(last_at_ms, ?) WHERE operator_id = ?',
	);
	const inRole = db
		.prepare<[string, number], string>(
			`SELECT names.operator_id FROM (SELECT DISTINCT operator_id FROM operator_roles WHERE role_id = ?) AS r
			CROSS JOIN operator_names AS names ON names.operator_id = r.operator_id
			ORDER BY names.name_key, names.operator_id LIMIT ?`,
		)
		.pluck();
	const version = createAccessVersion(db, transactions);
	const seats = createOperatorSeats(db);
	const access = createOperatorAccess(db, transactions, version, seats);
	const codes = createOneTimeCodes(db, transactions);

	function addOperator(operator: OperatorRow): boolean {
		return writtenUnlessTaken(() => {
			insert.run({
				...operator,
				...{ email: operator.email.toLowerCase(), passwordOnce: operator.passwordOnce ? 1 : 0 },
			});
			begin.run(operator.id);
			search.put(operator);
			scim.users.added({ ...operator, email: operator.email.toLowerCase() });
		});
	}

	return {
		...access,
		...createOperatorGroups(db, transactions, { version, seats, scim: scim.groups }),
		...createLoginSessionStore(db, transactions),
		...createApiTokenStore(db, transactions),
		...createSecondFactorStore(db, transactions),
		...createPasskeyStore(db, transactions),
		...createSeatSwapStore(db, transactions),
		...createOperatorMenus(db, transactions),
		...createOperatorDashboards(db, transactions),
		...createOperatorProfiles(db, transactions),
		...codes,
		operatorCount: () => count.get() ?? 0,
		operatorById: (id) => toRow(byId.get(id)),
		operatorByEmail: (email) => toRow(byEmail.get(email.toLowerCase())),
		operatorsInRole: (roleId, limit) => inRole.all(roleId, limit),
		addOperator: (operator) => transactions.run(() => addOperator(operator)),
		updateOperator: ({ id, email, name, state }) =>
			transactions.run(() =>
				writtenUnlessTaken(() => {
					const was = byId.get(id)?.email ?? '';
					update.run({ id, name, state, email: email.toLowerCase() });
					search.put({ id, name, email });
					scim.users.updated({ id, name, email: email.toLowerCase() }, was);
				}),
			),
		countChange: (id) =>
			transactions.run(() => {
				changed.run(id);
				scim.users.touched(id);
			}),
		removeOperator: (id) =>
			transactions.run(() => {
				version.changed({ operatorId: id });
				remove.run(id);
				search.remove(id);
			}),
		setPasswordHash: (id, passwordHash, once = false) =>
			transactions.run(() => setHash.run(passwordHash, once ? 1 : 0, id).changes === 1),
		setLanguage: (id, language) => transactions.run(() => setTongue.run(language, id).changes === 1),
		setLastLogin: (id, atMs) =>
			transactions.run(() => {
				setLogin.run(atMs, id);
				seen.run(atMs, id);
			}),
		claim: ({ codeHash, atMs, operator }) =>
			transactions.run(() => {
				if ((count.get() ?? 0) > 0) return 'alreadyClaimed';
				if (!codes.useClaimCode(codeHash, atMs)) return 'wrongCode';
				addOperator(operator);
				access.setRoles(operator.id, [ADMINISTRATOR]);
				return 'claimed';
			}),
	};
}

const ADMINISTRATOR: RoleAssignment = { roleId: 'administrator', scope: 'site' };

function toRow(stored: StoredOperator | undefined): OperatorRow | undefined {
	return stored && { ...stored, passwordOnce: stored.passwordOnce === 1 };
}
