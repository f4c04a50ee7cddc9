import { maskText } from '../../core/directory/mask.ts';
import { LIMITS } from '../../core/limits.ts';
import { valueAt } from '../../core/scim/match-filter.ts';
import { patchResource, readPatch } from '../../core/scim/patch-resource.ts';
import { readResource } from '../../core/scim/read-resource.ts';
import { isSameValue } from '../../core/scim/same-value.ts';
import { badRequest, ScimRefusal } from '../../core/scim/scim-refusal.ts';
import type { ScimRecord } from '../../core/scim/scim-schema.ts';
import {
	keptAttributes,
	operatorFacts,
	spokenLanguage,
	textAt,
	withFollowingFormatted,
	withFollowingName,
} from '../../core/scim/user-mapping.ts';
import { USER_MODEL } from '../../core/scim/user-schema.ts';
import type { RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorState } from '../../store/operators.ts';
import { rolesText } from '../operators/audited-rules.ts';
import { guardedChange } from '../operators/guarded-change.ts';
import { mailCode } from '../operators/mail-code.ts';
import type { Offboarding } from '../operators/offboarding.ts';
import type { OperatorRefusal } from '../operators/operator-administration.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import { passwordWeakness, WEAKNESS_TEXT } from '../operators/password-policy.ts';
import { createWishChecks } from '../operators/wish-checks.ts';
import {
	checkVersion,
	type ExpectedVersion,
	noResource,
	type ScimActor,
	type ScimResource,
	scimRefusal,
} from './scim-resource.ts';
import { userResource, writtenUser } from './user-resource.ts';
import { createUserStates } from './user-states.ts';

/** Users of SCIM: operators. Every call throws ScimRefusal where it is not done. */
export interface ScimUsers {
	/** undefined: there is none, or it was removed by SCIM. */
	get(id: string): ScimResource | undefined;
	/** Invited, and active at once where it comes with a password; inactive where `active` is false. */
	create(body: unknown, by: ScimActor): Promise<ScimResource>;
	replace(id: string, body: unknown, by: ScimActor, expected: ExpectedVersion): Promise<ScimResource>;
	patch(id: string, body: unknown, by: ScimActor, expected: ExpectedVersion): Promise<ScimResource>;
	/** Offboards: all ends that they could do and open, and SCIM sees them no more. The console can undo it. */
	remove(id: string, by: ScimActor, expected: ExpectedVersion, offboarding: Pick<Offboarding, 'offboard'>): void;
}

type Done = { readonly result: 'done' };

