import { hash, randomBytes } from 'node:crypto';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { ROLES, type Role } from '../../gateway/core/permission.ts';
import type { CentralSqlite } from './central-database.ts';

/** Whoever uses central's API and pages: a program, or a person with a browser. */
export interface AccessToken {
	readonly id: string;
	readonly name: string;
	/** What it may do, as operators on a site. */
	readonly role: Role;
	readonly createdAtMs: number;
	/** null: until it is removed. */
	readonly expiresAtMs: number | null;
}

export interface AccessTokens {
	/** `text` is told here once; kept is its hash. Throws CONFLICT for a name in use, TOO_MANY. */
	add(wish: { readonly name: string; readonly role: Role; readonly expiresAtMs: number | null }): {
		readonly token: AccessToken;
		readonly text: string;
	};
	/** undefined: not known, removed or expired. */
	find(text: string): AccessToken | undefined;
	/** By id, as long as it stands. */
	get(id: string): AccessToken | undefined;
	list(): readonly AccessToken[];
	/** @returns whether there was one of this name. */
	remove(name: string): boolean;
}

/** More than a platform has programs; listed in one piece. */
const TOKENS = 200;
const BYTES = 32;
/** What it is stands before it, so that one that was published is recognised. */
const PREFIX = 'parkgate-central-';

export function createAccessTokens(
	db: CentralSqlite,
	{ nowMs, newId }: { readonly nowMs: () => number; readonly newId: () => string },
): AccessTokens {
	const columns = 'id, name, role, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs';
	const insert = db.prepare<[string, string, Role, Uint8Array, number, number | null]>(
		'INSERT INTO tokens (id, name, role, digest, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const selectByDigest = db.prepare<[Uint8Array], AccessToken>(`SELECT ${columns} FROM tokens WHERE digest = ?`);
	const selectById = db.prepare<[string], AccessToken>(`SELECT ${columns} FROM tokens WHERE id = ?`);
	const selectAll = db.prepare<[], AccessToken>(`SELECT ${columns} FROM tokens ORDER BY name`);
	const deleteByName = db.prepare<[string]>('DELETE FROM tokens WHERE name = ?');

	function standing(token: AccessToken | undefined): AccessToken | undefined {
		if (token === undefined || !ROLES.includes(token.role)) return undefined;
		return token.expiresAtMs === null || token.expiresAtMs > nowMs() ? token : undefined;
	}

	return {
		add: ({ name, role, expiresAtMs }) =>
			db
				.transaction(() => {
					const known = selectAll.all();
					if (known.some((token) => token.name === name))
						throw new GatewayError('CONFLICT', `there is a token named ${JSON.stringify(name)}; remove it first`);
					if (known.length >= TOKENS)
						throw new GatewayError('TOO_MANY', `there are ${TOKENS} tokens; remove those nobody uses`);
					const text = PREFIX + randomBytes(BYTES).toString('base64url');
					const token: AccessToken = { id: newId(), name, role, createdAtMs: nowMs(), expiresAtMs };
					insert.run(token.id, name, role, digestOf(text), token.createdAtMs, expiresAtMs);
					return { token, text };
				})
				.immediate(),
		find: (text) => standing(selectByDigest.get(digestOf(text))),
		get: (id) => standing(selectById.get(id)),
		list: () => selectAll.all(),
		remove: (name) => deleteByName.run(name).changes > 0,
	};
}

/** Tokens are random throughout: nothing slower is needed to keep them from being guessed. */
function digestOf(text: string): Uint8Array {
	return hash('sha256', text, 'buffer');
}
