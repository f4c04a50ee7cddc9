import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { CENTRAL_FILE, openCentralDatabase } from './central-database.ts';
import { createSiteRegister, type KnownSite } from './site-register.ts';

/** What is looked at and changed beside a central, whether it runs or not. */
export interface CentralStore extends Disposable {
	readonly tokens: AccessTokens;
	sites(): readonly KnownSite[];
}

/** Throws NOT_FOUND for a directory where no central ever ran. */
export function openCentralStore(
	dir: string,
	deps: { readonly nowMs: () => number; readonly newId: () => string },
): CentralStore {
	if (!existsSync(join(dir, CENTRAL_FILE))) {
		throw new GatewayError('NOT_FOUND', `${dir}: no central has run here; start it once, or name its store.`);
	}
	const db = openCentralDatabase(dir);
	return {
		tokens: createAccessTokens(db, deps),
		sites: () => createSiteRegister(db).list(),
		[Symbol.dispose]: () => void db.close(),
	};
}
