/** A person who signs in. */
export interface Operator {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly role: 'administrator' | 'technician' | 'reception';
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
	| { readonly result: 'weakPassword'; readonly problem: string }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

export interface LoginSession {
	readonly id: string;
	readonly operator: Operator;
	/** Bound to the session; must come back with every changing request of a cookie login. */
	readonly csrf: string;
	readonly createdAtMs: number;
}

export interface Operators {
	/** True until the first administrator exists. */
	unclaimed(): boolean;
	/** A new one-time claim code (older ones end); stored hashed. Throws CONFLICT when claimed. */
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
	/** Looks up and touches a session by its cookie token; undefined when unknown, idle too long or too old. */
	session(token: string): LoginSession | undefined;
	logout(token: string): void;
	setLanguage(operatorId: string, language: 'en' | 'fr' | 'nl'): void;
}
