import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DiskOp } from './recorded-disk.ts';

/** What a disk writes whole or not at all. */
const SECTOR = 512;

type Change = Extract<DiskOp, { readonly do: 'write' | 'truncate' }>;

interface File {
	/** As it is on the disk for certain. */
	settled: Buffer;
	/** Since its last sync; any of it may be on the disk, in any order. */
	changes: Change[];
}

/** Names come and go in order, as in the journal of a file system, but no sooner than something is synced. */
interface NameChange {
	readonly name: string;
	/** undefined: removed. */
	readonly file: File | undefined;
}

/** A disk that has a program's writes, and loses its power. */
export interface CutDisk {
	take(op: DiskOp): void;
	/**
	 * Lays out what is left in a new directory.
	 *
	 * @param kept how likely a sector that nobody synced is there: 1 is a killed process on a machine that goes on
	 * @param random 0 ≤ x < 1
	 */
	layOut(dir: string, kept: number, random: () => number): void;
}

export function createCutDisk(): CutDisk {
	const names = new Map<string, File>();
	const settledNames = new Map<string, File>();
	let pending: NameChange[] = [];

	function rename(name: string, file: File | undefined): void {
		if (file === undefined) names.delete(name);
		else names.set(name, file);
		pending.push({ name, file });
	}

	function settleNames(count: number): void {
		apply(settledNames, pending.slice(0, count));
		pending = pending.slice(count);
	}

	return {
		take(op) {
			if (op.do === 'said') return;
			if (op.do === 'syncNames') {
				settleNames(pending.length);
				return;
			}
			const file = names.get(op.file);
			if (op.do === 'create') {
				if (file === undefined) rename(op.file, { settled: Buffer.alloc(0), changes: [] });
			} else if (op.do === 'remove') rename(op.file, undefined);
			else if (file === undefined) throw new Error(`${op.file} was never made`);
			else if (op.do === 'sync') {
				file.settled = changed(file.settled, file.changes);
				file.changes = [];
				settleNames(pending.findIndex((change) => change.file === file) + 1);
			} else if (op.do === 'write' || op.do === 'truncate') file.changes.push(op);
		},
		layOut(dir, kept, random) {
			mkdirSync(dir);
			const left = new Map(settledNames);
			apply(left, pending.slice(0, kept === 1 ? pending.length : Math.floor(random() * (pending.length + 1))));
			for (const [name, { settled, changes }] of left) {
				// Shared memory is no part of the disk.
				if (name.endsWith('-shm')) continue;
				const torn = changes.flatMap((change) => tear(change, () => random() < kept));
				writeFileSync(path.join(dir, name), changed(settled, torn));
			}
		},
	};
}

function apply(names: Map<string, File>, changes: readonly NameChange[]): void {
	for (const { name, file } of changes) {
		if (file === undefined) names.delete(name);
		else names.set(name, file);
	}
}

function changed(before: Buffer, changes: readonly Change[]): Buffer {
	const ends = changes.map((change) => (change.do === 'write' ? change.at + change.bytes.length : 0));
	const after = Buffer.concat([before], Math.max(before.length, ...ends));
	let length = before.length;
	for (const change of changes) {
		if (change.do === 'truncate') {
			after.fill(0, change.to);
			length = change.to;
		} else {
			change.bytes.copy(after, change.at);
			length = Math.max(length, change.at + change.bytes.length);
		}
	}
	return after.subarray(0, length);
}

function tear(change: Change, isKept: () => boolean): readonly Change[] {
	if (change.do === 'truncate') return isKept() ? [change] : [];
	const parts: Change[] = [];
	for (let from = 0; from < change.bytes.length; ) {
		const at = change.at + from;
		const to = Math.min(change.bytes.length, from + SECTOR - (at % SECTOR));
		if (isKept()) parts.push({ ...change, at, bytes: change.bytes.subarray(from, to) });
		from = to;
	}
	return parts;
}
