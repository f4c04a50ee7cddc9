import type { Access } from '../core/permission/access.ts';
import { type AuditLog, createAuditLog } from './activity/audit-log.ts';
import { createOperatorActivity, type OperatorActivity } from './activity/operator-activity.ts';
import { createOperatorAccess } from './operators/access-of-operator.ts';
import { type ApiTokens, createApiTokens } from './operators/api-tokens.ts';
import { createBackOff } from './operators/back-off.ts';
import { type BulkChanges, createBulkChanges } from './operators/bulk-changes.ts';
import { createClaiming } from './operators/claiming.ts';
import { type Cloning, createCloning } from './operators/cloning.ts';
import { createDashboards, type Dashboards } from './operators/dashboards.ts';
import { createLeaving, type Leaving } from './operators/leaving.ts';
import { createLoginRules, type LoginRules, type LoginRulesPort } from './operators/login-rules.ts';
import { createLoginWatch } from './operators/login-watch.ts';
import { createLogins } from './operators/logins.ts';
import { createOperatorMaker, type OperatorMaker } from './operators/make-operators.ts';
import { createOpenSessions, type OpenSessions } from './operators/open-sessions.ts';
import { createOperatorAdministration, type OperatorAdministration } from './operators/operator-administration.ts';
import { createOperatorGroups, type OperatorGroups } from './operators/operator-groups.ts';
import { createOperatorImports, type OperatorImports } from './operators/operator-imports.ts';
import { createAuditTrail, type OperatorsDeps } from './operators/operators-deps.ts';
import { createOwnAccount, type OwnAccount } from './operators/own-account.ts';
import { createOwnAddress, type OwnAddress } from './operators/own-address.ts';
import { createOwnPicture, type OwnPicture } from './operators/own-picture.ts';
import { createOwnRoles, type OwnRoles } from './operators/own-roles.ts';
import { createPasskeyChallenges } from './operators/passkey-challenges.ts';
import type { PasskeyLogins } from './operators/passkey-logins.ts';
import { createPasskeys, type Passkeys } from './operators/passkeys.ts';
import { createPasswordHasher } from './operators/password-hash.ts';
import type { PasswordWeakness } from './operators/password-policy.ts';
import { createPasswords, type Passwords } from './operators/passwords.ts';
import { createRecordGrants, type RecordGrants } from './operators/record-grants.ts';
import { type AuthenticatorKey, createSecondFactorCheck, type WrongCode } from './operators/second-factor-check.ts';
import { createSecondFactors, type SecondFactors } from './operators/second-factors.ts';
import { createViewAs, type ViewAs, type ViewedAs } from './operators/view-as.ts';
import { relyingPartyOf } from './operators/webauthn.ts';
import { createScim, type Scim } from './scim/scim.ts';

/** A person who signs in. */
export interface Operator {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly language: 'en' | 'fr' | 'nl' | null;
	readonly roles: readonly RoleName[];
}

/** A built-in role is called as its id, which faces say in their reader's language. */
export interface RoleName {
	readonly id: string;
	readonly name: string;
}

export type LoginAnswer =
	| {
			readonly result: 'signedIn';
			readonly operator: Operator;
			readonly access: Access;
			readonly token: string;
			readonly csrf: string;
			readonly expiresAtMs: number;
	  }
	/** The password was generated for one sign-in: `code` lets its owner choose another (`activate`). */
	| { readonly result: 'choosePassword'; readonly code: string }
	/** The password was right: `continueLogin` takes the step, and a code; `enrolment`: of the authenticator of `enrolAtLogin`. */
	| {
			readonly result: 'secondFactor';
			readonly wanted: 'code' | 'enrolment';
			/** One of theirs does in place of a code (`loginByPasskey`). */
			readonly passkey: boolean;
			readonly step: string;
	  }
	| LoginRefusal;

export type ContinuedLogin =
	/** `recoveryCodes`: of the second factor that was set up in it, shown this once. */
	| (Extract<LoginAnswer, { readonly result: 'signedIn' }> & { readonly recoveryCodes: readonly string[] | null })
	/** Too late, too many wrong codes, or the password was changed meanwhile: sign in again. */
	| { readonly result: 'stepEnded' }
	| WrongCode
	| LoginRefusal;

export type LoginRefusal =
	/** One answer for unknown e-mail, wrong password and who may not sign in, after the same time. */
	| { readonly result: 'refused' }
	/** The account is signed in elsewhere; `mayTakeOver`: asked again with `takeOver`, that login ends. */
	| {
			readonly result: 'alreadySignedIn';
			readonly mayTakeOver: boolean;
			readonly sinceMs: number;
			readonly idleS: number;
	  }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

export interface LoginRequest {
	readonly email: string;
	readonly password: string;
	readonly remoteAddress: string;
	/** End the account's other login. */
	readonly takeOver?: boolean;
	/** Token of the login that this one is to stand in for: the same browser signs in again. */
	readonly replaces?: string | undefined;
}

export type ClaimAnswer =
	| { readonly result: 'claimed'; readonly operator: Operator }
	| { readonly result: 'wrongCode' | 'alreadyClaimed' }
	/** `problem` in English; `because` for pages that say it in their own words. */
	| { readonly result: 'weakPassword'; readonly because: PasswordWeakness; readonly problem: string }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

export interface LoginSession {
	/** Names the login in lists and logs; worth nothing as a credential. */
	readonly id: string;
	readonly operator: Operator;
	/** As it is at this moment. */
	readonly access: Access;
	/** Bound to the session; must come back with every changing request of a cookie login. */
	readonly csrf: string;
	readonly createdAtMs: number;
	/** It is lent to a program by an API token, whose `id` this is. */
	readonly program?: { readonly name: string };
	/** They look with somebody else's permissions, and change nothing. */
	readonly viewing?: ViewedAs;
}

