import { DIRECTORY_TABLES, type DirectoryTable, STREAMS } from '../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import { type BucketSums, changeSum } from '../../gateway/core/directory-digest.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Body, StreamHead } from '../envelope.ts';
import type { CentralSqlite } from './central-database.ts';
import { bucketOf, createStreamDigests, rowHash, type StreamDigests } from './stream-digests.ts';

/** The rows central publishes, each stream with its revs. */
export interface StreamStore {
	heads(): readonly StreamHead[];
	/** At most LIMITS.deltaOps ops in one commit, one rev each. Throws INVALID_REQUEST for a row that does not fit its table. */
	change(stream: string, ops: readonly DirectoryOp[], origin?: string): Delta;
	/** Whether somebody else than `origin` changed the row after this rev, as far back as changes are kept. */
	changedSince(stream: string, rev: number, row: RowName, origin: string): boolean;
	/** As it is now; undefined: there is none. */
	row(stream: string, row: RowName): Readonly<Record<string, unknown>> | undefined;
	/** Whether a row that is there now was there at this rev; in doubt it was. */
	existedAt(stream: string, rev: number, row: RowName): boolean;
	/** Deltas from `from` on, as few as fit, at most `limit`. `from` must not be below the floor. */
	deltas(stream: string, from: number, limit: number): readonly Delta[];
	/** Every row as it is now, by `table/key`. */
	rows(stream: string): ReadonlyMap<string, unknown>;
	readonly digests: Omit<StreamDigests, 'write'>;
}

export interface RowName {
	readonly table: string;
	readonly key: string;
}

type Delta = Body<'delta'>;
type WireOp = Delta['ops'][number];

export function createStreamStore(db: CentralSqlite, centralEpoch: string): StreamStore {
	const insertStream = db.prepare<[string]>('INSERT OR IGNORE INTO streams (stream, rev, floor) VALUES (?, 0, 0)');
	for (const stream of STREAMS) insertStream.run(stream);
	const digests = createStreamDigests(db);
	const {
		selectHeads,
		selectRev,
		setRev,
		putRow,
		deleteRow,
		insertChange,
		pruneChanges,
		selectChanges,
		selectChanged,
		selectChangedBefore,
		selectRow,
		selectRows,
		selectDigest,
	} = prepareStatements(db);

	function write(stream: string, rev: number, op: WireOp, origin: string | null, sums: BucketSums): void {
		const { table, key } = op;
		const bucket = bucketOf(table, key);
		const before = selectDigest.get(stream, table, key) ?? 0n;
		const digest = op.op === 'put' ? rowHash(op.row) : 0n;
		if (op.op === 'put') putRow.run(stream, table, key, JSON.stringify(op.row), bucket, digest);
		else deleteRow.run(stream, table, key);
		changeSum(sums, bucket, before, digest);
		insertChange.run(stream, rev, JSON.stringify(op), origin, bucket, BigInt.asIntN(64, digest - before));
	}

	return {
		digests,
		heads: () => selectHeads.all().map((head) => ({ ...head, centralEpoch })),
		changedSince: (stream, rev, { table, key }, origin) =>
			selectChanged.get({ stream, rev, table, key, origin }) !== undefined,
		row(stream, { table, key }) {
			const text = selectRow.get(stream, table, key);
			return text === undefined ? undefined : JSON.parse(text);
		},
		existedAt(stream, rev, { table, key }) {
			// Nobody's origin: whoever changed it since.
			const since = selectChanged.get({ stream, rev, table, key, origin: '' }) !== undefined;
			const { floor } = selectHeads.all().find((known) => known.stream === stream) ?? NO_HEAD;
			return !since || floor > 0 || selectChangedBefore.get({ stream, rev, table, key }) !== undefined;
		},
		change(stream, ops, origin) {
			const checked = ops.map((op) => checkOp(stream, op));
			if (checked.length === 0 || checked.length > LIMITS.deltaOps)
				throw new GatewayError('INVALID_REQUEST', `a change has 1 to ${LIMITS.deltaOps} rows, not ${checked.length}`);
			return db
				.transaction((): Delta => {
					const from = selectRev.get(stream);
					if (from === undefined) throw new GatewayError('NOT_FOUND', `there is no stream ${stream}`);
					const sums = digests.sums(stream);
					checked.forEach((op, place) => {
						write(stream, from + place + 1, op, origin ?? null, sums);
					});
					const to = from + checked.length;
					const floor = Math.max(0, to - LIMITS.changesKept);
					setRev.run(to, floor, stream);
					pruneChanges.run(stream, floor);
					return { stream, centralEpoch, from, to, ops: checked, more: false, root: digests.write(stream, sums) };
				})
				.immediate();
		},
		deltas(stream, from, limit) {
			const { rev: head, root } = selectHeads.all().find((known) => known.stream === stream) ?? NO_HEAD;
			const texts = selectChanges.all(stream, from, limit * LIMITS.deltaOps);
			const deltas: Delta[] = [];
			let at = from;
			for (const page of pages(texts, LIMITS.deltaOps, (text) => text.length).slice(0, limit)) {
				const ops = page.map((text) => JSON.parse(text) as WireOp);
				deltas.push({ stream, centralEpoch, from: at, to: at + ops.length, ops, more: false, root: null });
				at += ops.length;
			}
			const last = deltas.at(-1);
			if (last !== undefined) {
				const isAll = at === head;
				deltas[deltas.length - 1] = { ...last, more: !isAll, root: isAll ? root : null };
			}
			return deltas;
		},
		rows: (stream) =>
			new Map(selectRows.all(stream).map(({ table, key, row }) => [`${table}/${key}`, JSON.parse(row) as unknown])),
	};
}

