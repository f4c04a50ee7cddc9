import { readdirSync } from 'node:fs';
import type { SnapshotRow } from '../../src/gateway/core/directory-change.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';

// Run as a program: DIR ROWS SNAPSHOTS. Makes snapshots of ROWS credentials live, one after the other; prints
// one JSON line per snapshot: how it ended and what is read afterwards.
const [dir = '', rows = '0', snapshots = '1'] = process.argv.slice(2);
const log = createMemoryLog();
const store = openSiteStore({ dir, nowMs: Date.now, log });
const directory = openDirectory({ dir, store, log });
const updates = createDirectoryUpdates({ directory, nowMs: Date.now, log });
const CHUNK = 500;

function chunk(rev: number, from: number, count: number): SnapshotRow[] {
	return Array.from({ length: count }, (_, n) => ({
		table: 'credentials',
		row: {
			id: `c${from + n}`,
			holderId: `h${from + n}`,
			kind: 'tag',
			value: `${rev}:${from + n}`,
			label: 'a label of some length',
			state: 'active',
			validFromMs: null,
			validToMs: null,
		},
	}));
}

async function snapshot(rev: number): Promise<string> {
	const total = rev === 1 ? CHUNK : Number(rows);
	try {
		await updates.beginSnapshot({ stream: 'access', centralEpoch: 'e1', rev, rows: total });
		for (let from = 0; from < total; from += CHUNK)
			await updates.pushRows(chunk(rev, from, Math.min(CHUNK, total - from)));
		return (await updates.finishSnapshot()).result;
	} catch (error) {
		return error instanceof Error && 'code' in error ? String(error.code) : String(error);
	}
}

for (let rev = 1; rev <= Number(snapshots); rev += 1) {
	const result = await snapshot(rev);
	const { reader } = directory;
	const live = reader.stream('access')?.rev;
	const line = {
		result,
		live,
		found: reader.credential('tag', `${live}:7`)?.id,
		credentials: reader.counts()['credentials'],
		files: readdirSync(dir).filter((name) => /^directory-\d+\.db$/.test(name)),
	};
	process.stdout.write(`${JSON.stringify(line)}\n`);
}
await directory.close();
store.close();
