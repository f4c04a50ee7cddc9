import type {
	DirectoryDelta,
	DirectoryOp,
	SnapshotRow,
	SnapshotStart,
} from '../../src/gateway/core/directory-change.ts';
import { digestOfRows } from './row-digest.ts';

/** Rows of central before its history changed, and after: the same cards and more, with other labels. */
const OLD_CARDS = 600;
const NEW_CARDS = 11_500;
const CHUNK = 500;
const CHUNKS = NEW_CARDS / CHUNK;

const card = (n: number, label: string) => ({
	...{ id: `c${String(n).padStart(6, '0')}`, holderId: 'anna', kind: 'plate', value: `1A${n}`, label },
	...{ state: 'active', validFromMs: null, validToMs: null },
});
const person = (id: string, status: string) => ({ id, kind: 'person', name: id, email: null, status });
const put = (table: string, row: { readonly id: string }): DirectoryOp => ({ op: 'put', table, key: row.id, row });
const cards = (count: number, label: string) => Array.from({ length: count }, (_, n) => card(n, label));
const rootOf = (rows: readonly { readonly id: string }[]) =>
	digestOfRows(new Map(rows.map((row) => [`credentials/${row.id}`, row]))).root;

/** Revoked while the snapshot is fetched; both histories have it. */
export const REVOKED = card(7, '').id;
/** Blocked meanwhile, in the other stream. */
export const BLOCKED = 'ben';

const OLD = { stream: 'access', centralEpoch: 'e1' } as const;
const NEW = { stream: 'access', centralEpoch: 'e2' } as const;
const PEOPLE = { stream: 'people', centralEpoch: 'e1' } as const;
const REV = 40;

const newRows = cards(NEW_CARDS, 'new');

/** By history and rev: the digest of the rows, and how many there are. */
export const STATES: Readonly<Record<string, { readonly root: string; readonly cards: number }>> = {
	'e1.2': { root: rootOf(cards(OLD_CARDS, 'old')), cards: OLD_CARDS },
	[`e2.${REV}`]: { root: rootOf(newRows), cards: NEW_CARDS },
	[`e2.${REV + 1}`]: { root: rootOf(newRows.filter(({ id }) => id !== REVOKED)), cards: NEW_CARDS - 1 },
};

export const SNAPSHOT: SnapshotStart = {
	...{ ...NEW, snapshotId: 's1', rev: REV, rows: NEW_CARDS, root: rootOf(newRows) },
};

/** Its chunks from one on. */
export function chunksFrom(first: number): SnapshotRow[][] {
	return Array.from({ length: CHUNKS - first }, (_, place) => {
		const from = (first + place) * CHUNK;
		return newRows.slice(from, from + CHUNK).map((row) => ({ table: 'credentials', row }));
	});
}

const oldOps = cards(OLD_CARDS, 'old').map((row) => put('credentials', row));
const revocation: DirectoryOp = { op: 'delete', table: 'credentials', key: REVOKED };
const people = ['anna', BLOCKED].map((id) => put('holders', person(id, 'active')));

export const DELTAS = {
	people: { ...PEOPLE, from: 0, to: 1, ops: people },
	old: [
		{ ...OLD, from: 0, to: 1, ops: oldOps.slice(0, CHUNK) },
		{ ...OLD, from: 1, to: 2, ops: oldOps.slice(CHUNK) },
	],
	revoked: { ...NEW, from: REV, to: REV + 1, ops: [revocation] },
	blocked: { ...PEOPLE, from: 1, to: 2, ops: [put('holders', person(BLOCKED, 'blocked'))] },
} as const satisfies Record<string, DirectoryDelta | readonly DirectoryDelta[]>;
