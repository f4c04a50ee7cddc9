import { setImmediate as turn } from 'node:timers/promises';
import { DIRECTORY_TABLES, type DirectoryTable, STREAMS, type StreamName } from '../../core/directory.ts';
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
	/** Deletes rows from the directory for good, after what was edited of them was taken over. Rejects when it did not take it. */
	takeAway(rows: readonly RowName[]): Promise<void>;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
}

/** A row of the directory. */
interface RowName {
	readonly table: DirectoryTable;
	readonly key: string;
}

/** Overlay rows taken away in one transaction: a few ms, between which lanes go on. A crash in between folds the rest again. */
const SETTLED_TOGETHER = 40;

export function createEditFolding(deps: {
	readonly store: Pick<SiteStore, 'localEdits' | 'transaction'>;
	readonly directory: Pick<DirectoryUpdates, 'streams' | 'applyDelta'>;
	readonly log: Log;
}): EditFolding {
	const { store, directory, log } = deps;
	/** Each gives a stream its next rev: one after the other. */
	let last: Promise<void> = Promise.resolve();
	let isWaiting = false;

	function inTurn(work: () => Promise<void>): Promise<void> {
		const done = last.then(work);
		last = done.catch(() => undefined);
		return done;
	}

	async function apply(stream: StreamName, ops: readonly DirectoryOp[]): Promise<void> {
		const rev = directory.streams().find((state) => state.stream === stream)?.rev ?? 0;
		const answer = await directory.applyDelta({ stream, centralEpoch: STANDALONE_EPOCH, from: rev, to: rev + 1, ops });
		if (answer.result !== 'applied') {
			throw new GatewayError('CONFLICT', `the directory did not take its own edits: ${answer.result}`);
		}
	}

	async function deleteRows(rows: readonly RowName[]): Promise<void> {
		await foldAll();
		for (const stream of STREAMS) {
			const own = rows.filter(({ table }) => DIRECTORY_TABLES[table].stream === stream);
			const ops = own.map(({ table, key }): DirectoryOp => ({ op: 'delete', table, key }));
			if (ops.length > 0) await apply(stream, ops);
		}
	}

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
				await apply(stream, ops);
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
		isWaiting = false;
		try {
			await foldAll();
		} catch (error) {
			// The overlay stays and goes on acting; the next edit or start tries again.
			log.error({ err: error }, 'edits could not be taken over into the directory');
		}
	}

	return {
		fold() {
			if (isWaiting) return;
			isWaiting = true;
			void inTurn(run);
		},
		takeAway: (rows) => inTurn(() => deleteRows(rows)),
		settled: () => last,
	};
}
