import path from 'node:path';
import Database from 'better-sqlite3';
import { sortOf } from '../../../src/api/http/scim/scim-query.ts';
import { GROUP_MODEL } from '../../../src/gateway/core/scim/group-schema.ts';
import { parseFilter } from '../../../src/gateway/core/scim/parse-filter.ts';
import type { ScimModel } from '../../../src/gateway/core/scim/scim-schema.ts';
import { ENTERPRISE_USER_ID, USER_MODEL } from '../../../src/gateway/core/scim/user-schema.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { openOperators, withOperators } from '../operators-bench.ts';

const OPERATORS = 100_000;
const GROUPS = 10_000;
const ASKED = 24;

/** 100,000 users with what Entra ID sends of each, in 10,000 groups: what identity providers ask for, and what they could. */
export const scimLists: Part = {
	name: 'scim-lists',
	limitS: 240,
	run: () =>
		withOperators('scim', (dir) => {
			openOperators(dir).store.close();
			fill(dir);
			return measure(dir);
		}),
};

function fill(dir: string): void {
	const db = new Database(path.join(dir, SITE_FILE));
	db.pragma('synchronous = OFF');
	db.exec(`BEGIN;
		CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${OPERATORS - 1}) SELECT i FROM n;
		INSERT INTO operators (id, email, name, state, password_hash, created_at_ms)
			SELECT printf('op-%06d', i), 'person' || i || '@acme.example', 'Person ' || (i % 997) || ' ' || i, 'active', 'x', 0 FROM n;
		INSERT INTO scim_users (operator_id, user_name, user_name_key, display_key, external_id, active, created_at_ms, changed_at_ms)
			SELECT printf('op-%06d', i), 'person' || i || '@acme.example', 'person' || i || '@acme.example',
				'person ' || (i % 997) || ' ' || i, 'ext-' || i, 1, 0, i FROM n;
		INSERT INTO scim_attributes (operator_id, attributes) SELECT printf('op-%06d', i), json_object(
			'name', json_object('familyName', 'Family ' || (i % 997), 'givenName', 'Given', 'formatted', 'Given Family'),
			'title', 'Tour Guide', 'preferredLanguage', 'fr-BE',
			'emails', json_array(json_object('value', 'person' || i || '@acme.example', 'type', 'work', 'primary', json('true'))),
			'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', json_object('department', 'Department ' || (i % 50))) FROM n;
		INSERT INTO scim_items (list, operator_id, at, value, type, is_primary)
			SELECT 1, printf('op-%06d', i), 0, 'person' || i || '@acme.example', 'work', 1 FROM n
			UNION ALL SELECT 2, printf('op-%06d', i), 0, '+32 2 555 ' || i, 'mobile', NULL FROM n
			UNION ALL SELECT 8, printf('op-%06d', i), 0, NULL, NULL, NULL FROM n
			UNION ALL SELECT 11, printf('op-%06d', i), 0, 'family ' || (i % 997), NULL, NULL FROM n
			UNION ALL SELECT 12, printf('op-%06d', i), 0, 'given', NULL, NULL FROM n
			UNION ALL SELECT 18, printf('op-%06d', i), 0, 'tour guide', NULL, NULL FROM n
			UNION ALL SELECT 20, printf('op-%06d', i), 0, 'fr-be', NULL, NULL FROM n
			UNION ALL SELECT 27, printf('op-%06d', i), 0, 'department ' || (i % 50), NULL, NULL FROM n;
		INSERT INTO operator_roles (operator_id, role_id, scope) SELECT printf('op-%06d', i), 'user', 'site' FROM n;
		INSERT INTO operator_groups (id, kind, name, name_key, tags) SELECT 'g-' || i, 'role', 'Group ' || i, 'group ' || i, '[]' FROM n WHERE i < ${GROUPS};
		INSERT INTO scim_groups (group_id, display_key, created_at_ms, changed_at_ms) SELECT 'g-' || i, 'group ' || i, 0, 0 FROM n WHERE i < ${GROUPS};
		INSERT INTO operator_group_members (group_id, operator_id) SELECT 'g-' || (i % ${GROUPS}), printf('op-%06d', i) FROM n;
		COMMIT`);
	db.close();
}

