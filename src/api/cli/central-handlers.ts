import type { Role } from '../../gateway/core/permission.ts';
import type { CliLogLevel } from './handlers.ts';

/** What the commands of central need done; see `CliHandlers`. */
export interface CentralHandlers {
	/** The reference central until `signal` aborts. */
	central(options: CentralOptions): Promise<void>;
	/** A new token for central's API and pages; `text` is told here once. Throws CONFLICT for a name in use. */
	addCentralToken(options: {
		readonly store: CentralStore;
		readonly name: string;
		readonly role: Role;
		/** How long it is good for; null: until it is removed. */
		readonly days: number | null;
	}): Promise<CentralToken & { readonly text: string }>;
	listCentralTokens(options: { readonly store: CentralStore }): Promise<readonly CentralToken[]>;
	/** Throws NOT_FOUND. */
	removeCentralToken(options: { readonly store: CentralStore; readonly name: string }): Promise<void>;
	/** The sites that a central knows. */
	listCentralSites(options: { readonly store: CentralStore }): Promise<readonly CentralSite[]>;
}

export interface CentralOptions {
	readonly configFile?: string;
	/** What they name comes before the environment and the file. */
	readonly flags: {
		readonly mqtt?: string;
		readonly tenant?: string;
		readonly store?: string;
		readonly listen?: string;
		readonly logLevel?: CliLogLevel;
	};
	/** Made-up people for a store that has nothing yet; 0: none. */
	readonly madeUpPeople: number;
	/** A person looks: the first start makes a token and tells it. */
	readonly showsToken: boolean;
	readonly signal: AbortSignal;
	readonly onReady: (ready: CentralReady) => void;
}

export interface CentralReady {
	readonly url: string;
	/** The first one, told once; null: it was not made now. */
	readonly token: string | null;
	readonly hasTokens: boolean;
}

/** By its directory, or by the configuration that names it. */
export type CentralStore =
	| { readonly dir: string; readonly configFile?: undefined }
	| { readonly configFile: string; readonly dir?: undefined };

export interface CentralToken {
	readonly name: string;
	readonly role: Role;
	readonly createdAtMs: number;
	readonly expiresAtMs: number | null;
}

export interface CentralSite {
	readonly site: string;
	readonly online: boolean;
	readonly version: string | null;
	readonly seenAtMs: number;
}
