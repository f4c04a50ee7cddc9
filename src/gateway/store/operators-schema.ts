import type { Migration } from './migrations.ts';

/**
 * Who signs in, with what, and what they may do. A scope is the text of `core/permission/scope.ts`; the built-in roles
 * have no row. `password_once`: it was generated and is worth one sign-in, at which its owner chooses another.
 */
export const OPERATORS_MIGRATION: Migration = {
	name: 'operators, roles, login sessions',
	sql: `
CREATE TABLE operators (
	id TEXT PRIMARY KEY,
	email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
	name TEXT NOT NULL,
	language TEXT,
	state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'inactive')),
	password_hash TEXT,
	password_once INTEGER NOT NULL DEFAULT 0,
	created_at_ms INTEGER NOT NULL,
	last_login_at_ms INTEGER,
	version INTEGER NOT NULL DEFAULT 1,
	CHECK (state <> 'active' OR password_hash IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX operators_by_state ON operators (state, id);

CREATE TABLE operator_roles (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	role_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	PRIMARY KEY (operator_id, role_id, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_roles_by_role ON operator_roles (role_id, operator_id);

CREATE TABLE operator_denials (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	permission TEXT NOT NULL,
	scope TEXT NOT NULL,
	PRIMARY KEY (operator_id, permission, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE own_roles (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	permissions TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE login_sessions (
	token_hash TEXT PRIMARY KEY,
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	csrf TEXT NOT NULL,
	remote_address TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	last_seen_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_sessions_by_operator ON login_sessions (operator_id);

CREATE TABLE api_tokens (
	id TEXT PRIMARY KEY,
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	name TEXT NOT NULL,
	token_hash TEXT NOT NULL UNIQUE,
	permissions TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	ends_at_ms INTEGER NOT NULL,
	last_used_ms INTEGER,
	last_used_from TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX api_tokens_by_operator ON api_tokens (operator_id);

CREATE TABLE second_factors (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	sealed_key TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	last_step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
	id TEXT PRIMARY KEY,
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	credential_id TEXT NOT NULL UNIQUE,
	rp_id TEXT NOT NULL,
	name TEXT NOT NULL,
	public_key BLOB NOT NULL,
	counter INTEGER NOT NULL,
	transports TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	last_used_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_operator ON passkeys (operator_id);

CREATE TABLE recovery_codes (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	code_hash TEXT NOT NULL,
	PRIMARY KEY (operator_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE hidden_menus (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	href TEXT NOT NULL,
	PRIMARY KEY (operator_id, href)
) STRICT, WITHOUT ROWID;

CREATE TABLE seat_swaps (
	id INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	from_id TEXT NOT NULL,
	to_id TEXT NOT NULL,
	by_id TEXT
) STRICT;

CREATE TABLE claim_codes (
	code_hash TEXT PRIMARY KEY,
	created_at_ms INTEGER NOT NULL,
	used_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE activation_codes (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	code_hash TEXT NOT NULL UNIQUE,
	ends_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE address_changes (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	email TEXT NOT NULL,
	code_hash TEXT NOT NULL,
	ends_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
