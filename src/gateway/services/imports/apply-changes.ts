import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { ImportFile, PlainRow, PlannedChange } from '../../store/import-file.ts';
import type { DirectoryChange, DirectoryEdits, EditBy, EditProblem } from '../directory/directory-edits.ts';
import { etagOf } from '../directory/row-etag.ts';
import type { ImportProblem } from './imports.ts';

export interface ApplyDeps {
	readonly edits: DirectoryEdits;
	readonly file: Pick<ImportFile, 'changesAfter' | 'changesBefore'>;
	readonly clock: Pick<Clock, 'after'>;
	/** Processor time of this thread, ms: waiting for the disk and for other programs makes no slice smaller. */
	readonly workedMs: () => number;
	readonly directory: Pick<DirectoryReader, 'find' | 'row'>;
	readonly by: EditBy;
	/** Up to and with this place; after each slice. */
	readonly onProgress: (place: number) => void;
	readonly isStopping: () => boolean;
}

/** `stopped`: goes on from the last progress another time. */
export type Applied =
	| { readonly result: 'done'; readonly kept: readonly ImportProblem[] }
	| { readonly result: 'refused'; readonly problems: readonly ImportProblem[] }
	| { readonly result: 'stopped' };

/** A slice of changes takes about this much work, and a commit: lanes and pages come in between. */
const SLICE_MS = 4;
/** Changes in the first slice, until their cost is known. */
const FIRST_SLICE = 8;
/** What bundles give with them counts too. */
const MOST_IN_SLICE = LIMITS.editsTogether / 5;

/** Whether every row still is what the preview saw; what is not. */
export async function findStale(deps: ApplyDeps): Promise<Applied> {
	const { edits, file } = deps;
	const slices = createSlices(deps);
	const problems: ImportProblem[] = [];
	for (let place = 0; ; ) {
		const last = slices.measure(slices.size(), () => {
			const changes = file.changesAfter(place, slices.size());
			for (const change of changes) if (!isLike(edits, change, change.before)) problems.push(changedSince(change));
			return changes.at(-1);
		});
		if (last === undefined) break;
		place = last.place;
		if (deps.isStopping()) return { result: 'stopped' };
		await slices.pause();
	}
	return problems.length > 0 ? { result: 'refused', problems } : { result: 'done', kept: [] };
}

/** Makes the changes after `from`, slice by slice. `again`: some may be made already; those are passed over. */
export async function applyForward(deps: ApplyDeps, from: number, again: boolean): Promise<Applied> {
	const { edits, file, by } = deps;
	const slices = createSlices(deps);
	for (let place = from; ; ) {
		const changes = file.changesAfter(place, slices.size());
		const last = changes.at(-1);
		if (last === undefined) return { result: 'done', kept: [] };
		const toMake = again ? changes.filter((change) => !isLike(edits, change, change.after)) : changes;
		const problems = slices.measure(changes.length, () => {
			const answer = toMake.length === 0 ? undefined : edits.edit(toMake.map(forward), by);
			return answer?.result === 'refused' ? answer.problems : [];
		});
		if (problems.length === 0) {
			place = last.place;
			deps.onProgress(place);
		} else if (toMake.length > 1 && problems.every(({ code }) => code === 'tooMany')) slices.startSmall();
		else return { result: 'refused', problems: problems.map((problem) => told(toMake, problem)) };
		if (deps.isStopping()) return { result: 'stopped' };
		await slices.pause();
	}
}

/** Takes the changes up to `from` back, the last first. Rows that somebody changed since stay, and are told. */
export async function applyBackward(deps: ApplyDeps, from: number): Promise<Applied> {
	const { edits, file, by } = deps;
	const slices = createSlices(deps);
	const kept: ImportProblem[] = [];
	for (let place = from + 1; ; ) {
		const changes = file.changesBefore(place, slices.size());
		const last = changes.at(-1);
		if (last === undefined) return { result: 'done', kept };
		slices.measure(changes.length, () => {
			const toUndo = changes.filter((change) => !isLike(edits, change, change.before));
			const takeBack = (some: readonly PlannedChange[]) =>
				edits.edit(
					some.flatMap((change) => backward(deps.directory, change)),
					by,
				);
			if (toUndo.length === 0 || takeBack(toUndo).result === 'done') return;
			for (const change of toUndo) {
				const answer = takeBack([change]);
				if (answer.result === 'refused') kept.push(...answer.problems.map((problem) => told([change], problem)));
			}
		});
		place = last.place;
		deps.onProgress(place - 1);
		if (deps.isStopping()) return { result: 'stopped' };
		await slices.pause();
	}
}

/** As many changes as fit the time, from what the last ones took; between them as long for everything else. */
function createSlices({ clock, workedMs }: Pick<ApplyDeps, 'clock' | 'workedMs'>) {
	let size = FIRST_SLICE;
	let tookMs = 0;
	return {
		size: () => size,
		measure<T>(count: number, run: () => T): T {
			const startedMs = workedMs();
			const result = run();
			tookMs = workedMs() - startedMs;
			// Grows slowly and shrinks at once, so that one quick slice makes no long one.
			const fitting = tookMs > 0 ? Math.floor((count * SLICE_MS) / tookMs) : size * 2;
			size = Math.max(1, Math.min(fitting, size * 2, MOST_IN_SLICE));
			return result;
		},
		startSmall: () => {
			size = 1;
		},
		pause: () =>
			tookMs < 1 ? turn() : new Promise<void>((resolve) => void clock.after(Math.min(tookMs, SLICE_MS), resolve)),
	};
}

function isLike(edits: DirectoryEdits, { table, key }: PlannedChange, row: PlainRow | null): boolean {
	const held = edits.get(table, key);
	return row === null ? held === undefined : held?.etag === etagOf(row);
}

function forward({ table, key, before, after }: PlannedChange): DirectoryChange {
	return before === null
		? { op: 'create', table, row: after }
		: { op: 'update', table, key, fields: after, ifMatch: etagOf(before) };
}

function backward(
	directory: ApplyDeps['directory'],
	{ table, key, before, after }: PlannedChange,
): readonly DirectoryChange[] {
	const ifMatch = etagOf(after);
	if (before !== null) return [{ op: 'update', table, key, fields: before, ifMatch }];
	return [...givenByBundles(directory, table, key), { op: 'delete', table, key, ifMatch, alone: true }];
}

/** A new holder got what bundles give: that goes with it, and nothing else does. */
function givenByBundles(
	directory: ApplyDeps['directory'],
	table: PlannedChange['table'],
	holderId: string,
): readonly DirectoryChange[] {
	if (table !== 'holders') return [];
	const rights = directory.find('assignedRights', { holderId }, LIMITS.editsTogether);
	const given = rights.filter((id) => (directory.row('assignedRights', id)?.bundleId ?? null) !== null);
	return given.map((key) => ({ op: 'delete', table: 'assignedRights', key, alone: true }));
}

function changedSince({ row, table, key }: PlannedChange): ImportProblem {
	return { row, table, key, code: 'changed', field: null, problem: 'it was changed since the preview' };
}

function told(changes: readonly PlannedChange[], problem: EditProblem): ImportProblem {
	const { change, field, code, problem: text } = problem;
	const { row = 0, table = problem.table, key = '' } = changes[change] ?? {};
	return { row, table, key, code, field, problem: text };
}
