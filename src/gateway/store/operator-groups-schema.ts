import type { Migration } from './migrations.ts';
import { OFFBOARDINGS_SQL } from './offboardings.ts';
import { OPERATOR_PROFILES_SQL } from './operator-profiles.ts';
import { OPERATOR_SEATS_SQL } from './operator-seats.ts';
import { SCIM_SQL } from './scim-schema.ts';

/**
 * Groups of operators, each in at most one other. `rule` says what `what` is: a role's id, or a permission that is
 * given, some until a moment, or denied; all for a scope (`core/permission/scope.ts`). A name is one of its kind beside its neighbours.
 */
export const OPERATOR_GROUPS_MIGRATION: Migration = {
	name: 'groups of operators, permissions of one operator, who has left',
	sql: `
CREATE TABLE operator_groups (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('role', 'region', 'partnerType', 'site', 'company')),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	parent_id TEXT REFERENCES operator_groups,
	tags TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	CHECK (parent_id <> id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX operator_groups_by_place ON operator_groups (ifnull(parent_id, ''), name_key);
CREATE INDEX operator_groups_by_parent ON operator_groups (parent_id);
CREATE INDEX operator_groups_by_name ON operator_groups (name_key, id);

CREATE TABLE operator_group_rules (
	group_id TEXT NOT NULL REFERENCES operator_groups ON DELETE CASCADE,
	rule TEXT NOT NULL CHECK (rule IN ('role', 'permission', 'denial')),
	what TEXT NOT NULL,
	scope TEXT NOT NULL,
	ends_at_ms INTEGER,
	PRIMARY KEY (group_id, rule, what, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_group_rules_by_scope ON operator_group_rules (scope, group_id) WHERE rule = 'permission';
CREATE INDEX operator_group_rules_by_what ON operator_group_rules (rule, what, group_id);

CREATE TABLE operator_group_members (
	group_id TEXT NOT NULL REFERENCES operator_groups ON DELETE CASCADE,
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	PRIMARY KEY (group_id, operator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_group_members_by_operator ON operator_group_members (operator_id, group_id);

CREATE TABLE operator_permissions (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	permission TEXT NOT NULL,
	scope TEXT NOT NULL,
	ends_at_ms INTEGER,
	PRIMARY KEY (operator_id, permission, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_permissions_by_scope ON operator_permissions (scope, operator_id);
${OPERATOR_SEATS_SQL}${OFFBOARDINGS_SQL}${OPERATOR_PROFILES_SQL}${SCIM_SQL}`,
};