async function measure(dir: string): Promise<readonly Figure[]> {
	const { store, operators } = openOperators(dir);
	const spread = async (
		model: ScimModel,
		filterOf: (turn: number) => string | undefined,
		offset = 0,
		sortBy?: string,
	) => {
		const sort =
			sortBy === undefined
				? undefined
				: sortOf(model, { sortBy, ...(sortBy === 'emails' && { sortOrder: 'descending' }) });
		const durationsMs: number[] = [];
		for (let turn = 0; turn < ASKED; turn += 1) {
			const startedMs = performance.now();
			const text = filterOf(turn);
			const filter = text === undefined ? undefined : parseFilter(model, text);
			await operators.scim.list({ model: model.name, filter, sort, offset, limit: 100 }, false);
			durationsMs.push(performance.now() - startedMs);
		}
		return percentile(durationsMs, 0.95);
	};
	const figure = (what: string, measured: number): Figure => ({
		...{ what: `${what}, p95`, measured, unit: 'ms', target: { atMost: 150 } },
	});
	const users = async (what: string, filterOf: (turn: number) => string | undefined, offset = 0, sortBy?: string) =>
		figure(what, await spread(USER_MODEL, filterOf, offset, sortBy));
	const groups = async (what: string, filterOf: (turn: number) => string | undefined) =>
		figure(what, await spread(GROUP_MODEL, filterOf));
	const figures: readonly Figure[] = [
		await users('page of users', () => undefined),
		await users('last page of users', () => undefined, OPERATORS - 100),
		await users('userName eq', (turn) => `userName eq "Person${turn * 97}@acme.example"`),
		await users('externalId eq', (turn) => `externalId eq "ext-${turn * 97}"`),
		await users(
			'emails[type and value eq]',
			(turn) => `emails[type eq "work" and value eq "person${turn}@acme.example"]`,
		),
		await users('active eq and userName sw', (turn) => `active eq true and userName sw "person${turn}1"`),
		await users('displayName co', (turn) => `displayName co "${turn} 9"`),
		await groups('group: displayName eq', (turn) => `displayName eq "group ${turn * 97}"`),
		await groups('groups of a member', (turn) => `members[value eq "op-0000${turn + 10}"]`),
		await users('name.familyName co', (turn) => `name.familyName co "ily ${turn}"`),
		await users('name.familyName co, all of them', () => 'name.familyName co "ily"'),
		await users('name.familyName ew, and title pr', (turn) => `name.familyName ew "${turn}" and title pr`),
		await users('department ne', (turn) => `department ne "Department ${turn}"`),
		await users(
			'meta.lastModified gt',
			(turn) => `meta.lastModified gt "1970-01-01T00:01:${String(turn).padStart(2, '0')}Z"`,
		),
		await users('emails[type eq and value co]', (turn) => `emails[type eq "work" and value co "${turn}77@acme"]`),
		await users('emails.value co, all of them', () => 'emails co "@acme"'),
		await users('not (phoneNumbers.value sw)', (turn) => `not (phoneNumbers.value sw "+32 2 555 ${turn}")`),
		await users('roles.value eq', () => 'roles.value eq "user"'),
		await users('groups.display co', (turn) => `groups.display co "up ${turn}"`),
		await users('schemas eq', () => `schemas eq "${ENTERPRISE_USER_ID}"`),
		await users('sorted by name.familyName', () => undefined, 0, 'name.familyName'),
		await users('sorted by emails, descending', () => undefined, 0, 'emails'),
		await groups('group: members.display co', (turn) => `members.display co "son ${turn} "`),
	];
	store.close();
	return figures;
}
