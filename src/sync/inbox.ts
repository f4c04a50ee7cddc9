import { STREAMS, type StreamName } from '../gateway/core/directory.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DirectoryUpdates, ParkedRow } from '../gateway/services/directory/directory-updates.ts';
import type { Delta, DirectoryAnswer, DirectoryTask } from './downstream.ts';

export interface Inbox {
	/** One task after the other; a failing disk is an answer too. */
	run(task: DirectoryTask): void;
	/** Settles when all tasks so far are done; never rejects. */
	idle(): Promise<void>;
}

/** Hands deltas and snapshots to the directory and its answers to the session machine. */
export function createInbox(deps: {
	readonly directory: DirectoryUpdates;
	readonly log: Log;
	/** The directory holds this rev; `keys`: the rows that moved, null after a snapshot. */
	readonly reached: (stream: StreamName, rev: number, keys: readonly RowKey[] | null) => void;
	readonly onAnswer: (answer: DirectoryAnswer) => void;
}): Inbox {
	const { onAnswer, log } = deps;
	let tasks: Promise<void> = Promise.resolve();

	async function answer(task: DirectoryTask): Promise<void> {
		const given = await perform(deps, task).catch((error: unknown) => {
			log.error({ err: error, task: task.do }, 'the directory could not take what central sent');
			return failureOf(task);
		});
		if (given !== undefined) onAnswer(given);
	}

	return {
		run(task) {
			tasks = tasks.then(() => answer(task));
		},
		idle: () => tasks,
	};
}

type InboxDeps = Parameters<typeof createInbox>[0];

interface RowKey {
	readonly table: string;
	readonly key: string;
}

async function perform(deps: InboxDeps, task: DirectoryTask): Promise<DirectoryAnswer | undefined> {
	const { directory, log } = deps;
	switch (task.do) {
		case 'applyDelta':
			return applyDelta(deps, task.delta);
		case 'confirmCurrent': {
			const { stream, centralEpoch, rev } = task;
			if (isStream(stream)) await directory.confirmCurrent({ stream, centralEpoch, rev });
			return undefined;
		}
		case 'openSnapshot': {
			const { stream, centralEpoch, rev, rows, root } = task.manifest;
			if (!isStream(stream)) return { kind: 'stagingFailed' };
			await directory.beginSnapshot({ stream, centralEpoch, rev, rows, root });
			return { kind: 'opened' };
		}
		case 'stageChunk':
			await directory.pushRows(task.chunk.rows);
			return { kind: 'staged', index: task.chunk.index };
		case 'finishSnapshot': {
			const answer = await directory.finishSnapshot();
			if (answer.result === 'live') {
				reportParked(log, answer.parked);
				for (const { stream, rev } of directory.streams()) deps.reached(stream, rev, null);
				return { kind: 'finished', root: answer.root };
			}
			log.error({ problem: answer.problem }, 'a snapshot of central was refused; the old directory stays');
			return { kind: 'stagingFailed' };
		}
		case 'abandonSnapshot':
			await directory.abandonSnapshot();
			return undefined;
	}
}

async function applyDelta({ directory, log, reached }: InboxDeps, delta: Delta): Promise<DirectoryAnswer> {
	const { stream, centralEpoch, from, to, ops } = delta;
	if (!isStream(stream)) return { kind: 'applyFailed', stream };
	const answer = await directory.applyDelta({ stream, centralEpoch, from, to, ops });
	if (answer.result === 'gap' || answer.result === 'otherEpoch') return { kind: 'applyFailed', stream };
	if (answer.result === 'applied') {
		reportParked(log, answer.parked);
		reached(stream, answer.rev, ops);
	}
	const root = answer.result === 'applied' ? answer.root : rootOf(directory, stream);
	return { kind: 'applied', stream, rev: answer.rev, root };
}

function reportParked(log: Log, parked: readonly ParkedRow[]): void {
	for (const { table, key, problem } of parked)
		log.warn({ table, key, problem }, 'a row of central could not be used; what it describes is denied');
}

function failureOf(task: DirectoryTask): DirectoryAnswer | undefined {
	switch (task.do) {
		case 'applyDelta':
			return { kind: 'applyFailed', stream: task.delta.stream };
		case 'openSnapshot':
		case 'stageChunk':
		case 'finishSnapshot':
			return { kind: 'stagingFailed' };
		case 'confirmCurrent':
		case 'abandonSnapshot':
			return undefined;
	}
}

function rootOf(directory: DirectoryUpdates, stream: StreamName): string | null {
	return directory.streams().find((position) => position.stream === stream)?.root ?? null;
}

function isStream(stream: string): stream is StreamName {
	return STREAMS.some((known) => known === stream);
}
