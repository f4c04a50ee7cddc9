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
	readonly onAnswer: (answer: DirectoryAnswer) => void;
}): Inbox {
	const { directory, log, onAnswer } = deps;
	let tasks: Promise<void> = Promise.resolve();

	async function answer(task: DirectoryTask): Promise<void> {
		const given = await perform(directory, log, task).catch((error: unknown) => {
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

async function perform(
	directory: DirectoryUpdates,
	log: Log,
	task: DirectoryTask,
): Promise<DirectoryAnswer | undefined> {
	switch (task.do) {
		case 'applyDelta':
			return applyDelta(directory, log, task.delta);
		case 'confirmCurrent': {
			const { stream, centralEpoch, rev } = task;
			if (isStream(stream)) await directory.confirmCurrent({ stream, centralEpoch, rev });
			return undefined;
		}
		case 'openSnapshot': {
			const { stream, centralEpoch, rev, rows } = task.manifest;
			if (!isStream(stream)) return { kind: 'stagingFailed' };
			await directory.beginSnapshot({ stream, centralEpoch, rev, rows });
			return { kind: 'opened' };
		}
		case 'stageChunk':
			await directory.pushRows(task.chunk.rows);
			return { kind: 'staged', index: task.chunk.index };
		case 'finishSnapshot': {
			const answer = await directory.finishSnapshot();
			if (answer.result === 'live') {
				reportParked(log, answer.parked);
				return { kind: 'finished' };
			}
			log.error({ problem: answer.problem }, 'a snapshot of central was refused; the old directory stays');
			return { kind: 'stagingFailed' };
		}
		case 'abandonSnapshot':
			await directory.abandonSnapshot();
			return undefined;
	}
}

async function applyDelta(directory: DirectoryUpdates, log: Log, delta: Delta): Promise<DirectoryAnswer> {
	const { stream, centralEpoch, from, to, ops } = delta;
	if (!isStream(stream)) return { kind: 'applyFailed', stream };
	const answer = await directory.applyDelta({ stream, centralEpoch, from, to, ops });
	if (answer.result === 'gap' || answer.result === 'otherEpoch') return { kind: 'applyFailed', stream };
	if (answer.result === 'applied') reportParked(log, answer.parked);
	return { kind: 'applied', stream, rev: answer.rev };
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

function isStream(stream: string): stream is StreamName {
	return STREAMS.some((known) => known === stream);
}
