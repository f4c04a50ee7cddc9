import { onTestFinished } from 'vitest';
import type { Credential, Holder } from '../../src/gateway/core/directory.ts';
import type { DirectoryOp, SnapshotRow } from '../../src/gateway/core/directory-change.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';
import { tempDir } from './temp-store.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** A real directory with its thread, and what central would send it. Closed with the test. */
export function openTempDirectory(dir: string = tempDir()) {
	const clock = createVirtualClock(1_000_000);
	const log = createMemoryLog();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
	const directory = openDirectory({ dir, store, clock, log });
	const updates = createDirectoryUpdates({ directory, nowMs: clock.nowMs, log });
	let open = true;
	async function close(): Promise<void> {
		if (!open) return;
		open = false;
		await directory.close();
		store.close();
	}
	onTestFinished(close);
	return { dir, clock, log, store, directory, reader: directory.reader, updates, close };
}

export function holder(id: string, change: Partial<Holder> = {}): Holder {
	return { id, kind: 'person', name: `Person ${id}`, email: null, status: 'active', ...change };
}

export function plate(id: string, value: string, change: Partial<Credential> = {}): Credential {
	return {
		id,
		holderId: 'anna',
		kind: 'plate',
		value,
		label: null,
		state: 'active',
		validFromMs: null,
		validToMs: null,
		...change,
	};
}

export function put<Row extends { readonly id: string }>(table: string, row: Row): DirectoryOp {
	return { op: 'put', table, key: row.id, row };
}

export function rowOf(table: string, row: object): SnapshotRow {
	return { table, row };
}