export interface Operators {
	/** True until the first administrator exists. */
	unclaimed(): boolean;
	/** A new one-time claim code (older ones end); stored hashed, good for LIMITS.claimCodeMs. Throws CONFLICT when claimed. */
	newClaimCode(): string;
	/** One of any number of simultaneous claimants wins. */
	claim(request: {
		code: string;
		email: string;
		name: string;
		password: string;
		remoteAddress: string;
	}): Promise<ClaimAnswer>;
	login(request: LoginRequest): Promise<LoginAnswer>;
	/** The authenticator to set up in a login that asks for one; undefined: that login has ended, or asks for none. */
	enrolAtLogin(step: string): AuthenticatorKey | undefined;
	/** The second step of a login. One that another login stands in the way of needs no other code to take over. */
	continueLogin(
		request: Pick<LoginRequest, 'remoteAddress' | 'takeOver' | 'replaces'> & {
			readonly step: string;
			readonly code: string;
		},
	): ContinuedLogin;
	/** See `operators/passkey-logins.ts`. */
	passkeyOptions: PasskeyLogins['options'];
	loginByPasskey: PasskeyLogins['login'];
	/**
	 * Looks up a session by its cookie token; undefined when unknown, idle too long or too old. What a `person`
	 * does keeps it from going idle; what a page's `script` fetches by itself tells that the page is open.
	 */
	session(token: string, by: 'person' | 'script'): LoginSession | undefined;
	logout(token: string): void;
	setLanguage(operatorId: string, language: 'en' | 'fr' | 'nl'): void;
	/** What their menu leaves out; they may still go there. */
	hiddenMenu(operatorId: string): readonly string[];
	/** Counts what may change somebody's access, so that long answers know when to look again. */
	accessVersion(): number;
	/** What an operator may do, as it is now, active or not; undefined: nobody has that id. */
	accessOf(operatorId: string): Access | undefined;
	readonly administration: OperatorAdministration;
	readonly roles: OwnRoles;
	readonly groups: OperatorGroups;
	readonly recordGrants: RecordGrants;
	readonly cloning: Cloning;
	readonly bulk: BulkChanges;
	readonly imports: OperatorImports;
	/** Makes operators as parts of a larger change, in its transaction. */
	readonly making: OperatorMaker;
	readonly viewAs: ViewAs;
	/** See `operators/offboarding.ts`. */
	readonly leaving: Leaving;
	readonly passwords: Passwords;
	readonly openSessions: OpenSessions;
	readonly ownAccount: OwnAccount;
	readonly ownAddress: OwnAddress;
	readonly ownPicture: OwnPicture;
	readonly apiTokens: ApiTokens;
	readonly secondFactors: SecondFactors;
	readonly passkeys: Passkeys;
	readonly loginRules: LoginRulesPort;
	readonly dashboards: Dashboards;
	/** Every change with who made it, and what was before and after. */
	readonly audit: AuditLog;
	/** Who is signed in and does what, and what each did by day. */
	readonly activity: OperatorActivity;
	readonly scim: Scim;
}

export type { LoginRules };

export function createOperators(deps: OperatorsDeps): Operators {
	let version = 0;
	const { hasher = createPasswordHasher(), consoleAddress } = deps;
	const audit = createAuditTrail(deps);
	const access = createOperatorAccess(deps);
	const rules = createLoginRules(deps);
	const shared = {
		...{ ...deps, hasher, audit, access, rules },
		backOff: createBackOff(deps.clock),
		watch: createLoginWatch(deps.clock),
		factors: createSecondFactorCheck(deps, { audit, access, rules }),
		party: consoleAddress === undefined ? null : relyingPartyOf(consoleAddress, deps.issuer ?? 'Parkgate'),
		challenges: createPasskeyChallenges(deps.clock),
		accessChanged: () => {
			version += 1;
		},
	};
	const viewAs = createViewAs(shared);
	const administration = createOperatorAdministration(shared);
	const groups = createOperatorGroups(shared);
	const openSessions = createOpenSessions(shared);
	const auditLog = createAuditLog(deps);
	const { store, clock, timeZone = 'UTC' } = deps;
	return {
		audit: auditLog,
		activity: createOperatorActivity({ store, clock, timeZone, openSessions, audit: auditLog }),
		...createClaiming(shared),
		...createLogins({ ...shared, viewAs }),
		viewAs,
		setLanguage(operatorId, language) {
			deps.store.operators.setLanguage(operatorId, language);
		},
		hiddenMenu: (operatorId) => deps.store.operators.hiddenMenuOf(operatorId),
		accessVersion: () => version + deps.store.operators.accessVersion(),
		accessOf: (operatorId) => deps.store.operators.operatorById(operatorId) && shared.access.of(operatorId),
		administration,
		roles: createOwnRoles(shared),
		groups,
		recordGrants: createRecordGrants(shared, { administration, groups }),
		cloning: createCloning(shared),
		leaving: createLeaving(shared),
		imports: createOperatorImports(shared, groups),
		dashboards: createDashboards(shared),
		making: createOperatorMaker(shared, groups),
		bulk: createBulkChanges(shared, { administration, groups }),
		passwords: createPasswords(shared),
		openSessions,
		ownAccount: createOwnAccount(shared),
		ownAddress: createOwnAddress(shared),
		ownPicture: createOwnPicture(shared),
		apiTokens: createApiTokens(shared),
		secondFactors: createSecondFactors(shared),
		passkeys: createPasskeys(shared),
		loginRules: shared.rules,
		scim: createScim(shared, groups),
	};
}
