import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';
import { chunksFrom, DELTAS, SNAPSHOT } from './staged-history.ts';

// Run as a program: DIR. Has old rows, fetches a snapshot of another history, in whose midst somebody is revoked and
// somebody blocked, and applies what comes after it. Prints a word for each once it is told that it is on the disk.
const [dir = ''] = process.argv.slice(2);
const log = createMemoryLog();
const store = openSiteStore({ dir, nowMs: Date.now, log });
const directory = openDirectory({ dir, store, log });
const updates = createDirectoryUpdates({ directory, nowMs: Date.now, log });
const say = (word: string) => void process.stdout.write(`${word}\n`);

await updates.applyDelta(DELTAS.people);
for (const delta of DELTAS.old) await updates.applyDelta(delta);
say('old');
await updates.beginSnapshot(SNAPSHOT);
for (const [index, rows] of chunksFrom(0).entries()) {
	await updates.pushRows(rows);
	if (index === 6) {
		await updates.denyAhead(DELTAS.revoked);
		say('revoked');
	}
	if (index === 12) {
		await updates.applyDelta(DELTAS.blocked);
		say('blocked');
	}
}
await updates.finishSnapshot();
say('live');
await updates.applyDelta(DELTAS.revoked);
say('passed');
await directory.close();
store.close();
