import type { DirectoryTable } from '../core/directory.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { EditEntry, EpochReason, JournalEntry, JournalRow } from '../core/journal.ts';
import type { ChainHash } from '../core/journal-chain.ts';
import type { AuditIndex } from './audit-rows.ts';
import type { DecisionIndex, DecisionStore } from './decisions.ts';
import type { EditHistory } from './edit-history.ts';
import { createAckMarks } from './journal-acks.ts';
import { decodeBody, encodeBody } from './journal-body.ts';
import { createCarriedChains } from './journal-carried.ts';
import type { JournalCheck } from './journal-check.ts';
import { createEpochDrafts, type EpochDraft } from './journal-drafts.ts';
import { createJournalEpochs, type Epoch } from './journal-epochs.ts';
import { chainStart } from './journal-hashes.ts';
import { createJournalRows, type JournalEnd, type StoredRow } from './journal-rows.ts';
import { createToldRows, type OutboxRow } from './journal-told.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { TelemetryRows } from './telemetry-rows.ts';
import type { Transactions } from './transactions.ts';
import type { OpenVend, OperatorVends } from './vends.ts';

/** A history of this store as central is told it. */
export interface ToldEpoch {
	readonly gatewayEpoch: string;
	readonly reason: EpochReason;
	readonly startedAtMs: number;
	/** Last row that is told under this name; grows in the newest only. */
	readonly lastSeq: number;
	/** Central has everything up to here durably; 0: nothing yet. */
	readonly ackedSeq: number;
}

/** Append-only, gap-free from 1 within a gateway epoch, hash-chained. Without a name the newest epoch is meant. */
export interface JournalStore {
	gatewayEpoch(): string;
	/** Oldest first; the last is the one that rows are written in. */
	epochs(): readonly ToldEpoch[];
	/** Seq begins again at 1. `from`: rows after this one are told again in the new epoch. */
	draftEpoch(from?: { readonly gatewayEpoch: string; readonly seq: number }): EpochDraft;
	/** Starts a new epoch that tells nothing again. @returns its name. */
	startEpoch(nowMs: number): string;
	/** @returns the row's seq. Joins the running transaction; a grant's or operator's vend is open from here until its outcome is appended. */
	append(entry: JournalEntry): number;
	/** Seq of the last row of this epoch; 0 when there is none. */
	lastSeq(): number;
	/** Place of the last row over all epochs. */
	lastPosition(): number;
	/** Rows told in the epoch after `seq`, in order, at most `limit`. Throws NOT_FOUND for an unknown epoch. */
	after(seq: number, limit: number, gatewayEpoch?: string): readonly OutboxRow[];
	/** What one row tells; null: erased, or there is no such row. */
	entryAt(gatewayEpoch: string, seq: number): JournalEntry | null;
	/** Hash after row `seq` of the epoch, 0 for its start; undefined when there is no such row. */
	chainAt(seq: number, gatewayEpoch?: string): ChainHash | undefined;
	/** The decision (first) and all that followed from it; empty when unknown. */
	withSequel(decisionId: string): readonly JournalRow[];
	/** What was edited of one row of the directory, newest first, and all of one batch in its order; erased entries are left out. */
	editsOf(
		of: { readonly table: DirectoryTable; readonly key: string } | { readonly batchId: string },
		limit: number,
	): readonly EditEntry[];
	/** Something of the batch was erased: it can't be told, nor undone. */
	isErased(batchId: string): boolean;
	/** Vends of grants and operators that were intended and have no outcome. After a restart these are appended as `unknown` and never sent again. */
	vendsWithoutOutcome(): readonly OpenVend[];
	/** Central has everything up to here durably; 0: nothing yet. */
	ackedSeq(): number;
	/** Place over all epochs up to which central has everything; `sinceMs`: and has had it since then at the latest. */
	acknowledgedPosition(sinceMs?: number): number;
	/** Moves the cursor, also backwards. Throws CONFLICT beyond the last row: central knows another history. */
	setAcked(seq: number, gatewayEpoch?: string): void;
	/** The rest of the disk is kept for decisions and audit: edits of the directory are refused with STORE_FULL until it is not short. */
	setShort(isShort: boolean): void;
	/** Erases what rows say for ever (personal data, expired telemetry); the chain still verifies. Follow with `SiteStore.scrub()`. @returns rows erased. */
	erase(seqs: readonly number[]): number;
	/** Checks up to `limit` rows after `afterSeq` of the epoch: no gap, every hash follows. */
	verify(afterSeq: number, limit: number, gatewayEpoch?: string): JournalCheck;
}

