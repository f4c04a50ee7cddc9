import { setImmediate as turn } from 'node:timers/promises';
import { DIRECTORY_TABLES, STREAMS } from '../../core/directory.ts';
import { type DirectoryOp, STANDALONE_EPOCH } from '../../core/directory-change.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryUpdates } from './directory-updates.ts';

/** A site without central answers itself: what was edited becomes the directory, and the overlay goes (SYNC.md, local edits). */
export interface EditFolding {
	/** Takes over what was edited until now; calls while one runs are one more run after it. */
	fold(): void;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
}

/** Overlay rows taken away in one transaction: a few ms, between which lanes go on. A crash in between folds the rest again. */
const SETTLED_TOGETHER = 40;

export function createEditFolding(deps: {
	readonly store: Pick<SiteStore, 'localEdits' | 'transaction'>;
	readonly directory: Pick<DirectoryUpdates, 'streams' | 'applyDelta'>;
	readonly log: Log;
}): EditFolding {
	const { store, directory, log } = deps;
	let running: Promise<void> | undefined;
	let again = false;

	async function foldAll(): Promise<void> {
		while (store.localEdits.any()) {
			const edits = store.localEdits.list(LIMITS.deltaOps);
			for (const stream of STREAMS) {
				const own = edits.filter(({ table }) => DIRECTORY_TABLES[table].stream === stream);
				if (own.length === 0) continue;
				const ops = own.map(
					({ table, key, row }): DirectoryOp =>
						row === null ? { op: 'delete', table, key } : { op: 'put', table, key, row },
				);
				const rev = directory.streams().find((state) => state.stream === stream)?.rev ?? 0;
				const answer = await directory.applyDelta({
					stream,
					centralEpoch: STANDALONE_EPOCH,
					from: rev,
					to: rev + 1,
					ops,
				});
				if (answer.result !== 'applied') {
					throw new GatewayError('CONFLICT', `the directory did not take its own edits: ${answer.result}`);
				}
				for (let at = 0; at < own.length; at += SETTLED_TOGETHER) {
					store.transaction(() => {
						for (const edit of own.slice(at, at + SETTLED_TOGETHER)) store.localEdits.settle(edit);
					});
					await turn();
				}
			}
		}
	}

	async function run(): Promise<void> {
		try {
			do {
				again = false;
				await foldAll();
			} while (again);
		} catch (error) {
			// The overlay stays and goes on acting; the next edit or start tries again.
			log.error({ err: error }, 'edits could not be taken over into the directory');
		} finally {
			running = undefined;
		}
	}

	return {
		fold() {
			again = true;
			running ??= run();
		},
		settled: async () => running,
	};
}
