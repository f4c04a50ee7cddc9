import { randomBytes, randomUUID } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import type { JournalEntry, JournalRow } from '../core/journal.ts';
import type { ChainHash } from '../core/journal-chain.ts';
import type { DecisionIndex, DecisionStore } from './decisions.ts';
import { decodeBody, encodeBody } from './journal-body.ts';
import { chainStart, commitmentOf, nextChain } from './journal-hashes.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
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

export type JournalCheck =
	| { readonly result: 'holds'; readonly upTo: number; readonly erased: number; readonly finished: boolean }
	| { readonly result: 'broken'; readonly seq: number; readonly problem: string };

interface StoredRow {
	readonly position: number;
	readonly salt: Buffer | null;
	readonly body: string | null;
	readonly commitment: Buffer | null;
	readonly chain: Buffer;
}

interface Epoch {
	readonly gatewayEpoch: string;
	readonly beforePosition: number;
}

const COLUMNS = 'position, salt, body, commitment, chain';
const SALT_BYTES = 16;
const ACKED_KEY = 'ackedSeq';

export interface JournalParts {
	readonly index: DecisionIndex;
	readonly decisions: Pick<DecisionStore, 'positionsOf' | 'opening'>;
	readonly operatorVends: OperatorVends;
	readonly settings: { get(key: string): string | undefined; set(key: string, value: string): void };
	readonly nowMs: () => number;
}

export function createJournal(db: Sqlite, transactions: Transactions, parts: JournalParts): JournalStore {
	const texts = createSharedTexts(db, transactions);
	const salts = createSalts();
	const insert = db.prepare<[number, Uint8Array, string, Uint8Array]>(
		'INSERT INTO journal (position, salt, body, chain) VALUES (?, ?, ?, ?)',
	);
	const selectLast = db.prepare<[], { position: number; chain: Buffer }>(
		'SELECT position, chain FROM journal ORDER BY position DESC LIMIT 1',
	);
	const selectAfter = db.prepare<[number, number], StoredRow>(
		`SELECT ${COLUMNS} FROM journal WHERE position > ? ORDER BY position LIMIT ?`,
	);
	const selectChain = db.prepare<[number], Buffer>('SELECT chain FROM journal WHERE position = ?').pluck();
	const selectRow = db.prepare<[number], StoredRow>(`SELECT ${COLUMNS} FROM journal WHERE position = ?`);
	const eraseRow = db.prepare<[Uint8Array, number]>(
		'UPDATE journal SET salt = NULL, body = NULL, commitment = ? WHERE position = ?',
	);
	const insertEpoch = db.prepare<[string, number, number]>(
		'INSERT INTO journal_epochs (gateway_epoch, before_position, started_at_ms) VALUES (?, ?, ?)',
	);
	const selectEpoch = db.prepare<[], Epoch>(
		'SELECT gateway_epoch AS gatewayEpoch, before_position AS beforePosition FROM journal_epochs ORDER BY before_position DESC LIMIT 1',
	);

	let head: { epoch: Epoch; position: number; chain: ChainHash } | undefined;
	transactions.onForget(() => {
		head = undefined;
	});

	function startEpoch(nowMs: number): string {
		return transactions.run(() => {
			const gatewayEpoch = randomUUID();
			// An epoch without rows has the same before_position as the next one would: it is replaced.
			const beforePosition = selectLast.get()?.position ?? 0;
			db.prepare('DELETE FROM journal_epochs WHERE before_position = ?').run(beforePosition);
			insertEpoch.run(gatewayEpoch, beforePosition, nowMs);
			parts.settings.set(ACKED_KEY, '0');
			head = undefined;
			return gatewayEpoch;
		});
	}

	function readHead() {
		const epoch = selectEpoch.get();
		if (epoch === undefined) throw new GatewayError('STORE_CORRUPT', 'the journal has no epoch; restore a backup');
		const last = selectLast.get();
		const position = last?.position ?? 0;
		const chain = last === undefined || position === epoch.beforePosition ? chainStart(epoch.gatewayEpoch) : last.chain;
		return { epoch, position, chain };
	}

	function current() {
		head ??= readHead();
		return head;
	}

	function append(entry: JournalEntry): number {
		const { epoch, position: before, chain: previous } = current();
		const position = before + 1;
		const seq = position - epoch.beforePosition;
		const salt = salts.next();
		const body = encodeBody(entry, texts);
		const chain = nextChain(previous, seq, commitmentOf(salt, body));
		insert.run(position, salt, body, chain);
		parts.index.follow(position, entry);
		parts.operatorVends.follow(entry);
		head = { epoch, position, chain };
		return seq;
	}

	function withSequel(decisionId: string): readonly JournalRow[] {
		return parts.decisions.positionsOf(decisionId).flatMap((position) => {
			const body = selectRow.get(position)?.body ?? null;
			return body === null ? [] : [{ seq: seqOf(position), entry: decodeBody(body, texts) }];
		});
	}

	function openGrants(): readonly OpenVend[] {
		return parts.decisions.opening().flatMap((id) => {
			const entry = withSequel(id)[0]?.entry;
			if (entry?.type !== 'decision' || entry.vendId === null) return [];
			const { vendId, laneId, atMs } = entry;
			return [{ vendId, laneId, decisionId: id, operatorId: null, requestedAtMs: atMs }];
		});
	}

	function seqOf(position: number): number {
		return position - beforeOf(position);
	}

	const selectBefore = db
		.prepare<[number], number>('SELECT max(before_position) FROM journal_epochs WHERE before_position < ?')
		.pluck();
	function beforeOf(position: number): number {
		const { epoch } = current();
		return position > epoch.beforePosition ? epoch.beforePosition : (selectBefore.get(position) ?? 0);
	}

	function chainAt(seq: number): ChainHash | undefined {
		const { epoch } = current();
		return seq === 0 ? chainStart(epoch.gatewayEpoch) : selectChain.get(epoch.beforePosition + seq);
	}

	if (selectEpoch.get() === undefined && !db.readonly) startEpoch(parts.nowMs());

	return {
		gatewayEpoch: () => current().epoch.gatewayEpoch,
		startEpoch,
		append: (entry) => transactions.run(() => append(entry)),
		lastSeq: () => current().position - current().epoch.beforePosition,
		after(seq, limit) {
			const { beforePosition } = current().epoch;
			return selectAfter.all(beforePosition + seq, limit).map((row) => ({
				seq: row.position - beforePosition,
				entry: row.body === null ? null : decodeBody(row.body, texts),
				commitment: storedCommitment(row),
				chain: row.chain,
			}));
		},
		chainAt,
		withSequel,
		vendsWithoutOutcome: () => [...openGrants(), ...parts.operatorVends.withoutOutcome()],
		ackedSeq: () => Number(parts.settings.get(ACKED_KEY) ?? 0),
		setAcked(seq) {
			transactions.run(() => {
				const last = current().position - current().epoch.beforePosition;
				if (seq > last) {
					throw new GatewayError('CONFLICT', `central acknowledged event ${seq}, the journal ends at ${last}`);
				}
				parts.settings.set(ACKED_KEY, String(Math.max(0, seq)));
			});
		},
		erase: (seqs) =>
			transactions.run(() => {
				const { beforePosition } = current().epoch;
				let erased = 0;
				for (const seq of seqs) {
					const row = selectRow.get(beforePosition + seq);
					if (row === undefined || row.body === null) continue;
					eraseRow.run(storedCommitment(row), row.position);
					parts.index.erase(row.position);
					erased += 1;
				}
				return erased;
			}),
		verify(afterSeq, limit) {
			const previous = chainAt(afterSeq);
			if (previous === undefined) return { result: 'broken', seq: afterSeq, problem: 'the row is missing' };
			const { beforePosition } = current().epoch;
			return checkChain(selectAfter.all(beforePosition + afterSeq, limit), {
				beforePosition,
				afterSeq,
				previous,
				limit,
			});
		},
	};
}

