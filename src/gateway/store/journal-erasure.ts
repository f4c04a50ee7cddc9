import type { EventName, JournalEntry } from '../core/journal.ts';
import type { AuditIndex } from './audit-rows.ts';
import { createDecisionTraces } from './decision-traces.ts';
import type { DecisionIndex } from './decisions.ts';
import type { EditHistory } from './edit-history.ts';
import { decodeBody } from './journal-body.ts';
import { createJournalEpochs } from './journal-epochs.ts';
import { createJournalRows } from './journal-rows.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { TelemetryRows } from './telemetry-rows.ts';
import type { Transactions } from './transactions.ts';

/** A row that was not erased. */
export interface ReadableRow {
	/** Place in the file, over all epochs. */
	readonly position: number;
	/** As stored: a text of the entry stands in it as JSON. */
	readonly body: string;
	entry(): JournalEntry;
}

export interface ReadablePart {
	readonly rows: readonly ReadableRow[];
	/** Up to here there are no others; 0 rows and the position asked for: the journal's end. */
	readonly upTo: number;
}

/** The journal as retention and erasure go through it, from its first row on, by position. */
export interface JournalErasure {
	/** Some rows after `position`, at most `limit`. */
	after(position: number, limit: number): ReadablePart;
	last(): number;
	/** Central has everything up to here durably; `sinceMs`: and has had it since then at the latest. */
	acknowledged(sinceMs?: number): number;
	/** Erases what rows say, also where lists show them; the chain still verifies. @returns how many were not erased before. */
	erase(rows: readonly ReadableRow[]): number;
	/** Bytes of telemetry that are not erased. */
	telemetryBytes(): number;
	/** Telemetry after `position`, oldest first, at most `limit`, with its name. */
	telemetryAfter(position: number, limit: number): readonly (ReadableRow & { readonly name: EventName })[];
	/** Follows an erasure: rewrites the file's pages on which erased decisions stood before they were moved. */
	clearTraces(positions: readonly number[]): void;
}

export interface JournalErasureParts {
	readonly index: Pick<DecisionIndex, 'erase'>;
	readonly auditIndex: Pick<AuditIndex, 'forget'>;
	readonly editHistory: Pick<EditHistory, 'forgetKey'>;
	readonly telemetry: TelemetryRows;
	/** See `JournalStore.acknowledgedPosition`. */
	readonly acknowledged: (sinceMs?: number) => number;
}

/** Places looked at for rows at once, erased ones included: a look of at most a few ms. */
const PLACES = 2_000;

export function createJournalErasure(
	db: Sqlite,
	transactions: Transactions,
	{ index, auditIndex, editHistory, telemetry, acknowledged }: JournalErasureParts,
): JournalErasure {
	const rows = createJournalRows(db);
	const epochs = createJournalEpochs(db);
	const texts = createSharedTexts(db, transactions);
	const traces = createDecisionTraces(db);
	const select = db.prepare<[number, number, number], { readonly position: number; readonly body: string }>(
		'SELECT position, body FROM journal WHERE position > ? AND position <= ? AND body IS NOT NULL ORDER BY position LIMIT ?',
	);
	const last = () => rows.last()?.position ?? 0;

	function after(position: number, limit: number): ReadablePart {
		const end = Math.min(position + PLACES, last());
		const found = select.all(position, end, limit);
		const upTo = found.length === limit ? (found.at(-1)?.position ?? end) : Math.max(position, end);
		return { rows: found.map((row) => ({ ...row, entry: () => decodeBody(row.body, texts) })), upTo };
	}

	function erase(erased: readonly ReadableRow[]): number {
		let count = 0;
		for (const row of erased) {
			const entry = row.entry();
			if (!rows.erase(row.position)) continue;
			if (entry.type === 'decision') index.erase(row.position);
			telemetry.forget(row.position);
			auditIndex.forget(row.position);
			if (entry.type === 'edit') editHistory.forgetKey(entry.table, entry.key, row.position);
			count += 1;
		}
		return count;
	}

	return {
		after: (position, limit) => transactions.read(() => after(position, limit)),
		last: () => transactions.read(last),
		acknowledged,
		telemetryBytes: () => transactions.read(telemetry.bytes),
		telemetryAfter: (position, limit) =>
			transactions.read(() =>
				telemetry.after(position, limit).flatMap((place) => {
					const body = rows.at(place)?.body ?? null;
					if (body === null) return [];
					return [{ position: place, body, entry: () => decodeBody(body, texts), name: epochs.writtenAs(place) }];
				}),
			),
		erase: (erased) => transactions.run(() => erase(erased)),
		clearTraces: (positions) => transactions.run(() => traces.clear(positions)),
	};
}
