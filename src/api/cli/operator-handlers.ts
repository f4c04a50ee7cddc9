import type { OperatorImport } from '../../gateway/services/operators/operator-imports.ts';

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
	/** Looks at a CSV of operators and, unless it has errors or is only tried, invites them. Throws NOT_FOUND for the mapping. */
	importOperators(options: {
		readonly configFile: string;
		readonly fileName: string;
		readonly bytes: Uint8Array;
		readonly mapping?: string;
		readonly dryRun: boolean;
	}): Promise<ImportedOperators>;
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

/** What a list of operators would do, or did. */
export interface ImportedOperators {
	readonly import: OperatorImport;
	/** Of rows that stand in the way. */
	readonly refusals: readonly { readonly row: number; readonly problem: string }[];
	/** Of who was invited, to hand over. */
	readonly codes: readonly HandedCode[];
	/** What was asked for was done, or could be. */
	readonly isWell: boolean;
}
