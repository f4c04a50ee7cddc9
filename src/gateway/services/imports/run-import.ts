import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ImportFile } from '../../store/import-file.ts';
import type { DirectoryEdits } from '../directory/directory-edits.ts';
import { type Applied, type ApplyDeps, applyBackward, applyForward, findStale } from './apply-changes.ts';
import { STATE_PART } from './import-parts.ts';
import type { Import, ImportProblem, ImportStage, ImportState } from './imports.ts';

export interface RunDeps {
	readonly edits: DirectoryEdits;
	readonly directory: ApplyDeps['directory'];
	readonly clock: Clock;
	readonly workedMs: ApplyDeps['workedMs'];
	readonly newId: () => string;
	readonly isStopping: () => boolean;
	/** With every change of the state, written down or not. */
	readonly onState: (state: ImportState) => void;
	/** It is over, one way or the other. */
	readonly onEnd: (stage: ImportStage) => void;
}

/** Changes between two states on the disk; a restart passes over what it made beyond the last one. */
const PERSIST_CHANGES = 2_000;

/** What still has to be done at a start. */
export function isUnderWay(stage: ImportStage): boolean {
	return stage === 'confirmed' || stage === 'applying' || stage === 'rollingBack' || stage === 'undoing';
}

/** Carries an import on from the stage it is at until it rests. */
export async function runImport(imported: Import, file: ImportFile, deps: RunDeps): Promise<void> {
	const { clock } = deps;
	let state = imported.state;
	let writtenAt = state.done;

	function enter(stage: ImportStage, change: Partial<ImportState> = {}): void {
		state = { ...state, ...change, stage, atMs: clock.nowMs() };
		writtenAt = state.done;
		file.setPart(STATE_PART, state);
		deps.onState(state);
		if (!isUnderWay(stage)) deps.onEnd(stage);
	}

	/** Undoing is a batch of its own: what was applied can be told from it. */
	const batchId = state.stage === 'confirmed' || state.stage === 'applying' ? imported.id : deps.newId();
	const applyDeps = (by: string): ApplyDeps => ({
		...{
			edits: deps.edits,
			directory: deps.directory,
			file,
			clock,
			workedMs: deps.workedMs,
			isStopping: deps.isStopping,
		},
		by: { operatorId: imported.state.operatorId, batchId: by },
		onProgress(done) {
			state = { ...state, done };
			if (Math.abs(done - writtenAt) >= PERSIST_CHANGES) {
				writtenAt = done;
				file.setPart(STATE_PART, state);
			}
			deps.onState(state);
		},
	});

	const again = state.stage === 'applying';
	if (state.stage === 'confirmed') {
		const check = await findStale(applyDeps(batchId));
		if (check.result === 'stopped') return;
		if (check.result === 'refused') return enter('stale', problemsOf(check.problems));
		enter('applying', { done: 0, ...problemsOf([]) });
	}
	if (state.stage === 'applying') {
		const applied = await applyForward(applyDeps(batchId), state.done, again);
		if (applied.result === 'stopped') return;
		if (applied.result === 'done') return enter('applied');
		enter('rollingBack', problemsOf(applied.problems));
	}
	const ends = { rollingBack: 'rolledBack', undoing: 'undone' } as const;
	if (state.stage !== 'rollingBack' && state.stage !== 'undoing') return;
	const { stage } = state;
	const undone: Applied = await applyBackward(applyDeps(batchId === imported.id ? deps.newId() : batchId), state.done);
	if (undone.result !== 'done') return;
	enter(ends[stage], stage === 'undoing' ? problemsOf(undone.kept) : {});
}

function problemsOf(problems: readonly ImportProblem[]): Pick<ImportState, 'problems' | 'problemCount'> {
	return { problems: problems.slice(0, LIMITS.tableProblems), problemCount: problems.length };
}