export function createScimUsers(parts: OperatorsParts): ScimUsers {
	const { audit, newId, clock, hasher } = parts;
	const { operators, scim } = parts.store;
	const checks = createWishChecks(parts);
	const states = createUserStates(parts);

	function get(id: string): ScimResource | undefined {
		const row = operators.operatorById(id);
		const known = row && scim.scimUser(id);
		return row === undefined || known === undefined || known.deleted ? undefined : userResource(parts, row, known);
	}

	const found = (id: string): ScimResource => {
		const resource = get(id);
		if (resource === undefined) throw noResource(id);
		return resource;
	};

	/** As a client would write it. */
	function presentOf(id: string): ScimRecord {
		const row = operators.operatorById(id);
		const known = scim.scimUser(id);
		if (row === undefined || known === undefined || known.deleted) throw noResource(id);
		return writtenUser(parts, row, known);
	}

	/** Who was removed by SCIM stands in nobody's way (RFC 7644, 3.6). */
	function makeRoom(email: string, userName: string, by: ScimActor, exceptId: string | undefined): void {
		const ids = [operators.operatorByEmail(email)?.id, scim.operatorWithUserName(userName)];
		for (const id of new Set(ids)) {
			if (id === undefined || id === exceptId) continue;
			if (scim.scimUser(id)?.deleted !== true) throw scimRefusal({ result: 'emailTaken' });
			checks.touchable(id, by);
			parts.licenceKinds?.takeAll(id, by.operatorId);
			operators.removeOperator(id);
			audit.write('operatorRemoved', by.operatorId, id, { because: 'addedAnew' });
		}
	}

	async function hashed(user: ScimRecord): Promise<string | undefined> {
		const password = textAt(user, ['password']);
		if (password === undefined) return undefined;
		const { email, name } = operatorFacts(user);
		const weak = passwordWeakness(password, [email, name, 'parkgate']);
		if (weak !== undefined) throw badRequest('invalidValue', `password: ${WEAKNESS_TEXT[weak]}`);
		const hash = await hasher.hash(password);
		if (hash === undefined) throw scimRefusal({ result: 'busy' });
		return hash;
	}

	/** Runs as the program, in one transaction. */
	function change(by: ScimActor, run: () => void): void {
		const answer = audit.asProgram(by.program, () =>
			guardedChange<Done | OperatorRefusal>(parts, () => {
				run();
				return { result: 'done' };
			}),
		);
		if (answer.result !== 'done') throw scimRefusal(answer);
	}

	function setRoles(
		id: string,
		before: readonly RoleAssignment[],
		after: readonly RoleAssignment[],
		by: ScimActor,
	): object {
		if (isSameValue(inOrder(before), inOrder(after))) return {};
		checks.rules({ roles: after }, by);
		operators.setRoles(id, after);
		return { rolesBefore: rolesText(before), roles: rolesText(after) };
	}

	function write(id: string, user: ScimRecord, passwordHash: string | undefined, by: ScimActor): void {
		const row = checks.touchable(id, by);
		const before = presentOf(id);
		const { email, name } = operatorFacts(user);
		const userName = textAt(user, ['userName']) ?? email;
		makeRoom(email, userName, by, id);
		if (!operators.updateOperator({ ...row, email, name })) throw scimRefusal({ result: 'emailTaken' });
		const kept = { operatorId: id, userName, attributes: keptAttributes(user) };
		if (!scim.putScimUser({ ...kept, externalId: textAt(user, ['externalId']) ?? null }))
			throw scimRefusal({ result: 'emailTaken' });
		const language = spokenLanguage(user);
		if (language !== undefined && language !== spokenLanguage(before)) operators.setLanguage(id, language);
		const roles = setRoles(id, operators.rolesOf(id), rolesOf(user), by);
		if (passwordHash !== undefined) states.setPassword(id, passwordHash, by);
		states.setActive(id, user['active'] !== false, by);
		audit.write('scimUserChanged', by.operatorId, id, {
			changed: changedNames(before, user).join(' '),
			// The journal is kept for ever: of who they are it has first letters.
			...(email !== row.email && { emailBefore: maskText(row.email), email: maskText(email) }),
			...(name !== row.name && { nameBefore: maskText(row.name), name: maskText(name) }),
			...(before['active'] !== user['active'] && {
				activeBefore: before['active'] === true,
				active: user['active'] === true,
			}),
			...roles,
		});
	}

	async function rewrite(
		id: string,
		by: ScimActor,
		expected: ExpectedVersion,
		decide: (before: ScimRecord) => ScimRecord,
	): Promise<ScimResource> {
		const passwordHash = await hashed(decide(presentOf(id)));
		let mail: (() => void) | undefined;
		change(by, () => {
			checkVersion(found(id), expected);
			const before = presentOf(id);
			const user = withFollowingName(before, decide(before));
			if (passwordHash === undefined && isSameValue(before, user)) return;
			write(id, user, passwordHash, by);
			mail = invitation(id, by);
		});
		mail?.();
		return found(id);
	}

	/** A code for who may choose a password and has none, where a mail brings it; else the console hands one over. */
	function invitation(id: string, by: ScimActor): (() => void) | undefined {
		const code = states.inviteByMail(id);
		return code && (() => mailCode(parts, code.operator, code, by));
	}

	return {
		get,
		async create(body, by) {
			const user = readResource(USER_MODEL, body);
			const passwordHash = await hashed(user);
			const id = newId();
			let mail: (() => void) | undefined;
			change(by, () => {
				const { email, name } = operatorFacts(user);
				const userName = textAt(user, ['userName']) ?? email;
				if (operators.operatorCount() >= LIMITS.operators) throw scimRefusal({ result: 'tooMany' });
				makeRoom(email, userName, by, undefined);
				const state = stateOf(user, passwordHash);
				const isAdded = operators.addOperator({
					...{ id, email, name, language: spokenLanguage(user) ?? null, state, passwordHash: passwordHash ?? null },
					...{ passwordOnce: false, createdAtMs: clock.nowMs(), lastLoginAtMs: null, version: 1 },
				});
				const kept = { operatorId: id, userName, externalId: textAt(user, ['externalId']) ?? null };
				if (!isAdded || !scim.putScimUser({ ...kept, attributes: keptAttributes(user) }))
					throw scimRefusal({ result: 'emailTaken' });
				const roles = valueAt(user, ['roles']) === undefined ? [{ roleId: 'user', scope: 'site' }] : rolesOf(user);
				setRoles(id, [], roles, by);
				audit.write('scimUserAdded', by.operatorId, id, {
					state,
					roles: rolesText(roles),
					externalId: kept.externalId,
				});
				mail = invitation(id, by);
			});
			mail?.();
			return found(id);
		},
		async replace(id, body, by, expected) {
			const user = readResource(USER_MODEL, body);
			return await rewrite(id, by, expected, (before) => ({ ...only(before, KEPT_WHEN_LEFT_OUT), ...user }));
		},
		async patch(id, body, by, expected) {
			const operations = readPatch(body);
			return await rewrite(id, by, expected, (before) =>
				withFollowingFormatted(before, patchResource(USER_MODEL, before, operations)),
			);
		},
		remove(id, by, expected, offboarding) {
			checkVersion(found(id), expected);
			const answer = audit.asProgram(by.program, () => offboarding.offboard(id, by));
			if (answer.result !== 'done') throw scimRefusal(answer);
			change(by, () => {
				scim.setScimDeleted(id);
				audit.write('scimUserRemoved', by.operatorId, id, {});
			});
		},
	};
}

