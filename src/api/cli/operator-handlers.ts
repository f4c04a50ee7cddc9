/** What the commands of operators need done; see `CliHandlers`. */
export interface OperatorHandlers {
	/** Invites somebody; throws CONFLICT where the address is taken, or a role is not there. */
	addOperator(options: {
		readonly configFile: string;
		readonly email: string;
		readonly name: string;
		readonly roles: readonly { readonly roleId: string; readonly scope: string }[];
	}): Promise<HandedCode>;
	/** Ends their logins; they choose a password with the code. Throws NOT_FOUND, or CONFLICT for one who is deactivated. */
	resetPassword(options: { readonly configFile: string; readonly email: string }): Promise<HandedCode>;
	/** Takes their second factor and ends their logins; false: they have none. Throws NOT_FOUND. */
	resetSecondFactor(options: { readonly configFile: string; readonly email: string }): Promise<boolean>;
}

/** A one-time code to hand over. */
export interface HandedCode {
	readonly id: string;
	readonly email: string;
	readonly code: string;
	readonly url: string;
	readonly endsAtMs: number;
}
