import type { Role } from '../core/permission.ts';
import { createBackOff } from './operators/back-off.ts';
import { createClaiming } from './operators/claiming.ts';
import { createLogins } from './operators/logins.ts';
import { createAuditTrail, type OperatorsDeps } from './operators/operators-deps.ts';
import { createPasswordHasher } from './operators/password-hash.ts';
import type { PasswordWeakness } from './operators/password-policy.ts';

/** A person who signs in. */
export interface Operator {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly role: Role;
	readonly language: 'en' | 'fr' | 'nl' | null;
}

export type LoginAnswer =
	| {
			readonly result: 'signedIn';
			readonly operator: Operator;
			readonly token: string;
			readonly csrf: string;
			readonly expiresAtMs: number;
	  }
	/** One answer for unknown e-mail and wrong password, after the same time. */
	| { readonly result: 'refused' }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

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
	/** Bound to the session; must come back with every changing request of a cookie login. */
	readonly csrf: string;
	readonly createdAtMs: number;
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
	login(request: { email: string; password: string; remoteAddress: string }): Promise<LoginAnswer>;
	/**
	 * Looks up a session by its cookie token; undefined when unknown, idle too long or too old. What a `person`
	 * does keeps it from going idle; what a page's `script` fetches by itself does not.
	 */
	session(token: string, by: 'person' | 'script'): LoginSession | undefined;
	logout(token: string): void;
	setLanguage(operatorId: string, language: 'en' | 'fr' | 'nl'): void;
}

export function createOperators(deps: OperatorsDeps): Operators {
	const { hasher = createPasswordHasher() } = deps;
	const backOff = createBackOff(deps.clock);
	const audit = createAuditTrail(deps);
	const shared = { ...deps, hasher, backOff, audit };
	return {
		...createClaiming(shared),
		...createLogins(shared),
		setLanguage(operatorId, language) {
			deps.store.operators.setLanguage(operatorId, language);
		},
	};
}