function stateOf(user: ScimRecord, passwordHash: string | undefined): OperatorState {
	if (user['active'] === false) return 'inactive';
	return passwordHash === undefined ? 'invited' : 'active';
}

/** A PUT that leaves these out says nothing of them. */
const KEPT_WHEN_LEFT_OUT: readonly string[] = ['active', 'roles', 'displayName'];

function only(user: ScimRecord, names: readonly string[]): ScimRecord {
	return Object.fromEntries(Object.entries(user).filter(([name]) => names.includes(name)));
}

function rolesOf(user: ScimRecord): readonly RoleAssignment[] {
	const roles = valueAt(user, ['roles']);
	const list = Array.isArray(roles) ? roles : [];
	const assigned = list.map((one) => {
		const roleId = textAt(one, ['value']);
		if (roleId === undefined) throw new ScimRefusal(400, 'invalidValue', 'A role is named by its value.');
		return { roleId, scope: textAt(one, ['type']) ?? 'site' };
	});
	return inOrder(assigned);
}

/** Each once. */
function inOrder(roles: readonly RoleAssignment[]): readonly RoleAssignment[] {
	const byName = new Map(roles.map((one) => [`${one.roleId} ${one.scope}`, one]));
	return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** What became different, by name: what it says is personal, and the journal is never rewritten. */
function changedNames(before: ScimRecord, after: ScimRecord): readonly string[] {
	const names = new Set([...Object.keys(before), ...Object.keys(after)]);
	return [...names].filter((name) => !isSameValue(before[name], after[name])).sort();
}
