import { ITEM_CODES } from './scim-places.ts';

/**
 * Operators and their groups as identity providers see them. Every operator and every group has its row: `attributes` is
 * JSON of what came by SCIM and has no place elsewhere. Filters never look into it, but into `scim_items`: there its
 * values stand apart, those of one attribute near one another, in lower case where any case will do. An index by operator would be taken for
 * every filter, and finds each value by itself: what is theirs is found by all codes of attributes. `deleted`: removed by SCIM, which takes away what they had and
 * keeps the operator for the console, until they come back.
 */
export const SCIM_SQL = `
CREATE TABLE scim_users (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	user_name TEXT NOT NULL,
	user_name_key TEXT NOT NULL UNIQUE,
	display_key TEXT NOT NULL,
	external_id TEXT,
	active INTEGER NOT NULL,
	deleted INTEGER NOT NULL DEFAULT 0,
	created_at_ms INTEGER NOT NULL,
	changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_users_shown ON scim_users (deleted, active, operator_id);
CREATE INDEX scim_users_in_order ON scim_users (deleted, operator_id);
CREATE INDEX scim_users_by_user_name ON scim_users (deleted, user_name_key, operator_id);
CREATE INDEX scim_users_by_display ON scim_users (deleted, display_key, operator_id);
CREATE INDEX scim_users_by_external ON scim_users (deleted, external_id, operator_id);

CREATE TABLE scim_attributes (
	operator_id TEXT PRIMARY KEY REFERENCES scim_users ON DELETE CASCADE,
	attributes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scim_items (
	list INTEGER NOT NULL,
	operator_id TEXT NOT NULL,
	at INTEGER NOT NULL,
	value TEXT,
	type TEXT,
	display TEXT,
	is_primary INTEGER,
	formatted TEXT, street_address TEXT, locality TEXT, region TEXT, postal_code TEXT, country TEXT,
	PRIMARY KEY (list, operator_id, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_items_of_emails ON scim_items (value, operator_id) WHERE list = 1;
CREATE TRIGGER scim_user_gone AFTER DELETE ON scim_users BEGIN
	DELETE FROM scim_items WHERE list IN (${ITEM_CODES.join(', ')}) AND operator_id = OLD.operator_id;
END;

CREATE TRIGGER scim_state_changed AFTER UPDATE OF state ON operators WHEN NEW.state <> OLD.state BEGIN
	UPDATE scim_users SET active = (NEW.state <> 'inactive'), deleted = CASE NEW.state WHEN 'inactive' THEN deleted ELSE 0 END
	WHERE operator_id = NEW.id;
END;
CREATE TRIGGER scim_offboarding_undone AFTER DELETE ON offboardings BEGIN
	UPDATE scim_users SET deleted = 0 WHERE operator_id = OLD.operator_id;
END;

CREATE TABLE scim_groups (
	group_id TEXT PRIMARY KEY REFERENCES operator_groups ON DELETE CASCADE,
	display_key TEXT NOT NULL,
	external_id TEXT,
	created_at_ms INTEGER NOT NULL,
	changed_at_ms INTEGER NOT NULL,
	changes INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_groups_by_display ON scim_groups (display_key, group_id);
CREATE INDEX scim_groups_by_external ON scim_groups (external_id) WHERE external_id IS NOT NULL;

CREATE TRIGGER scim_member_gone AFTER DELETE ON operator_group_members BEGIN
	UPDATE scim_groups SET changes = changes + 1 WHERE group_id = OLD.group_id;
END;
`;
