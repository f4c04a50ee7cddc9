import { STREAMS, type StreamName } from '../../src/gateway/core/directory.ts';
import type { ParkedRow, SnapshotRow, SnapshotStart } from '../../src/gateway/core/directory-change.ts';
import { encodeSums } from '../../src/gateway/core/directory-digest.ts';
import type { DirectoryUpdates } from '../../src/gateway/services/directory/directory-updates.ts';
import { digestOfRows } from './row-digest.ts';

interface StreamRows {
	centralEpoch: string | null;
	rev: number;
	/** `table/key` → row. */
	rows: Map<string, unknown>;
	/** The rows that the digest speaks of: those as they were written, those of no use too. */
	counted: Map<string, unknown>;
	/** Rows of no use. */
	parked: Map<string, ParkedRow>;
	/** Of `counted`; made when asked. */
	root: string | undefined;
	readonly later: Map<string, Later>;
}

/** A directory in memory that keeps its contract and throws where a caller breaks it. */
export interface MemoryDirectory extends DirectoryUpdates {
	/** `table/key` → row. */
	rows(stream: StreamName): ReadonlyMap<string, unknown>;
	/** Past the directory, which notices it when it reads its rows again. `row` undefined: it is gone. */
	damage(stream: StreamName, name: string, row: unknown): void;
	/** A row as decisions see it: without what is denied ahead of its turn. */
	visible(stream: StreamName, name: string): unknown;
	/** The process is gone; of a snapshot that was being staged the last chunks were not on the disk yet. */
	crash(): void;
}

interface Later {
	readonly centralEpoch: string;
	readonly rev: number;
	readonly row: unknown;
}

