import { chmodSync, closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GatewayError } from '../core/gateway-error.ts';
import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

/** SQL that takes the schema from the version before to this one; its place in the list is the version, from 1. Published ones never change. */
export interface Migration {
	readonly name: string;
	readonly sql: string;
}

export interface MigrateOptions {
	readonly path: string;
	/** Tells our files from other SQLite databases (`PRAGMA application_id`). */
	readonly applicationId: number;
	readonly migrations: readonly Migration[];
	/** Where the file is copied to before a schema in use changes, `${snapshotBase}-v3.db`; absent: the file holds nothing of its own. */
	readonly snapshotBase?: string;
}

/** Brings the schema up to date, each step in one transaction. Throws STORE_NEWER for a file written by a later version. */
export function migrate(db: Sqlite, options: MigrateOptions): void {
	const { path, migrations } = options;
	try {
		refuseForeign(db, options);
		const found = schemaVersion(db);
		refuseNewer(path, found, migrations.length);
		if (found > 0 && found < migrations.length && options.snapshotBase !== undefined) {
			snapshot(db, `${options.snapshotBase}-v${found}.db`);
		}
		migrations.slice(found).forEach((migration, index) => {
			apply(db, migration, found + index + 1, options);
		});
	} catch (error) {
		throw storeFailure(error, path);
	}
}

/** For a connection that may not write: the schema must be exactly ours. */
export function requireSchema(db: Sqlite, options: MigrateOptions): void {
	refuseForeign(db, options);
	const found = schemaVersion(db);
	refuseNewer(options.path, found, options.migrations.length);
	if (found < options.migrations.length) {
		throw new GatewayError(
			'STORE_UNAVAILABLE',
			`${options.path}: its schema is version ${found}, this program needs ${options.migrations.length}; start the gateway once, it brings the store up to date`,
		);
	}
}

/** 0: a new file. */
export function schemaVersion(db: Sqlite): number {
	return Number(db.pragma('user_version', { simple: true }));
}

function refuseNewer(path: string, found: number, known: number): void {
	if (found <= known) return;
	throw new GatewayError(
		'STORE_NEWER',
		`${path}: its schema is version ${found}, this program knows up to ${known}; install the version of Parkgate that wrote it, or restore a backup made with this one`,
	);
}

function refuseForeign(db: Sqlite, { path, applicationId }: MigrateOptions): void {
	const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
	const found = Number(db.pragma('application_id', { simple: true }));
	if (tables === 0 || found === applicationId) return;
	throw new GatewayError(
		'STORE_CORRUPT',
		`${path}: this database belongs to another program; correct store.dir or move the file away`,
	);
}

function apply(db: Sqlite, { name, sql }: Migration, version: number, { path, applicationId }: MigrateOptions): void {
	db.exec('BEGIN IMMEDIATE');
	try {
		db.exec(sql);
		db.pragma(`user_version = ${version}`);
		db.pragma(`application_id = ${applicationId}`);
		db.exec('COMMIT');
	} catch (error) {
		if (db.inTransaction) db.exec('ROLLBACK');
		const failure = storeFailure(error, path);
		if (failure instanceof GatewayError) throw failure;
		throw new GatewayError('INTERNAL', `${path}: migration ${version} (${name}) failed`, { cause: error });
	}
}

/** A failed start leaves the file as it was, so a snapshot of the same version may be replaced. */
function snapshot(db: Sqlite, target: string): void {
	const unfinished = `${target}.part`;
	rmSync(unfinished, { force: true });
	db.prepare('VACUUM INTO ?').run(unfinished);
	chmodSync(unfinished, 0o600);
	const file = openSync(unfinished, 'r+');
	fsyncSync(file);
	closeSync(file);
	renameSync(unfinished, target);
}

/** Of any version, last written before that moment. */
export function removeSnapshots(snapshotBase: string, beforeMs: number): void {
	const dir = dirname(snapshotBase);
	const start = `${basename(snapshotBase)}-v`;
	for (const name of readdirSync(dir)) {
		if (!name.startsWith(start) || !/^\d+\.db$/.test(name.slice(start.length))) continue;
		const file = join(dir, name);
		if (statSync(file).mtimeMs < beforeMs) rmSync(file, { force: true });
	}
}
