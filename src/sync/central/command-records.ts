import type { CommandResult } from '../commands.ts';
import type { Body } from '../envelope.ts';
import type { CentralSqlite } from './central-database.ts';

/**
 * `report`: what a command found, JSON. `text`: of a proposed configuration. `keep_within_s`: of a configuration that
 * central keeps by itself when the site is back with it. `site_configurations`: what each site told of its own.
 */
export const COMMANDS_SQL = `
ALTER TABLE commands ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE commands ADD COLUMN report TEXT;
ALTER TABLE commands ADD COLUMN text TEXT;
ALTER TABLE commands ADD COLUMN keep_within_s INTEGER;

CREATE TABLE site_configurations (
	site TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	source TEXT NOT NULL,
	trial TEXT,
	told_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

export interface CommandRecord {
	readonly id: string;
	readonly site: string;
	readonly op: string;
	readonly target: string;
	readonly by: string;
	readonly reason: string;
	readonly atMs: number;
	/** null: under way, or central stopped before the answer. */
	readonly outcome: CommandResult['outcome'] | null;
	readonly because: string | null;
	/** What it found, JSON; null: nothing, or it did not come whole. */
	readonly report: string | null;
	/** Of a configuration that was proposed. */
	readonly text: string | null;
	readonly keepWithinS: number | null;
}

export type SiteConfigurationNow = NonNullable<Body<'birth'>['configuration']>;

/** What was asked of sites and what came of it; and the configuration each runs. */
export interface CommandRecords {
	add(command: Omit<CommandRecord, 'outcome' | 'because' | 'report'>): void;
	get(id: string): CommandRecord | undefined;
	/** The first word of the site stays; central's own `unknown` gives way to it. @returns false: no such command of the site. */
	finish(site: string, result: CommandResult): boolean;
	keepReport(id: string, report: string): void;
	noteConfiguration(site: string, told: SiteConfigurationNow, atMs: number): void;
	/** As the site told at its last birth. */
	configuration(site: string): (SiteConfigurationNow & { readonly toldAtMs: number }) | undefined;
	/** Configurations that were proposed to the site, newest first, with their texts. */
	proposals(site: string, limit: number): readonly CommandRecord[];
}

const COLUMNS = `id, site, op, target, by, reason, at_ms AS atMs, outcome, because, report, text,
	keep_within_s AS keepWithinS`;

export function createCommandRecords(db: CentralSqlite): CommandRecords {
	const insert = db.prepare<[Omit<CommandRecord, 'outcome' | 'because' | 'report'>]>(
		`INSERT INTO commands (id, site, op, target, by, reason, at_ms, text, keep_within_s)
		VALUES (:id, :site, :op, :target, :by, :reason, :atMs, :text, :keepWithinS)`,
	);
	const select = db.prepare<[string], CommandRecord>(`SELECT ${COLUMNS} FROM commands WHERE id = ?`);
	const update = db.prepare<[CommandResult & { readonly site: string }]>(
		`UPDATE commands SET outcome = :outcome, because = :because
		WHERE id = :commandId AND site = :site AND (outcome IS NULL OR outcome = 'unknown')`,
	);
	const setReport = db.prepare<[string, string]>('UPDATE commands SET report = ? WHERE id = ?');
	const upsert = db.prepare<[string, string, string, string | null, number]>(
		`INSERT INTO site_configurations (site, version, source, trial, told_at_ms) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (site) DO UPDATE SET version = excluded.version, source = excluded.source, trial = excluded.trial,
			told_at_ms = excluded.told_at_ms`,
	);
	const selectTold = db.prepare<
		[string],
		Omit<SiteConfigurationNow, 'trial'> & { readonly trial: string | null; readonly toldAtMs: number }
	>('SELECT version, source, trial, told_at_ms AS toldAtMs FROM site_configurations WHERE site = ?');
	const selectProposals = db.prepare<[string, number], CommandRecord>(
		`SELECT ${COLUMNS} FROM commands WHERE site = ? AND op = 'configPropose' ORDER BY at_ms DESC, id DESC LIMIT ?`,
	);
	return {
		add: (command) => void insert.run(command),
		get: (id) => select.get(id),
		finish: (site, result) => update.run({ ...result, site }).changes === 1,
		keepReport: (id, report) => void setReport.run(report, id),
		noteConfiguration(site, { version, source, trial }, atMs) {
			upsert.run(site, version, source, trial && JSON.stringify(trial), atMs);
		},
		configuration(site) {
			const told = selectTold.get(site);
			return told && { ...told, trial: told.trial === null ? null : JSON.parse(told.trial) };
		},
		proposals: (site, limit) => selectProposals.all(site, limit),
	};
}
