import type { Migration } from './migrations.ts';

/**
 * A picture is named by the SHA-256 of the bytes that came, so that it is kept once, and one that was blurred or deleted
 * does not come back. `sha256` is of what is kept now; null: nothing is. `plate` finds reads of a person without a decision.
 */
export const EVIDENCE_MIGRATION: Migration = {
	name: 'evidence images',
	sql: `
CREATE TABLE evidence_images (
	id TEXT PRIMARY KEY,
	sha256 TEXT,
	content_type TEXT NOT NULL,
	width_px INTEGER NOT NULL,
	height_px INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	stored_at_ms INTEGER NOT NULL,
	blurred_at_ms INTEGER,
	blurred_by TEXT,
	held_until_ms INTEGER,
	held_by TEXT,
	held_reason TEXT,
	deleted_at_ms INTEGER,
	deleted_by TEXT,
	deleted_reason TEXT,
	CHECK ((sha256 IS NULL) = (deleted_at_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_images_by_time ON evidence_images (stored_at_ms, id);
CREATE INDEX evidence_images_held ON evidence_images (held_until_ms) WHERE held_until_ms IS NOT NULL;

CREATE TABLE evidence_links (
	image_id TEXT NOT NULL REFERENCES evidence_images ON DELETE CASCADE,
	observation_id TEXT NOT NULL,
	lane_id TEXT NOT NULL,
	role TEXT NOT NULL,
	device_id TEXT NOT NULL,
	decision_id TEXT,
	plate TEXT,
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (image_id, observation_id, lane_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_links_of_decision ON evidence_links (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX evidence_links_of_observation ON evidence_links (observation_id);
CREATE INDEX evidence_links_of_plate ON evidence_links (plate) WHERE plate IS NOT NULL;

CREATE TABLE evidence_usage (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	images INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT;
INSERT INTO evidence_usage VALUES (1, 0, 0);
CREATE TRIGGER evidence_kept AFTER INSERT ON evidence_images WHEN NEW.sha256 IS NOT NULL BEGIN
	UPDATE evidence_usage SET images = images + 1, bytes = bytes + NEW.bytes;
END;
CREATE TRIGGER evidence_ended AFTER DELETE ON evidence_images WHEN OLD.sha256 IS NOT NULL BEGIN
	UPDATE evidence_usage SET images = images - 1, bytes = bytes - OLD.bytes;
END;
CREATE TRIGGER evidence_changed AFTER UPDATE OF sha256, bytes ON evidence_images BEGIN
	UPDATE evidence_usage SET images = images + (NEW.sha256 IS NOT NULL) - (OLD.sha256 IS NOT NULL),
		bytes = bytes + iif(NEW.sha256 IS NULL, 0, NEW.bytes) - iif(OLD.sha256 IS NULL, 0, OLD.bytes);
END;
`,
};