function checkChain(
	rows: readonly StoredRow[],
	from: { beforePosition: number; afterSeq: number; previous: ChainHash; limit: number },
): JournalCheck {
	let previous = from.previous;
	let seq = from.afterSeq;
	let erased = 0;
	for (const row of rows) {
		seq += 1;
		if (row.position - from.beforePosition !== seq) return { result: 'broken', seq, problem: 'the row is missing' };
		if (row.body === null) erased += 1;
		const chain = nextChain(previous, seq, storedCommitment(row));
		if (Buffer.compare(chain, row.chain) !== 0) {
			return { result: 'broken', seq, problem: 'its content does not match its hash: changed after it was written' };
		}
		previous = chain;
	}
	return { result: 'holds', upTo: seq, erased, finished: rows.length < from.limit };
}

function storedCommitment({ salt, body, commitment }: StoredRow): ChainHash {
	if (salt !== null && body !== null) return commitmentOf(salt, body);
	return commitment ?? new Uint8Array(0);
}

/** Random bytes are drawn for many rows at once: one draw per row is slower than the hash. */
function createSalts() {
	let pool = new Uint8Array(0);
	let used = 0;
	return {
		next(): Uint8Array {
			if (used === pool.length) {
				pool = randomBytes(SALT_BYTES * 256);
				used = 0;
			}
			const salt = pool.subarray(used, used + SALT_BYTES);
			used += SALT_BYTES;
			return salt;
		},
	};
}
