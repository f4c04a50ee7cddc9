import { hash } from 'node:crypto';
import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type Body, PROTOCOL_VERSION } from '../envelope.ts';
import { encodeMessage } from '../message-codec.ts';
import { type CentralSqlite, openCentralReader } from './central-database.ts';
import type { StoredRow } from './stream-digests.ts';
import { pages } from './stream-store.ts';

/** Snapshots of one stream that sites may still be fetching. */
const KEPT = 2;
/** What a site asks for. */
type Wanted = Pick<Body<'snapshotRequest'>, 'stream' | 'snapshotId' | 'atLeastRev'>;
/** A snapshot this far behind the head is still quicker than making a new one. */
const REUSED_BEHIND = 2_000;
const ROWS_READ_AT_ONCE = LIMITS.snapshotChunkRows * 4;

type Manifest = Body<'manifest'>;

/** Snapshots of streams: made once, fetched by every site that needs one. */
export interface SnapshotPublisher {
	/**
	 * A snapshot, not older than asked, from which the kept changes lead to the head: the one that the site has a part of, else
	 * the newest; made when there is none, a chunk at a time.
	 *
	 * @returns undefined: central stops
	 */
	offer(wanted: Wanted): Promise<Manifest | undefined>;
	/** A chunk message, encoded; undefined: no such snapshot (any more) or chunk. */
	chunk(snapshotId: string, index: number): StoredChunk | undefined;
	/** Settles when none is being made any more; never rejects. */
	end(): Promise<void>;
}

interface StoredChunk {
	readonly payload: Uint8Array;
	readonly contentType: string;
	readonly isLast: boolean;
	/** Of a snapshot that is no more than this. */
	readonly isOnly: boolean;
}

