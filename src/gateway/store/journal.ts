import type { DirectoryTable } from '../core/directory.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { EditEntry, JournalEntry, JournalRow } from '../core/journal.ts';
import type { ChainHash } from '../core/journal-chain.ts';
import type { DecisionIndex, DecisionStore } from './decisions.ts';
import type { EditHistory } from './edit-history.ts';
import { decodeBody, encodeBody } from './journal-body.ts';
import { checkChain, type JournalCheck } from './journal-check.ts';
import { createJournalEpochs, type Epoch } from './journal-epochs.ts';
import { chainStart } from './journal-hashes.ts';
import { createJournalRows, type JournalEnd, type StoredRow, storedCommitment } from './journal-rows.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { SiteSettings } from './site-settings.ts';
import type { Transactions } from './transactions.ts';
import type { OpenVend, OperatorVends } from './vends.ts';

/** One row as central needs it. */
export interface OutboxRow {
	readonly seq: number;
	/** null: erased; commitment and chain stay. */
	readonly entry: JournalEntry | null;
	readonly commitment: ChainHash;
	/** Hash of the chain after this row. */
	readonly chain: ChainHash;
}

/** Append-only, gap-free from 1 within a gateway epoch, hash-chained. */
export interface JournalStore {
	gatewayEpoch(): string;
	/** Starts a new epoch: seq begins again at 1, earlier rows keep theirs. @returns its name. */
	startEpoch(nowMs: number): string;
	/** @returns the row's seq. Joins the running transaction; a grant's or operator's vend is open from here until its outcome is appended. */
	append(entry: JournalEntry): number;
	/** Seq of the last row of this epoch; 0 when there is none. */
	lastSeq(): number;
	/** Rows of this epoch after `seq`, in order, at most `limit`. */
	after(seq: number, limit: number): readonly OutboxRow[];
	/** Hash after row `seq` of this epoch, 0 for its start; undefined when there is no such row. */
	chainAt(seq: number): ChainHash | undefined;
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
	/** Moves the cursor, also backwards. Throws CONFLICT beyond the last row: central knows another history. */
	setAcked(seq: number): void;
	/** Erases what rows say for ever (personal data, expired telemetry); the chain still verifies. Follow with `SiteStore.scrub()`. @returns rows erased. */
	erase(seqs: readonly number[]): number;
	/** Checks up to `limit` rows after `afterSeq` of this epoch: no gap, every hash follows. */
	verify(afterSeq: number, limit: number): JournalCheck;
}

export interface JournalParts {
	readonly index: DecisionIndex;
	readonly decisions: Pick<DecisionStore, 'positionsOf' | 'opening'>;
	readonly operatorVends: OperatorVends;
	readonly editHistory: EditHistory;
	readonly settings: Pick<SiteSettings, 'get' | 'set'>;
	readonly nowMs: () => number;
}

const ACKED_KEY = 'ackedSeq';

export function createJournal(db: Sqlite, transactions: Transactions, parts: JournalParts): JournalStore {
	const rows = createJournalRows(db);
	const epochs = createJournalEpochs(db);
	const texts = createSharedTexts(db, transactions);
	const head = createHead();
	const { index, decisions, operatorVends, editHistory, settings } = parts;
	const { read, run } = transactions;
	if (!db.readonly && !epochs.exists()) startEpoch(parts.nowMs());

	/** Kept in memory until another program may have written. */
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
				const end = isFirst
					? { position: epoch.beforePosition, chain: chainStart(epoch.gatewayEpoch) }
					: { position: last.position, chain: last.chain };
				known = { epoch, end };
				return known;
			},
			set(epoch: Epoch, end: JournalEnd) {
				known = { epoch, end };
			},
		};
	}

	function startEpoch(nowMs: number): string {
		return run(() => {
			const gatewayEpoch = epochs.start(rows.last()?.position ?? 0, nowMs);
			settings.set(ACKED_KEY, '0');
			head.forget();
			return gatewayEpoch;
		});
	}

	function append(entry: JournalEntry): number {
		const { epoch, end } = head.get();
		const seq = end.position + 1 - epoch.beforePosition;
		const next = rows.append(end, seq, encodeBody(entry, texts));
		index.follow(next.position, entry);
		operatorVends.follow(entry);
		editHistory.follow(next.position, entry);
		head.set(epoch, next);
		return seq;
	}

	function lastSeq(): number {
		const { epoch, end } = head.get();
		return end.position - epoch.beforePosition;
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

	function chainAt(seq: number): ChainHash | undefined {
		const { epoch } = head.get();
		return seq === 0 ? chainStart(epoch.gatewayEpoch) : rows.chainAt(epoch.beforePosition + seq);
	}

	function after(seq: number, limit: number): readonly OutboxRow[] {
		const { beforePosition } = head.get().epoch;
		return rows.after(beforePosition + seq, limit).map((row) => ({
			seq: row.position - beforePosition,
			entry: entryOf(row),
			commitment: storedCommitment(row),
			chain: row.chain,
		}));
	}

	function setAcked(seq: number): void {
		if (seq > lastSeq()) {
			throw new GatewayError('CONFLICT', `central acknowledged event ${seq}, the journal ends at ${lastSeq()}`);
		}
		settings.set(ACKED_KEY, String(Math.max(0, seq)));
	}

	function erase(seqs: readonly number[]): number {
		const { beforePosition } = head.get().epoch;
		const erased = seqs.filter((seq) => rows.erase(beforePosition + seq));
		for (const seq of erased) index.erase(beforePosition + seq);
		return erased.length;
	}

	function verify(afterSeq: number, limit: number): JournalCheck {
		const previous = chainAt(afterSeq);
		if (previous === undefined) return { result: 'broken', seq: afterSeq, problem: 'the row is missing' };
		const { beforePosition } = head.get().epoch;
		return checkChain(rows.after(beforePosition + afterSeq, limit), { beforePosition, afterSeq, previous, limit });
	}

	return {
		gatewayEpoch: () => read(() => head.get().epoch.gatewayEpoch),
		startEpoch,
		append: (entry) => run(() => append(entry)),
		lastSeq: () => read(lastSeq),
		after: (seq, limit) => read(() => after(seq, limit)),
		chainAt: (seq) => read(() => chainAt(seq)),
		withSequel: (decisionId) => read(() => withSequel(decisionId)),
		editsOf: (of, limit) => read(() => editsOf(of, limit)),
		isErased: (batchId) => read(() => isErased(batchId)),
		vendsWithoutOutcome: () => read(() => [...openGrants(), ...operatorVends.withoutOutcome()]),
		ackedSeq: () => read(() => Number(settings.get(ACKED_KEY) ?? 0)),
		setAcked: (seq) => run(() => setAcked(seq)),
		erase: (seqs) => run(() => erase(seqs)),
		verify: (afterSeq, limit) => read(() => verify(afterSeq, limit)),
	};
}
