import { hash } from 'node:crypto';
import { STREAMS, type StreamName } from '../gateway/core/directory.ts';
import type { SnapshotRow, SnapshotStart } from '../gateway/core/directory-change.ts';
import {
	type BucketSums,
	changeSum,
	createDirectoryDigest,
	encodeSums,
	noSums,
} from '../gateway/core/directory-digest.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';

const { rowHash, bucketOf, rootOf } = createDirectoryDigest((data) => hash('sha256', data));

interface HeldStream {
	readonly centralEpoch: string | null;
	rev: number;
	/** `table/key` → the row's hash: what the digest needs of a row. */
	readonly rows: Map<string, bigint>;
	readonly sums: BucketSums;
	root: string;
}

/** A directory that keeps the digest of its rows and not the rows: a thousand of them fit into one process. */
export function createFleetDirectory(): DirectoryUpdates {
	const streams = new Map<StreamName, HeldStream>(STREAMS.map((stream) => [stream, empty(null, 0)]));
	let staging: { readonly start: SnapshotStart; readonly into: HeldStream } | undefined;
	const of = (stream: StreamName) => streams.get(stream) ?? empty(null, 0);

	return {
		streams: () =>
			STREAMS.map((stream) => {
				const { centralEpoch, rev, root } = of(stream);
				const isNever = centralEpoch === null;
				const position = { stream, centralEpoch, rev, root: isNever ? null : root, parked: 0 };
				return { ...position, syncedAtMs: isNever ? null : 0 };
			}),
		async applyDelta({ stream, centralEpoch, from, to, ops }) {
			const held = of(stream);
			if (centralEpoch !== held.centralEpoch) return { result: 'otherEpoch', rev: held.rev };
			if (to <= held.rev) return { result: 'older', rev: held.rev };
			if (from !== held.rev) return { result: 'gap', rev: held.rev };
			for (const { op, table, key, row } of ops) write(held, table, key, op === 'put' ? rowHash(row) : undefined);
			held.rev = to;
			held.root = rootOf(held.sums);
			return { result: 'applied', rev: to, root: held.root, parked: [] };
		},
		async confirmCurrent() {},
		async denyAhead() {},
		parkedRows: () => [],
		stagedSnapshot: () => null,
		async beginSnapshot(start) {
			staging = { start, into: empty(start.centralEpoch, start.rev) };
			return { chunks: 0 };
		},
		async pushRows(rows) {
			if (staging === undefined) throw new GatewayError('CONFLICT', 'no snapshot is under way');
			for (const row of rows) write(staging.into, row.table, keyOf(row), rowHash(row.row));
		},
		async finishSnapshot() {
			if (staging === undefined) throw new GatewayError('CONFLICT', 'no snapshot is under way');
			const { start, into } = staging;
			staging = undefined;
			const root = rootOf(into.sums);
			if (into.rows.size !== start.rows || (start.root ?? root) !== root) {
				return { result: 'refused', problem: `${into.rows.size} of ${start.rows} rows, root ${root}` };
			}
			into.root = root;
			streams.set(start.stream, into);
			return { result: 'live', stream: start.stream, rev: start.rev, root, parked: [] };
		},
		async abandonSnapshot() {
			staging = undefined;
		},
		async verifyStream(stream) {
			const { centralEpoch, rev, root, sums } = of(stream);
			if (centralEpoch === null) return { result: 'unknown' };
			return { result: 'verified', centralEpoch, rev, root, sums: encodeSums(sums), damaged: 0 };
		},
		// Nothing here can be damaged; where central thinks so, a snapshot settles it.
		mendStream: async () => ({ result: 'refused', problem: 'a simulated site keeps no rows to mend' }),
	};
}

function empty(centralEpoch: string | null, rev: number): HeldStream {
	const sums = noSums();
	return { centralEpoch, rev, rows: new Map(), sums, root: rootOf(sums) };
}

function write(held: HeldStream, table: string, key: string, row: bigint | undefined): void {
	const name = `${table}/${key}`;
	changeSum(held.sums, bucketOf(table, key), held.rows.get(name) ?? 0n, row ?? 0n);
	if (row === undefined) held.rows.delete(name);
	else held.rows.set(name, row);
}

function keyOf({ row }: SnapshotRow): string {
	return String(Object(row).id);
}