/** @param accepts rows that this version can use */
export function createMemoryDirectory(accepts: (row: unknown) => boolean = () => true): MemoryDirectory {
	const streams = new Map<StreamName, StreamRows>(
		STREAMS.map((stream) => [
			stream,
			{
				...{ centralEpoch: null, rev: 0, root: undefined, later: new Map() },
				...{ rows: new Map(), counted: new Map(), parked: new Map() },
			},
		]),
	);
	let staging: { start: SnapshotStart; chunks: (readonly SnapshotRow[])[] } | undefined;
	const verified = new Set<StreamName>();
	const of = (stream: StreamName): StreamRows => {
		const found = streams.get(stream);
		if (found === undefined) throw new Error(`no stream ${stream}`);
		return found;
	};
	/** @returns what is wrong with the row. */
	function write(state: StreamRows, rev: number, name: string, row: unknown): readonly ParkedRow[] {
		state.root = undefined;
		for (const rows of [state.rows, state.counted, state.parked]) rows.delete(name);
		if (row === undefined) return [];
		state.counted.set(name, row);
		if (accepts(row)) {
			state.rows.set(name, row);
			return [];
		}
		const parked = { ...keyOf(name), rev, code: 'invalid', problem: 'of no use' } as const;
		state.parked.set(name, parked);
		return [parked];
	}
	/** What our rev, in this history, has not passed. */
	function keepLater(state: StreamRows): void {
		for (const [name, { centralEpoch, rev }] of state.later)
			if (centralEpoch === state.centralEpoch && rev <= state.rev) state.later.delete(name);
	}
	return {
		rows: (stream) => of(stream).rows,
		visible(stream, name) {
			const { rows, later } = of(stream);
			const row = rows.get(name);
			const known = later.get(name);
			return row === undefined || known === undefined ? row : known.row && stricter(row, known.row);
		},
		crash() {
			staging?.chunks.splice(-1);
		},
		damage(stream, name, row) {
			if (row === undefined) of(stream).rows.delete(name);
			else of(stream).rows.set(name, row);
		},
		streams: () =>
			STREAMS.map((stream) => {
				const { centralEpoch, rev } = of(stream);
				const root = centralEpoch === null ? null : rootOf(of(stream));
				const parked = of(stream).parked.size;
				return { stream, centralEpoch, rev, root, parked, syncedAtMs: centralEpoch === null ? null : 0 };
			}),
		async applyDelta({ stream, centralEpoch, from, to, ops }) {
			const state = of(stream);
			if (centralEpoch !== state.centralEpoch) return { result: 'otherEpoch', rev: state.rev };
			if (to <= state.rev) return { result: 'older', rev: state.rev };
			if (from !== state.rev) return { result: 'gap', rev: state.rev };
			const parked = ops.flatMap(({ op, table, key, row }) =>
				write(state, to, `${table}/${key}`, op === 'put' ? row : undefined),
			);
			state.rev = to;
			keepLater(state);
			return { result: 'applied', rev: to, root: rootOf(state), parked };
		},
		async confirmCurrent() {},
		async denyAhead({ stream, centralEpoch, from, to, ops }) {
			const state = of(stream);
			if (state.centralEpoch === centralEpoch && to <= state.rev) return;
			ops.forEach(({ op, table, key, row }, place) => {
				const name = `${table}/${key}`;
				const known = state.later.get(name);
				const rev = from + place + 1;
				if (known?.centralEpoch === centralEpoch && known.rev >= rev) return;
				state.later.set(name, { centralEpoch, rev, row: op === 'put' ? row : undefined });
			});
		},
		parkedRows: (stream) => [...of(stream).parked.values()],
		stagedSnapshot() {
			const { stream, snapshotId } = staging?.start ?? {};
			return stream === undefined || snapshotId === undefined ? null : { stream, snapshotId };
		},
		async beginSnapshot(start) {
			const isSame = JSON.stringify(start) === JSON.stringify(staging?.start);
			if (!isSame || staging === undefined) staging = { start, chunks: [] };
			return { chunks: staging.chunks.length };
		},
		async pushRows(rows) {
			if (staging === undefined) throw new Error('no snapshot under way');
			staging.chunks.push(rows);
		},
		async finishSnapshot() {
			if (staging === undefined) throw new Error('no snapshot under way');
			const { start } = staging;
			const rows = staging.chunks.flat();
			staging = undefined;
			if (rows.length !== start.rows) return { result: 'refused', problem: `${rows.length} of ${start.rows} rows` };
			const staged = new Map(rows.map(({ table, row }) => [`${table}/${idOf(row)}`, row]));
			const { root } = digestOfRows(staged);
			if ((start.root ?? null) !== null && root !== start.root) return { result: 'refused', problem: 'another root' };
			const { stream, centralEpoch, rev } = start;
			const state = of(stream);
			Object.assign(state, { centralEpoch, rev, rows: new Map(), counted: new Map(), parked: new Map() });
			const parked = [...staged].flatMap(([name, row]) => write(state, rev, name, row));
			for (const [name, later] of of(stream).later)
				if (later.centralEpoch !== centralEpoch) of(stream).later.delete(name);
			keepLater(of(stream));
			verified.clear();
			return { result: 'live', stream, rev, root, parked };
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
			const raw = [...state.counted].filter(([name]) => state.parked.has(name));
			const intact = [...state.rows].filter(([name]) => !damaged.some(([lost]) => lost === name));
			state.counted = new Map([...raw, ...intact]);
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
			const ours = [...state.rows, ...state.parked].filter(([name]) => wanted.has(bucketOf(name)));
			const gone = ours.filter(([name]) => !theirs.has(name)).map(([name]) => name);
			const wrong = [...theirs].filter(([name, row]) => !isSame(state.counted.get(name), row));
			for (const name of gone) write(state, rev, name, undefined);
			const parked = wrong.flatMap(([name, row]) => write(state, rev, name, row));
			const { root, sums } = digestOfRows(state.counted);
			const changed = [...gone, ...wrong.map(([name]) => name)].map(keyOf);
			return { result: 'mended', rev: state.rev, root, sums: bytesOf(sums), changed, parked };
		},
	};
}

/** Of two rows of a holder. */
function stricter(row: unknown, later: unknown): unknown {
	const isBlocked = [row, later].some((one) => (one as { readonly status?: unknown }).status === 'blocked');
	return isBlocked ? { ...(row as object), status: 'blocked' } : row;
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
