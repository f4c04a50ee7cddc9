import { STREAMS, type StreamName } from '../../src/gateway/core/directory.ts';
import type { SnapshotRow, SnapshotStart } from '../../src/gateway/core/directory-change.ts';
import { encodeSums } from '../../src/gateway/core/directory-digest.ts';
import type { DirectoryUpdates } from '../../src/gateway/services/directory/directory-updates.ts';
import { digestOfRows } from './row-digest.ts';

interface StreamRows {
	centralEpoch: string | null;
	rev: number;
	/** `table/key` → row. */
	rows: Map<string, unknown>;
	/** The rows that the digest speaks of: those as they were written. */
	counted: Map<string, unknown>;
	/** Of `counted`; made when asked. */
	root: string | undefined;
}

/** A directory in memory that keeps its contract and throws where a caller breaks it. */
export interface MemoryDirectory extends DirectoryUpdates {
	/** `table/key` → row. */
	rows(stream: StreamName): ReadonlyMap<string, unknown>;
	/** Past the directory, which notices it when it reads its rows again. `row` undefined: it is gone. */
	damage(stream: StreamName, name: string, row: unknown): void;
}

export function createMemoryDirectory(): MemoryDirectory {
	const streams = new Map<StreamName, StreamRows>(
		STREAMS.map((stream) => [
			stream,
			{ centralEpoch: null, rev: 0, rows: new Map(), counted: new Map(), root: undefined },
		]),
	);
	let staging: { start: SnapshotStart; rows: SnapshotRow[] } | undefined;
	const verified = new Set<StreamName>();
	const of = (stream: StreamName): StreamRows => {
		const found = streams.get(stream);
		if (found === undefined) throw new Error(`no stream ${stream}`);
		return found;
	};
	function write(state: StreamRows, name: string, row: unknown): void {
		state.root = undefined;
		for (const rows of [state.rows, state.counted]) {
			if (row === undefined) rows.delete(name);
			else rows.set(name, row);
		}
	}
	return {
		rows: (stream) => of(stream).rows,
		damage(stream, name, row) {
			if (row === undefined) of(stream).rows.delete(name);
			else of(stream).rows.set(name, row);
		},
		streams: () =>
			STREAMS.map((stream) => {
				const { centralEpoch, rev } = of(stream);
				const root = centralEpoch === null ? null : rootOf(of(stream));
				return { stream, centralEpoch, rev, root, parked: 0, syncedAtMs: centralEpoch === null ? null : 0 };
			}),
		async applyDelta({ stream, centralEpoch, from, to, ops }) {
			const state = of(stream);
			if (centralEpoch !== state.centralEpoch) return { result: 'otherEpoch', rev: state.rev };
			if (to <= state.rev) return { result: 'older', rev: state.rev };
			if (from !== state.rev) return { result: 'gap', rev: state.rev };
			for (const { op, table, key, row } of ops) write(state, `${table}/${key}`, op === 'put' ? row : undefined);
			state.rev = to;
			return { result: 'applied', rev: to, root: rootOf(state), parked: [] };
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
			const { root } = digestOfRows(staged);
			if ((start.root ?? null) !== null && root !== start.root) return { result: 'refused', problem: 'another root' };
			const { stream, centralEpoch, rev } = start;
			Object.assign(of(stream), { centralEpoch, rev, rows: staged, counted: new Map(staged), root });
			verified.clear();
			return { result: 'live', stream, rev, root, parked: [] };
		},
		async abandonSnapshot() {
			staging = undefined;
		},
		async verifyStream(stream) {
			const state = of(stream);
			if (state.centralEpoch === null) return { result: 'unknown' };
			const damaged = [...state.counted].filter(([name, row]) => {
				const found = state.rows.get(name);
				return found !== undefined && found !== row;
			});
			state.counted = new Map([...state.rows].filter(([name]) => !damaged.some(([lost]) => lost === name)));
			state.root = undefined;
			verified.add(stream);
			const { root, sums } = digestOfRows(state.counted);
			const { centralEpoch, rev } = state;
			return { result: 'verified', centralEpoch, rev, root, sums: bytesOf(sums), damaged: damaged.length };
		},
		async mendStream({ stream, centralEpoch, rev, buckets, rows }) {
			const state = of(stream);
			if (!verified.has(stream) || state.centralEpoch !== centralEpoch || rev > state.rev)
				return { result: 'refused', problem: 'not verified, or not of our history' };
			// Nothing newer is known here, as it is to the real one: central's rows must be of exactly our rev.
			if (rev !== state.rev) return { result: 'refused', problem: 'newer here' };
			const theirs = new Map(rows.map(({ table, key, row }) => [`${table}/${key}`, row]));
			const told = digestOfRows(theirs).sums;
			for (const { bucket, sum } of buckets)
				if (told[bucket] !== BigInt(`0x${sum}`)) throw new Error(`rows of bucket ${bucket} are not as their sum says`);
			const wanted = new Set(buckets.map(({ bucket }) => bucket));
			const ours = [...state.rows].filter(([name]) => wanted.has(bucketOf(name)));
			const gone = ours.filter(([name]) => !theirs.has(name)).map(([name]) => name);
			const wrong = [...theirs].filter(([name, row]) => !isSame(state.counted.get(name), row));
			for (const name of gone) write(state, name, undefined);
			for (const [name, row] of wrong) write(state, name, row);
			const { root, sums } = digestOfRows(state.counted);
			const changed = [...gone, ...wrong.map(([name]) => name)].map(keyOf);
			return { result: 'mended', rev: state.rev, root, sums: bytesOf(sums), changed, parked: [] };
		},
	};
}

function rootOf(state: StreamRows): string {
	state.root ??= digestOfRows(state.counted).root;
	return state.root;
}

function bucketOf(name: string): number {
	return digestOfRows(new Map([[name, {}]])).sums.findIndex((sum) => sum !== 0n);
}

function bytesOf(sums: readonly bigint[]): Uint8Array {
	return encodeSums(BigUint64Array.from(sums));
}

function isSame(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

function keyOf(name: string): { table: string; key: string } {
	const [table = '', key = ''] = name.split('/');
	return { table, key };
}

function idOf(row: unknown): string {
	return typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '';
}
