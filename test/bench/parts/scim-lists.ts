import path from 'node:path';
import Database from 'better-sqlite3';
import { GROUP_MODEL } from '../../../src/gateway/core/scim/group-schema.ts';
import { parseFilter } from '../../../src/gateway/core/scim/parse-filter.ts';
import type { ScimModel } from '../../../src/gateway/core/scim/scim-schema.ts';
import { USER_MODEL } from '../../../src/gateway/core/scim/user-schema.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { openOperators, withOperators } from '../operators-bench.ts';

const OPERATORS = 100_000;
const GROUPS = 10_000;
const ASKED = 60;
const ASKED_SLOWLY = 10;

/** 100,000 users with what Entra ID sends of each, in 10,000 groups: what identity providers ask for. */
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
				'person ' || (i % 997) || ' ' || i, 'ext-' || i, 1, 0, 0 FROM n;
		INSERT INTO scim_attributes (operator_id, attributes) SELECT printf('op-%06d', i), json_object(
			'name', json_object('familyName', 'Family ' || (i % 997), 'givenName', 'Given', 'formatted', 'Given Family'),
			'title', 'Tour Guide', 'preferredLanguage', 'fr-BE',
			'emails', json_array(json_object('value', 'person' || i || '@acme.example', 'type', 'work', 'primary', json('true'))),
			'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', json_object('department', 'Department ' || (i % 50))) FROM n;
		INSERT INTO scim_emails (value_key, operator_id) SELECT 'person' || i || '@acme.example', printf('op-%06d', i) FROM n;
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
		asked = ASKED,
	) => {
		const durationsMs: number[] = [];
		for (let turn = 0; turn < asked; turn += 1) {
			const startedMs = performance.now();
			const text = filterOf(turn);
			const filter = text === undefined ? undefined : parseFilter(model, text);
			await operators.scim.list({ model: model.name, filter, sort: undefined, offset, limit: 100 }, false);
			durationsMs.push(performance.now() - startedMs);
		}
		return percentile(durationsMs, 0.95);
	};
	const figure = (what: string, measured: number): Figure => ({
		...{ what: `${what}, p95`, measured, unit: 'ms', target: { atMost: 150 } },
	});
	const users = async (what: string, filterOf: (turn: number) => string | undefined, offset = 0) =>
		figure(what, await spread(USER_MODEL, filterOf, offset));
	const groups = async (what: string, filterOf: (turn: number) => string | undefined) =>
		figure(what, await spread(GROUP_MODEL, filterOf));
	const unindexed = await spread(USER_MODEL, (turn) => `name.familyName co "ily ${turn}"`, 0, ASKED_SLOWLY);
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
		{
			...{ what: 'no index: name.familyName co, p95', measured: unindexed, unit: 'ms' },
			note: 'in the gateway such are looked for on a thread of their own',
		},
	];
	store.close();
	return figures;
}