const NO_HEAD = { rev: 0, floor: 0, root: null };

function prepareStatements(db: CentralSqlite) {
	const selectHeads = db.prepare<[], { stream: string; rev: number; floor: number; root: string | null }>(
		'SELECT stream, rev, floor, root FROM streams ORDER BY stream',
	);
	const selectRev = db.prepare<[string], number>('SELECT rev FROM streams WHERE stream = ?').pluck();
	const setRev = db.prepare<[number, number, string]>(
		'UPDATE streams SET rev = ?, floor = max(floor, ?) WHERE stream = ?',
	);
	const putRow = db.prepare<[string, string, string, string, number, bigint]>(
		'INSERT OR REPLACE INTO stream_rows (stream, table_name, key, row, bucket, digest) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const selectDigest = db
		.prepare<[string, string, string], bigint>(
			'SELECT digest FROM stream_rows WHERE stream = ? AND table_name = ? AND key = ?',
		)
		.pluck()
		.safeIntegers();
	const deleteRow = db.prepare<[string, string, string]>(
		'DELETE FROM stream_rows WHERE stream = ? AND table_name = ? AND key = ?',
	);
	const insertChange = db.prepare<[string, number, string, string | null, number, bigint]>(
		'INSERT INTO changes (stream, rev, op, origin, bucket, shift) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const selectChanged = db.prepare<[Readonly<Record<string, string | number>>], number>(
		`SELECT rev FROM changes WHERE stream = :stream AND rev > :rev AND origin IS NOT :origin
		AND op ->> '$.table' = :table AND op ->> '$.key' = :key LIMIT 1`,
	);
	const selectChangedBefore = db.prepare<[Readonly<Record<string, string | number>>], number>(
		`SELECT rev FROM changes WHERE stream = :stream AND rev <= :rev
		AND op ->> '$.table' = :table AND op ->> '$.key' = :key LIMIT 1`,
	);
	const selectRow = db
		.prepare<[string, string, string], string>(
			'SELECT row FROM stream_rows WHERE stream = ? AND table_name = ? AND key = ?',
		)
		.pluck();
	const pruneChanges = db.prepare<[string, number]>('DELETE FROM changes WHERE stream = ? AND rev <= ?');
	const selectChanges = db
		.prepare<[string, number, number], string>(
			'SELECT op FROM changes WHERE stream = ? AND rev > ? ORDER BY rev LIMIT ?',
		)
		.pluck();
	const selectRows = db.prepare<[string], { table: string; key: string; row: string }>(
		'SELECT table_name AS "table", key, row FROM stream_rows WHERE stream = ? ORDER BY table_name, key',
	);
	return {
		...{ selectHeads, selectRev, setRev, putRow, deleteRow },
		...{ insertChange, pruneChanges, selectChanges, selectChanged, selectChangedBefore },
		...{ selectRow, selectRows, selectDigest },
	};
}

/** Cuts items into pages of at most `count` items and LIMITS.syncPageBytes, never empty. */
export function pages<T>(items: Iterable<T>, count: number, bytesOf: (item: T) => number): T[][] {
	const cut: T[][] = [];
	let page: T[] = [];
	let bytes = 0;
	for (const item of items) {
		const size = bytesOf(item);
		if (page.length > 0 && (page.length === count || bytes + size > LIMITS.syncPageBytes)) {
			cut.push(page);
			page = [];
			bytes = 0;
		}
		page.push(item);
		bytes += size;
	}
	if (page.length > 0) cut.push(page);
	return cut;
}

function checkOp(stream: string, op: DirectoryOp): WireOp {
	const { table, key } = op;
	const known = Object.hasOwn(DIRECTORY_TABLES, table) ? DIRECTORY_TABLES[table as DirectoryTable] : undefined;
	if (known === undefined || known.stream !== stream)
		throw new GatewayError('INVALID_REQUEST', `stream ${stream} has no table ${table}`);
	if (op.op === 'delete') return { op: 'delete', table, key };
	const row = known.row.safeParse(op.row);
	if (!row.success || row.data.id !== key)
		throw new GatewayError('INVALID_REQUEST', `${table} ${key}: the row does not fit its table`, { cause: row.error });
	return { op: 'put', table, key, row: row.data };
}
