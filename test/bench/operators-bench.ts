import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { PERMISSIONS } from '../../src/gateway/core/permission.ts';
import { createOperators } from '../../src/gateway/services/operators.ts';
import { openSiteStore, SITE_FILE, type SiteStore } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { quietLog } from './quiet-log.ts';

/** A directory for a store of many operators, which goes when the part has ended. */
export async function withOperators<T>(part: string, work: (dir: string) => T | Promise<T>): Promise<T> {
	const dir = mkdtempSync(path.join(tmpdir(), `parkgate-bench-${part}-`));
	try {
		return await work(dir);
	} finally {
		rmSync(dir, { recursive: true });
	}
}

export function openOperators(dir: string) {
	const clock = createSystemClock();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log: quietLog });
	const operators = createOperators({
		...{ store, clock, log: quietLog, newId: randomUUID, journalGrew: () => undefined },
	});
	return { store, operators };
}

/** `op-0` and on, as the store adds them, all at once: one after the other 100,000 take half a minute. */
export function addOperators(dir: string, count: number): void {
	const name = "'Person ' || (i % 997) || ' ' || i";
	const email = "'person' || i || '@acme.example'";
	fillSite(
		dir,
		`CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
			SELECT i, 'op-' || i AS id, ${name} AS name, lower(${name}) AS name_key, ${email} AS email FROM n;
		INSERT INTO operators (id, email, name, state, password_hash, created_at_ms) SELECT id, email, name, 'active', 'x', 0 FROM n ORDER BY id;
		INSERT INTO operator_activity (operator_id, last_at_ms) SELECT id, 0 FROM n;
		INSERT INTO operator_names (operator_id, name_key, email) SELECT id, name_key, email FROM n ORDER BY id;
		INSERT OR IGNORE INTO operator_words (word, operator_id) SELECT word, id FROM (
			SELECT 'person' AS word, id FROM n UNION ALL SELECT i % 997, id FROM n UNION ALL SELECT i, id FROM n
			UNION ALL SELECT 'person' || i || 'acmeexample', id FROM n) ORDER BY word, id;
		INSERT INTO scim_users (operator_id, user_name, user_name_key, display_key, active, created_at_ms, changed_at_ms)
			SELECT id, email, email, name_key, 1, 0, 0 FROM n ORDER BY id;
		INSERT INTO scim_attributes (operator_id, attributes) SELECT id, json_object('emails',
			json_array(json_object('value', email, 'type', 'work', 'primary', json('true')))) FROM n ORDER BY id;
		INSERT INTO scim_items (list, operator_id, at, value, type, is_primary) SELECT 1, id, 0, email, 'work', 1 FROM n ORDER BY id`,
	);
}

/** Every `depth` groups are one line, each below the one before; each has a role, a permission and a denial. @param count a multiple of 1,000 */
export function addGroups(store: SiteStore, count: number, depth: number): void {
	for (let from = 0; from < count; from += 1_000)
		store.transaction(() => {
			for (let n = from; n < from + 1_000; n += 1) {
				const parentId = n % depth === 0 ? null : `g-${n - 1}`;
				store.operators.addGroup({ id: `g-${n}`, kind: 'company', name: `Group ${n}`, tags: [`t${n % 50}`], parentId });
				store.operators.setGroupRules(`g-${n}`, {
					roles: [{ roleId: n % 2 === 0 ? 'reception' : 'security', scope: 'site' }],
					permissions: [{ permission: PERMISSIONS[n % PERMISSIONS.length] ?? 'lanes:read', scope: 'site' }],
					denials: [{ permission: PERMISSIONS[(n + 7) % PERMISSIONS.length] ?? 'lanes:read', scope: 'site' }],
				});
			}
		});
}

/** Everybody of `addOperators` in two groups of `addGroups`, with a seat each; `op-0` administers. */
export function joinGroups(dir: string, groups: number): void {
	fillSite(
		dir,
		`INSERT OR IGNORE INTO operator_group_members (group_id, operator_id)
			SELECT 'g-' || (substr(operator_id, 4) % ${groups}), operator_id FROM operator_names WHERE operator_id GLOB 'op-*'
			UNION SELECT 'g-' || ((substr(operator_id, 4) * 7 + 19) % ${groups}), operator_id FROM operator_names WHERE operator_id GLOB 'op-*';
		INSERT INTO operator_roles (operator_id, role_id, scope)
			SELECT operator_id, CASE WHEN substr(operator_id, 4) % 300 = 7 THEN 'technician' ELSE 'user' END, 'site'
			FROM operator_names WHERE operator_id GLOB 'op-*';
		INSERT OR REPLACE INTO operator_roles (operator_id, role_id, scope) VALUES ('op-0', 'administrator', 'site');
		INSERT INTO operator_seats (operator_id, active) SELECT operator_id, 1 FROM operator_names WHERE true ON CONFLICT DO UPDATE SET active = 1`,
	);
}

/** Rows that the store has no quick way to make, by a connection of its own. */
export function fillSite(dir: string, sql: string): void {
	const db = new Database(path.join(dir, SITE_FILE));
	db.pragma('synchronous = OFF');
	db.transaction(() => db.exec(sql))();
	db.close();
}
