import { STREAMS, type StreamName } from '../gateway/core/directory.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DirectoryUpdates, ParkedRow } from '../gateway/services/directory/directory-updates.ts';
import type { DirectoryAnswer, DirectoryTask } from './downstream-state.ts';
import type { Delta } from './stream-state.ts';

export interface Inbox {
	/** Of each kind one task after the other; a failing disk is an answer too. */
	run(task: DirectoryTask): void;
	/** Settles when the deltas so far are there; never rejects. */
	deltasIdle(): Promise<void>;
	/** Settles when everything so far is done; never rejects. */
	idle(): Promise<void>;
}

/** A change never waits behind a snapshot that is staged, nor behind rows that are read again. */
const KINDS: Readonly<Record<DirectoryTask['do'], 'delta' | 'snapshot' | 'repair'>> = {
	applyDelta: 'delta',
	denyAhead: 'delta',
	confirmCurrent: 'delta',
	openSnapshot: 'snapshot',
	stageChunk: 'snapshot',
	finishSnapshot: 'snapshot',
	abandonSnapshot: 'snapshot',
	verifyStream: 'repair',
	mendStream: 'repair',
};

/** Hands deltas and snapshots to the directory and its answers to the session machine. */
export function createInbox(deps: {
	readonly directory: DirectoryUpdates;
	readonly log: Log;
	/** The directory holds this rev; `keys`: the rows that moved, null after a snapshot. */
	readonly reached: (stream: StreamName, rev: number, keys: readonly RowKey[] | null) => void;
	readonly onAnswer: (answer: DirectoryAnswer) => void;
}): Inbox {
	const { onAnswer, log } = deps;
	const tasks = { delta: Promise.resolve(), snapshot: Promise.resolve(), repair: Promise.resolve() };

	async function answer(task: DirectoryTask): Promise<void> {
		const given = await perform(deps, task).catch((error: unknown) => {
			log.error({ err: error, task: task.do }, 'the directory could not take what central sent');
			return failureOf(task);
		});
		if (given !== undefined) onAnswer(given);
	}

	return {
		run(task) {
			const kind = KINDS[task.do];
			tasks[kind] = tasks[kind].then(() => answer(task));
		},
		deltasIdle: () => tasks.delta,
		idle: async () => void (await Promise.all(Object.values(tasks))),
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
		case 'denyAhead':
			await denyAhead(deps, task.delta);
			return undefined;
		case 'openSnapshot': {
			const { stream, snapshotId, centralEpoch, rev, rows, root } = task.manifest;
			if (!isStream(stream)) return { kind: 'stagingFailed' };
			const { chunks } = await directory.beginSnapshot({ stream, snapshotId, centralEpoch, rev, rows, root });
			return { kind: 'opened', chunks };
		}
		case 'stageChunk':
			await directory.pushRows(task.chunk.rows);
			return { kind: 'staged', index: task.chunk.index };
		case 'finishSnapshot': {
			const answer = await directory.finishSnapshot();
			if (answer.result === 'live') {
				reportParked(log, answer.parked);
				for (const { stream, rev } of directory.streams()) deps.reached(stream, rev, null);
				return { kind: 'finished', root: answer.root, parked: parkedOf(directory, answer.stream) };
			}
			log.error({ problem: answer.problem }, 'a snapshot of central was refused; the old directory stays');
			return { kind: 'stagingFailed' };
		}
		case 'abandonSnapshot':
			await directory.abandonSnapshot();
			return undefined;
		case 'verifyStream':
			return verify(deps, task.stream);
		case 'mendStream':
			return mend(deps, task);
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
	const root = answer.result === 'applied' ? answer.root : (placeOf(directory, stream)?.root ?? null);
	const hasParked = answer.result === 'applied' && answer.parked.length > 0;
	return { kind: 'applied', stream, rev: answer.rev, root, parked: parkedOf(directory, stream), hasParked };
}

async function denyAhead({ directory, reached }: InboxDeps, delta: Delta): Promise<void> {
	const { stream, centralEpoch, from, to, ops } = delta;
	if (!isStream(stream)) return;
	await directory.denyAhead({ stream, centralEpoch, from, to, ops });
	// An edit on site over one of these rows must not hide it.
	reached(stream, placeOf(directory, stream)?.rev ?? 0, ops);
}

async function verify({ directory, log }: InboxDeps, stream: string): Promise<DirectoryAnswer> {
	if (!isStream(stream)) return { kind: 'repairFailed', stream, beyondRepair: false };
	const found = await directory.verifyStream(stream);
	if (found.result !== 'verified')
		return { kind: 'repairFailed', stream, beyondRepair: found.result === 'beyondRepair' };
	if (found.damaged > 0)
		log.error({ stream, rows: found.damaged }, 'rows of the directory are not as they were stored');
	return { kind: 'verified', stream, found };
}

async function mend(
	{ directory, log, reached }: InboxDeps,
	{ answer }: Extract<DirectoryTask, { do: 'mendStream' }>,
): Promise<DirectoryAnswer> {
	const [first] = answer;
	if (first === undefined || !isStream(first.stream))
		return { kind: 'repairFailed', stream: first?.stream ?? '', beyondRepair: false };
	const { stream, centralEpoch, rev, buckets } = first;
	const mended = await directory.mendStream({
		...{ stream, centralEpoch, rev, buckets },
		rows: answer.flatMap(({ rows }) => rows),
	});
	if (mended.result === 'refused') {
		log.warn({ stream, problem: mended.problem }, 'what central sent to mend the directory was refused');
		return { kind: 'repairFailed', stream, beyondRepair: false };
	}
	reportParked(log, mended.parked);
	reached(stream, mended.rev, mended.changed);
	const { root, sums, changed } = mended;
	const place = { rev: mended.rev, root, sums, parked: parkedOf(directory, stream) };
	return { kind: 'mended', stream, ...place, changed: changed.length };
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
		case 'verifyStream':
			return { kind: 'repairFailed', stream: task.stream, beyondRepair: false };
		case 'mendStream':
			return { kind: 'repairFailed', stream: task.answer[0]?.stream ?? '', beyondRepair: false };
		// It comes again with its turn.
		case 'denyAhead':
		case 'confirmCurrent':
		case 'abandonSnapshot':
			return undefined;
	}
}

function placeOf(directory: DirectoryUpdates, stream: StreamName) {
	return directory.streams().find((place) => place.stream === stream);
}

function parkedOf(directory: DirectoryUpdates, stream: StreamName): number {
	return placeOf(directory, stream)?.parked ?? 0;
}

function isStream(stream: string): stream is StreamName {
	return STREAMS.some((known) => known === stream);
}
