import { randomUUID } from 'node:crypto';
import { STREAMS } from '../../src/gateway/core/directory.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import type { DirectoryUpdates } from '../../src/gateway/services/directory/directory-updates.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';

/** A row as central sends it, with the name of its table. */
export interface SeedRow {
	readonly table: string;
	readonly id: string;
	readonly [field: string]: unknown;
}

/** Gives a store its people before the gateway starts on it: a site whose central is away. */
export async function seedDirectory(storeDir: string, rows: readonly SeedRow[]): Promise<void> {
	const log = createMemoryLog();
	const store = openSiteStore({ dir: storeDir, nowMs: Date.now, log });
	const directory = openDirectory({ dir: storeDir, store, log });
	const updates = createDirectoryUpdates({ directory, nowMs: Date.now, log });
	try {
		await seedRows(updates, rows);
	} finally {
		await directory.close();
		store.close();
	}
}

/** A first snapshot of every stream. */
export async function seedRows(updates: DirectoryUpdates, rows: readonly SeedRow[]): Promise<void> {
	const centralEpoch = randomUUID();
	for (const stream of STREAMS) {
		const own = rows.filter(({ table }) => (table === 'holders') === (stream === 'people'));
		await updates.beginSnapshot({ stream, centralEpoch, rev: 1, rows: own.length });
		await updates.pushRows(own.map(({ table, ...row }) => ({ table, row })));
		await updates.finishSnapshot();
	}
}

const ALWAYS = { validFromMs: null, validToMs: null } as const;

/** Somebody with a tag, a plate or both, and a right to every area unless `right` says otherwise. */
export function aPerson(person: {
	readonly id: string;
	readonly name: string;
	readonly tag?: string;
	readonly plate?: string;
	readonly right?: 'active' | 'suspended' | null;
}): readonly SeedRow[] {
	const { id, name, right = 'active' } = person;
	const credential = (kind: 'tag' | 'plate', value: string | undefined): readonly SeedRow[] =>
		value === undefined
			? []
			: [
					{
						table: 'credentials',
						id: `${id}-${kind}`,
						holderId: id,
						kind,
						value,
						label: null,
						state: 'active',
						...ALWAYS,
					},
				];
	return [
		{ table: 'holders', id, kind: 'person', name, email: null, status: 'active' },
		...credential('tag', person.tag),
		...credential('plate', person.plate),
		...(right === null
			? []
			: [
					{
						table: 'assignedRights',
						id: `${id}-right`,
						holderId: id,
						specificationId: 'staff',
						state: right,
						...ALWAYS,
					},
				]),
	];
}

export const STAFF: SeedRow = {
	table: 'rightSpecifications',
	id: 'staff',
	name: 'Staff',
	strategy: 'firstCome',
	areaIds: [],
	scheduleId: null,
};
