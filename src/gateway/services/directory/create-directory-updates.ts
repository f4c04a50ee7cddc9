import path from 'node:path';
import { STREAMS } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Directory } from '../../store/directory.ts';
import type { DirectoryUpdates } from './directory-updates.ts';

export function createDirectoryUpdates(deps: {
	readonly directory: Directory;
	readonly nowMs: () => number;
	readonly log: Log;
}): DirectoryUpdates {
	const { directory, nowMs, log } = deps;
	const { reader, worker, confirmations, staged } = directory;
	async function makeLive(file: string): Promise<() => void> {
		try {
			return directory.makeLive(file);
		} catch (error) {
			await worker.ask('abandon', null);
			throw error;
		}
	}

	return {
		streams: () =>
			STREAMS.map(
				(stream) =>
					reader.stream(stream) ?? { stream, centralEpoch: null, rev: 0, root: null, parked: 0, syncedAtMs: null },
			),
		async applyDelta(delta) {
			if (delta.ops.length > LIMITS.deltaOps) {
				throw new GatewayError(
					'INVALID_REQUEST',
					`a delta of ${delta.ops.length} ops; at most ${LIMITS.deltaOps} fit one`,
				);
			}
			return worker.ask('delta', { delta, atMs: nowMs() });
		},
		async confirmCurrent(at) {
			const state = reader.stream(at.stream);
			if (state?.centralEpoch === at.centralEpoch && state.rev === at.rev) confirmations.confirm(at, nowMs());
		},
		async denyAhead(delta) {
			await worker.ask('deny', { delta });
		},
		parkedRows: (stream) => reader.parked(stream, LIMITS.parkedTold),
		stagedSnapshot: () => staged.get() ?? null,
		async beginSnapshot(start) {
			const { stream, snapshotId } = start;
			const before = staged.get();
			const isSame = before !== undefined && before.snapshotId === snapshotId && before.stream === stream;
			const file = isSame ? directory.fileOf(before) : directory.nextFile();
			const fileName = path.basename(file);
			// Named first: a file that nobody knows is deleted at the next start.
			staged.set(snapshotId === undefined ? undefined : { stream, snapshotId, fileName });
			const answer = await worker.ask('begin', { start, file, atMs: nowMs() });
			if (before !== undefined && !isSame) directory.removeStaged(before);
			return answer;
		},
		async pushRows(rows) {
			await worker.ask('push', { rows });
		},
		async finishSnapshot() {
			const answer = await worker.ask('seal', null);
			if (answer.result === 'refused') {
				staged.set(undefined);
				return answer;
			}
			const { stream, rev, root, file } = answer;
			const closeOld = await makeLive(file);
			try {
				await worker.ask('adopt', null);
			} finally {
				closeOld();
			}
			await directory.removeOthers();
			log.info({ stream, rev, parked: answer.parked.length }, 'a snapshot of central is live');
			return { result: 'live', stream, rev, root, parked: answer.parked };
		},
		async abandonSnapshot() {
			await worker.ask('abandon', null);
			const left = staged.get();
			staged.set(undefined);
			if (left !== undefined) directory.removeStaged(left);
		},
		verifyStream: (stream) => worker.ask('verify', { stream }),
		mendStream: (mend) => worker.ask('mend', { mend }),
	};
}