export function createSnapshotPublisher(deps: {
	readonly db: CentralSqlite;
	readonly centralEpoch: string;
	readonly clock: Clock;
	readonly newId: () => string;
}): SnapshotPublisher {
	const { db, centralEpoch } = deps;
	const selectNewest = db
		.prepare<[string, number, number], string>(
			'SELECT snapshot_id FROM snapshots WHERE stream = ? AND rev >= ? AND rev >= ? ORDER BY rev DESC LIMIT 1',
		)
		.pluck();
	const selectById = db
		.prepare<[string, string, number], string>(
			'SELECT snapshot_id FROM snapshots WHERE snapshot_id = ? AND stream = ? AND rev >= ?',
		)
		.pluck();
	const selectManifest = db.prepare<[string], string>('SELECT manifest FROM snapshots WHERE snapshot_id = ?').pluck();
	const selectChunk = db.prepare<[string, number], { payload: Buffer; contentType: string; next: number | null }>(
		`SELECT payload, content_type AS contentType,
			(SELECT 1 FROM snapshot_chunks AS next WHERE next.snapshot_id = snapshot_chunks.snapshot_id
				AND next.place = snapshot_chunks.place + 1) AS next
		FROM snapshot_chunks
		WHERE snapshot_id = ? AND place = ? AND EXISTS (SELECT 1 FROM snapshots WHERE snapshot_id = snapshot_chunks.snapshot_id)`,
	);
	const countChunks = db
		.prepare<[string], number>('SELECT count(*) FROM snapshot_chunks WHERE snapshot_id = ?')
		.pluck();
	/** Read once: of a large stream it is some hundred kB, and every site that waits for its turn asks for it again. */
	const manifests = new Map<string, Manifest>();
	const underWay = new Map<string, Promise<Manifest | undefined>>();
	const resting = new Set<() => void>();
	let isOver = false;
	// What an earlier run did not finish.
	db.prepare('DELETE FROM snapshot_chunks WHERE snapshot_id NOT IN (SELECT snapshot_id FROM snapshots)').run();

	return {
		offer({ stream, snapshotId, atLeastRev }) {
			const { rev, floor } = readHead(db, stream);
			const oldest = Math.max(floor, Math.min(atLeastRev, rev));
			const begun = snapshotId === null ? undefined : selectById.get(snapshotId, stream, oldest);
			const usable = begun ?? selectNewest.get(stream, oldest, rev - REUSED_BEHIND);
			const manifest = usable === undefined ? undefined : manifestOf(usable);
			if (manifest !== undefined) return Promise.resolve(manifest);
			const making = underWay.get(stream) ?? make(stream).finally(() => underWay.delete(stream));
			underWay.set(stream, making);
			return making;
		},
		chunk(snapshotId, index) {
			const found = selectChunk.get(snapshotId, index);
			if (found === undefined) return undefined;
			const isLast = found.next === null;
			return { payload: found.payload, contentType: found.contentType, isLast, isOnly: isLast && index === 0 };
		},
		async end() {
			isOver = true;
			for (const goOn of resting) goOn();
			await Promise.allSettled(underWay.values());
		},
	};

	function manifestOf(snapshotId: string): Manifest | undefined {
		const read = manifests.get(snapshotId);
		if (read !== undefined) return read;
		const text = selectManifest.get(snapshotId);
		if (text === undefined) return undefined;
		const manifest = JSON.parse(text) as Manifest;
		manifests.set(snapshotId, manifest);
		return manifest;
	}

	function rest(): Promise<void> {
		return new Promise((resolve) => {
			const goOn = () => {
				cancel();
				resting.delete(goOn);
				resolve();
			};
			const cancel = deps.clock.after(0, goOn);
			resting.add(goOn);
		});
	}

	async function make(stream: string): Promise<Manifest | undefined> {
		const reader = openCentralReader(db);
		try {
			reader.exec('BEGIN');
			return await publish(stream, reader);
		} finally {
			reader.close();
		}
	}

	async function publish(stream: string, reader: CentralSqlite): Promise<Manifest | undefined> {
		const { rev, root } = readHead(reader, stream);
		const snapshotId = deps.newId();
		const chunks: Manifest['chunks'] = [];
		let rows = 0;
		for (const read of readRows(reader, stream)) {
			for (const page of pages(read, LIMITS.snapshotChunkRows, ({ row }) => row.length)) {
				chunks.push(storeChunk(snapshotId, stream, chunks.length, page));
				rows += page.length;
			}
			// Events of the sites go on between the chunks.
			await rest();
			// What there is of it is cleared away at the next start.
			if (isOver) return undefined;
		}
		const manifest: Manifest = { stream, snapshotId, centralEpoch, rev, root, rows, chunks };
		db.transaction(() => {
			// Another central that starts on this database takes what is unfinished for left over.
			if (countChunks.get(snapshotId) !== chunks.length)
				throw new GatewayError('CONFLICT', `a snapshot of ${stream} was cleared away while it was made`);
			db.prepare('INSERT INTO snapshots (snapshot_id, stream, rev, manifest) VALUES (?, ?, ?, ?)').run(
				snapshotId,
				stream,
				rev,
				JSON.stringify(manifest),
			);
			dropOld(stream);
		}).immediate();
		return manifest;
	}

	function storeChunk(snapshotId: string, stream: string, index: number, page: readonly StoredRow[]) {
		const rows = page.map(({ table, row }) => ({ table, row: JSON.parse(row) as unknown }));
		const { payload, contentType, json } = encodeMessage({
			v: PROTOCOL_VERSION,
			type: 'chunk',
			id: `${snapshotId}.${index}`,
			site: null,
			gatewayEpoch: null,
			link: null,
			ts: deps.clock.nowMs(),
			clock: 'held',
			body: { stream, snapshotId, index, rows },
		});
		db.prepare('INSERT INTO snapshot_chunks (snapshot_id, place, content_type, payload) VALUES (?, ?, ?, ?)').run(
			snapshotId,
			index,
			contentType,
			payload,
		);
		return { count: page.length, first: keyOf(page[0]), last: keyOf(page.at(-1)), hash: hash('sha256', json, 'hex') };
	}

	function dropOld(stream: string): void {
		manifests.clear();
		const old = `SELECT snapshot_id FROM snapshots WHERE stream = ? ORDER BY rev DESC LIMIT -1 OFFSET ${KEPT}`;
		db.prepare(`DELETE FROM snapshot_chunks WHERE snapshot_id IN (${old})`).run(stream);
		db.prepare(`DELETE FROM snapshots WHERE snapshot_id IN (${old})`).run(stream);
	}
}

interface Head {
	readonly rev: number;
	readonly floor: number;
	readonly root: string | null;
}

function readHead(db: CentralSqlite, stream: string): Head {
	const head = db.prepare<[string], Head>('SELECT rev, floor, root FROM streams WHERE stream = ?').get(stream);
	return head ?? { rev: 0, floor: 0, root: null };
}

/** All rows of a stream in key order. */
function* readRows(reader: CentralSqlite, stream: string): Generator<StoredRow[]> {
	const select = reader.prepare<[string, string, string, number], StoredRow>(
		`SELECT table_name AS "table", key, row FROM stream_rows
		WHERE stream = ? AND (table_name, key) > (?, ?) ORDER BY table_name, key LIMIT ?`,
	);
	let after = { table: '', key: '' };
	while (true) {
		const rows = select.all(stream, after.table, after.key, ROWS_READ_AT_ONCE);
		const last = rows.at(-1);
		if (last === undefined) return;
		yield rows;
		after = last;
	}
}

function keyOf(row: StoredRow | undefined): string {
	return row === undefined ? '' : `${row.table}/${row.key}`;
}