export interface JournalParts {
	readonly index: DecisionIndex;
	readonly auditIndex: AuditIndex;
	readonly decisions: Pick<DecisionStore, 'positionsOf' | 'opening'>;
	readonly operatorVends: OperatorVends;
	readonly editHistory: EditHistory;
	readonly telemetry: TelemetryRows;
	readonly nowMs: () => number;
}

const NEARLY_FULL =
	'the disk is nearly full: what is left is kept for decisions; free space, then people, credentials and rights can be changed again';

export function createJournal(db: Sqlite, transactions: Transactions, parts: JournalParts): JournalStore {
	const rows = createJournalRows(db);
	const epochs = createJournalEpochs(db);
	const texts = createSharedTexts(db, transactions);
	const head = createHead();
	const carried = createCarriedChains(db, rows);
	const acks = createAckMarks(db, parts.nowMs);
	const told = createToldRows({ rows, epochs, carried, entryOf });
	const { index, auditIndex, decisions, operatorVends, editHistory, telemetry } = parts;
	let isShort = false;
	const { read, run } = transactions;
	const lastPosition = () => head.get().end.position;
	const draftEpoch = createEpochDrafts({ rows, epochs, carried, told, transactions, onStart: head.forget });
	if (!db.readonly && !epochs.exists()) draftEpoch().start('new', parts.nowMs());

	/** Kept in memory until another program may have written; a reader beside the writer keeps nothing. */
	function createHead() {
		let known: { readonly epoch: Epoch; readonly end: JournalEnd } | undefined;
		const forget = () => {
			known = undefined;
		};
		transactions.onForget(forget);
		return {
			forget,
			get() {
				if (known !== undefined) return known;
				const epoch = epochs.current();
				const last = rows.last();
				const isFirst = last === undefined || last.position === epoch.beforePosition;
				const end = isFirst ? { position: epoch.beforePosition, chain: startOf(epoch) } : last;
				const found = { epoch, end };
				if (!db.readonly) known = found;
				return found;
			},
			set(epoch: Epoch, end: JournalEnd) {
				known = { epoch, end };
			},
		};
	}

	/** What the first row written in an epoch follows. */
	function startOf(epoch: Epoch): ChainHash {
		const { gatewayEpoch, beforePosition, carriedFrom } = epoch;
		if (carriedFrom === beforePosition) return chainStart(gatewayEpoch);
		const chain = carried.markAt(epoch, beforePosition - carriedFrom);
		if (chain === undefined)
			throw new GatewayError('STORE_CORRUPT', 'the journal has lost its chain; restore a backup');
		return chain;
	}

	function append(entry: JournalEntry): number {
		if (isShort && entry.type === 'edit') throw new GatewayError('STORE_FULL', NEARLY_FULL);
		const { epoch, end } = head.get();
		const seq = end.position + 1 - epoch.carriedFrom;
		const body = encodeBody(entry, texts);
		const next = rows.append(end, seq, body);
		if (entry.class === 'telemetry') telemetry.add(next.position, body);
		index.follow(next.position, entry);
		operatorVends.follow(entry);
		editHistory.follow(next.position, entry);
		auditIndex.follow(next.position, entry);
		head.set(epoch, next);
		return seq;
	}

	function lastSeq(): number {
		const { epoch, end } = head.get();
		return end.position - epoch.carriedFrom;
	}

	function entryOf({ body }: StoredRow): JournalEntry | null {
		return body === null ? null : decodeBody(body, texts);
	}

	function withSequel(decisionId: string): readonly JournalRow[] {
		return decisions.positionsOf(decisionId).flatMap((position) => {
			const row = rows.at(position);
			const entry = row === undefined ? null : entryOf(row);
			return entry === null ? [] : [{ seq: epochs.seqOf(position), entry }];
		});
	}

	function editsOf(of: Parameters<JournalStore['editsOf']>[0], limit: number): readonly EditEntry[] {
		const positions =
			'batchId' in of ? editHistory.ofBatch(of.batchId, limit) : editHistory.ofRow(of.table, of.key, limit);
		return positions.flatMap((position) => {
			const row = rows.at(position);
			const entry = row === undefined ? null : entryOf(row);
			return entry?.type === 'edit' ? [entry] : [];
		});
	}

	function isErased(batchId: string): boolean {
		return editHistory.ofBatch(batchId, Number.MAX_SAFE_INTEGER).some((position) => rows.at(position)?.body === null);
	}

	function openGrants(): readonly OpenVend[] {
		return decisions.opening().flatMap((id) => {
			const entry = withSequel(id)[0]?.entry;
			if (entry?.type !== 'decision' || entry.vendId === null) return [];
			const { vendId, laneId, atMs } = entry;
			return [{ vendId, laneId, decisionId: id, operatorId: null, requestedAtMs: atMs }];
		});
	}

	function epochNamed(gatewayEpoch: string | undefined): { readonly epoch: Epoch; readonly endPosition: number } {
		const { epoch, end } = head.get();
		if (gatewayEpoch === undefined || gatewayEpoch === epoch.gatewayEpoch) return { epoch, endPosition: end.position };
		const span = told.spanOf(gatewayEpoch);
		return { epoch: span, endPosition: span.endPosition };
	}

	function setAcked(seq: number, gatewayEpoch?: string): void {
		const { epoch, endPosition } = epochNamed(gatewayEpoch);
		const last = endPosition - epoch.carriedFrom;
		if (seq > last)
			throw new GatewayError('CONFLICT', `central acknowledged event ${seq}, the journal ends at ${last}`);
		epochs.setAcked(epoch.gatewayEpoch, Math.max(0, seq));
		acks.note(acknowledgedPosition());
	}

	function acknowledgedPosition(sinceMs?: number): number {
		const reached = epochs.acknowledgedPosition(lastPosition());
		return sinceMs === undefined ? reached : Math.min(reached, acks.positionAt(sinceMs));
	}

	function listEpochs(): readonly ToldEpoch[] {
		return epochs.spans(lastPosition()).map(({ gatewayEpoch, reason, startedAtMs, ackedSeq, ...span }) => ({
			...{ gatewayEpoch, reason, startedAtMs, ackedSeq },
			lastSeq: span.endPosition - span.carriedFrom,
		}));
	}

	function erase(seqs: readonly number[]): number {
		const { carriedFrom } = head.get().epoch;
		const erased = seqs.filter((seq) => rows.erase(carriedFrom + seq));
		for (const seq of erased) {
			index.erase(carriedFrom + seq);
			auditIndex.forget(carriedFrom + seq);
			telemetry.forget(carriedFrom + seq);
		}
		return erased.length;
	}

	return {
		gatewayEpoch: () => read(() => head.get().epoch.gatewayEpoch),
		epochs: () => read(listEpochs),
		draftEpoch,
		startEpoch(nowMs) {
			const draft = draftEpoch();
			draft.start('restored', nowMs);
			return draft.gatewayEpoch;
		},
		append: (entry) => run(() => append(entry)),
		lastSeq: () => read(lastSeq),
		lastPosition: () => read(lastPosition),
		after: (seq, limit, gatewayEpoch) =>
			read(() => {
				const { epoch, endPosition } = epochNamed(gatewayEpoch);
				return told.after(epoch, endPosition, seq, limit);
			}),
		entryAt: (gatewayEpoch, seq) =>
			read(() => {
				const span = epochs.spans(lastPosition()).find((epoch) => epoch.gatewayEpoch === gatewayEpoch);
				const row = span && rows.at(span.carriedFrom + seq);
				return row === undefined ? null : entryOf(row);
			}),
		chainAt: (seq, gatewayEpoch) => read(() => told.chainAt(epochNamed(gatewayEpoch).epoch, seq)),
		withSequel: (decisionId) => read(() => withSequel(decisionId)),
		editsOf: (of, limit) => read(() => editsOf(of, limit)),
		isErased: (batchId) => read(() => isErased(batchId)),
		vendsWithoutOutcome: () => read(() => [...openGrants(), ...operatorVends.withoutOutcome()]),
		ackedSeq: () => read(() => listEpochs().at(-1)?.ackedSeq ?? 0),
		acknowledgedPosition: (sinceMs) => read(() => acknowledgedPosition(sinceMs)),
		setAcked: (seq, gatewayEpoch) => run(() => setAcked(seq, gatewayEpoch)),
		setShort(short) {
			isShort = short;
		},
		erase: (seqs) => run(() => erase(seqs)),
		verify: (afterSeq, limit, gatewayEpoch) =>
			read(() => told.verify(gatewayEpoch ?? head.get().epoch.gatewayEpoch, afterSeq, limit)),
	};
}
