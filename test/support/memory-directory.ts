import { STREAMS, type StreamName } from '../../src/gateway/core/directory.ts';
import type { SnapshotRow, SnapshotStart } from '../../src/gateway/core/directory-change.ts';
import type { DirectoryUpdates } from '../../src/gateway/services/directory/directory-updates.ts';
import { digestOfRows } from './row-digest.ts';

interface StreamRows {
	centralEpoch: string | null;
	rev: number;
	rows: Map<string, unknown>;
}

/** A directory in memory that keeps its contract and throws where a caller breaks it. */
export interface MemoryDirectory extends DirectoryUpdates {
	/** `table/key` → row. */
	rows(stream: StreamName): ReadonlyMap<string, unknown>;
}

export function createMemoryDirectory(): MemoryDirectory {
	const streams = new Map<StreamName, StreamRows>(
		STREAMS.map((stream) => [stream, { centralEpoch: null, rev: 0, rows: new Map() }]),
	);
	let staging: { start: SnapshotStart; rows: SnapshotRow[] } | undefined;
	const of = (stream: StreamName): StreamRows => {
		const found = streams.get(stream);
		if (found === undefined) throw new Error(`no stream ${stream}`);
		return found;
	};
	return {
		rows: (stream) => of(stream).rows,
		streams: () =>
			STREAMS.map((stream) => {
				const { centralEpoch, rev, rows } = of(stream);
				const isSynced = centralEpoch !== null;
				return { stream, centralEpoch, rev, root: isSynced ? rootOf(rows) : null, syncedAtMs: isSynced ? 0 : null };
			}),
		async applyDelta({ stream, centralEpoch, from, to, ops }) {
			const state = of(stream);
			if (centralEpoch !== state.centralEpoch) return { result: 'otherEpoch', rev: state.rev };
			if (to <= state.rev) return { result: 'older', rev: state.rev };
			if (from !== state.rev) return { result: 'gap', rev: state.rev };
			for (const { op, table, key, row } of ops) {
				if (op === 'put') state.rows.set(`${table}/${key}`, row);
				else state.rows.delete(`${table}/${key}`);
			}
			state.rev = to;
			return { result: 'applied', rev: to, root: rootOf(state.rows), parked: [] };
		},
		async confirmCurrent() {},
		async beginSnapshot(start) {
			staging = { start, rows: [] };
		},
		async pushRows(rows) {
			if (staging === undefined) throw new Error('no snapshot under way');
			staging.rows.push(...rows);
		},
		async finishSnapshot() {
			if (staging === undefined) throw new Error('no snapshot under way');
			const { start, rows } = staging;
			staging = undefined;
			if (rows.length !== start.rows) return { result: 'refused', problem: `${rows.length} of ${start.rows} rows` };
			const staged = new Map(rows.map(({ table, row }) => [`${table}/${idOf(row)}`, row]));
			if ((start.root ?? null) !== null && rootOf(staged) !== start.root) return { result: 'refused', problem: 'root' };
			const state = of(start.stream);
			state.centralEpoch = start.centralEpoch;
			state.rev = start.rev;
			state.rows = staged;
			const root = rootOf(state.rows);
			return { result: 'live', rev: start.rev, root, parked: [] };
		},
		async abandonSnapshot() {
			staging = undefined;
		},
	};
}

function rootOf(rows: ReadonlyMap<string, unknown>): string {
	return digestOfRows(rows).root;
}

function idOf(row: unknown): string {
	return typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '';
}
