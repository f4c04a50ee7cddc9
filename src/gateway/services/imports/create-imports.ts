import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryEdits } from '../directory/directory-edits.ts';
import { removeOldDrafts } from './draft-import.ts';
import { auditOf, workedMs } from './import-end.ts';
import { createImportFolder } from './import-folder.ts';
import { createImportMappings } from './import-mappings.ts';
import { importState, noImport, READ_AGAIN, refused } from './import-states.ts';
import { runImportWorker } from './import-thread.ts';
import type {
	Import,
	ImportAnswer,
	ImportContent,
	ImportOptions,
	ImportRefusal,
	ImportStage,
	ImportState,
	Imports,
} from './imports.ts';
import { isUnderWay, runImport } from './run-import.ts';
import { watchFolder } from './watch-folder.ts';

export interface ImportsDeps {
	/** Where imports are kept. */
	readonly dir: string;
	readonly directoryFile: () => string;
	readonly siteFile: string;
	readonly timeZone: string;
	readonly edits: DirectoryEdits;
	readonly directory: Pick<DirectoryReader, 'find' | 'row'>;
	readonly store: Pick<SiteStore, 'journal' | 'importMappings' | 'transaction'>;
	readonly clock: Clock;
	readonly log: Log;
	/** In the order they are made: the newest import is listed first. */
	readonly newId: () => string;
	/** After an audit entry. */
	readonly journalGrew: () => void;
}

/** Goes on with what was under way when the gateway last stopped. */
export function createImports(deps: ImportsDeps): Imports {
	const { clock, log, newId } = deps;
	const folder = createImportFolder(deps.dir);
	const known = new Map<string, Import>();
	const stopping = new AbortController();
	let reading: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	let running: Promise<void> | undefined;

	for (const id of folder.ids().toSorted()) adopt(id);
	removeOldDrafts(deps.dir, clock.nowMs());
	prune();
	for (const { id, state } of known.values()) if (isUnderWay(state.stage)) run(id);
	const unwatch = watchFolder(folder, deps, (id) => {
		if (known.has(id)) return;
		adopt(id);
		if (known.get(id)?.state.stage === 'confirmed') run(id);
	});

	/** What stopped while it was read is read no further. */
	function adopt(id: string): void {
		try {
			const found = folder.load(id);
			if (found === undefined || found.state.stage === 'reading') folder.remove(id);
			else known.set(id, found);
		} catch (error) {
			log.warn({ err: error, import: id }, 'an import could not be read');
		}
	}

	/** The oldest go, and what is older than it may be; never one that is under way. */
	function prune(): number {
		const resting = [...known.values()].filter(({ state }) => !isUnderWay(state.stage) && state.stage !== 'reading');
		const oldestMs = clock.nowMs() - LIMITS.importsKeptMs;
		const over = resting
			.toReversed()
			.filter(({ createdAtMs }, place) => place >= LIMITS.importsKept || createdAtMs < oldestMs);
		for (const { id } of over) forget(id);
		return over.length;
	}

	function forget(id: string): void {
		known.delete(id);
		folder.remove(id);
	}

	function setState(id: string, state: ImportState): void {
		const current = known.get(id);
		if (current !== undefined) known.set(id, { ...current, state });
	}

	const stateAt = (stage: ImportStage, change?: Partial<ImportState>) => importState(stage, clock.nowMs(), change);

	/** One file after the other, each in a thread. */
	async function preview(id: string, options: ImportOptions): Promise<Import> {
		const current = known.get(id);
		if (current === undefined) return noImport(id);
		const begun = stateAt('reading');
		folder.setState(id, begun);
		known.set(id, { ...current, state: begun, preview: null });
		waiting += 1;
		const read = reading.then(() =>
			runImportWorker(
				{
					...{ kind: current.kind, timeZone: deps.timeZone, options, siteFile: deps.siteFile },
					directoryFile: deps.directoryFile(),
					importFile: folder.importFile(id),
					uploadFile: folder.uploadFile(id),
				},
				(rows) => setState(id, { ...begun, done: rows }),
				stopping.signal,
			),
		);
		reading = read.catch(() => undefined);
		try {
			await read;
		} finally {
			waiting -= 1;
		}
		const previewed = folder.load(id)?.preview ?? null;
		const total = previewed?.changes ?? 0;
		const state = stateAt(previewed?.origin == null ? 'unreadable' : 'previewed', { total });
		folder.setState(id, state);
		const result = { ...current, state, preview: previewed };
		known.set(id, result);
		return result;
	}

	/** Nobody waits for it: what went wrong stands in its state. */
	function previewLater(id: string, options: ImportOptions): Import | undefined {
		preview(id, options).catch((error: unknown) => {
			if (stopping.signal.aborted || !known.has(id)) return;
			log.warn({ err: error, import: id }, 'a file could not be read');
			const state = stateAt('unreadable');
			folder.setState(id, state);
			setState(id, state);
		});
		return known.get(id);
	}

	async function take(request: Parameters<Imports['read']>[0], content: ImportContent): Promise<string> {
		if (waiting >= LIMITS.importsWaiting)
			throw new GatewayError('TOO_MANY', 'Other files are being read; try again in a minute.');
		const id = newId();
		const created = { ...request, id, createdAtMs: clock.nowMs(), state: stateAt('reading'), preview: null };
		waiting += 1;
		try {
			await folder.create(created, content);
		} finally {
			waiting -= 1;
		}
		known.set(id, created);
		prune();
		return id;
	}

	function whyNotAgain(id: string): ImportRefusal | undefined {
		const stage = known.get(id)?.state.stage;
		if (stage === undefined) return 'notFound';
		if (!READ_AGAIN.has(stage)) return 'wrongStage';
		return waiting >= LIMITS.importsWaiting ? 'busy' : undefined;
	}

	/** Only one is applied or undone at a time. */
	function run(id: string): void {
		const before = running ?? Promise.resolve();
		const mine = before
			.then(() => carryOn(id))
			.finally(() => {
				if (running === mine) running = undefined;
			});
		running = mine;
	}

	async function carryOn(id: string): Promise<void> {
		const imported = known.get(id);
		if (imported === undefined || stopping.signal.aborted) return;
		try {
			await folder.openWhile(id, (file) =>
				runImport(imported, file, {
					...{ edits: deps.edits, directory: deps.directory, clock, newId, workedMs },
					isStopping: () => stopping.signal.aborted,
					onState: (state) => setState(id, state),
					onEnd: (stage) => ended(imported, stage),
				}),
			);
		} catch (error) {
			// It stays at its stage; the next start tries again.
			log.error({ err: error, import: id }, 'an import could not go on');
		}
	}

	function ended(imported: Import, stage: ImportStage): void {
		const { id, kind } = imported;
		if (stage === 'applied') {
			folder.removeUpload(id);
			const left = folder.load(id);
			if (left !== undefined) known.set(id, left);
		}
		deps.store.journal.append(auditOf(imported, stage, { id: newId(), atMs: clock.nowMs() }));
		deps.journalGrew();
		log.info({ import: id, kind, stage }, 'an import ended');
	}

	function begin(
		id: string,
		operatorId: string | null,
		from: ImportStage,
		to: ImportStage,
		refuse: (found: Import) => ImportRefusal | undefined,
	) {
		const found = known.get(id);
		if (found === undefined) return refused('notFound');
		if (found.state.stage !== from) return refused('wrongStage');
		if (running !== undefined) return refused('busy');
		const problem = refuse(found);
		if (problem !== undefined) return refused(problem);
		const { done, total } = found.state;
		const state = stateAt(to, { operatorId, done, total });
		folder.setState(id, state);
		const changed: Import = { ...found, state };
		known.set(id, changed);
		run(id);
		return { result: 'done', import: changed } as const;
	}

	return {
		mappings: createImportMappings(deps),
		async read(request, content, options = {}) {
			const id = await take(request, content);
			try {
				return await preview(id, options);
			} catch (error) {
				forget(id);
				throw error;
			}
		},
		async start(request, content, options = {}) {
			const id = await take(request, content);
			return previewLater(id, options) ?? noImport(id);
		},
		async readAgain(id, options): Promise<ImportAnswer> {
			const problem = whyNotAgain(id);
			return problem === undefined ? { result: 'done', import: await preview(id, options) } : refused(problem);
		},
		startAgain(id, options): ImportAnswer {
			const problem = whyNotAgain(id);
			if (problem !== undefined) return refused(problem);
			return { result: 'done', import: previewLater(id, options) ?? noImport(id) };
		},
		get: (id) => known.get(id),
		list: () => [...known.values()].toReversed(),
		changes: (id, afterRow, limit, kind) =>
			known.has(id)
				? folder.open(id, (file) => file.changesOfRows(afterRow, Math.min(limit, LIMITS.pageSize), kind))
				: [],
		apply: (id, operatorId) =>
			begin(id, operatorId, 'previewed', 'confirmed', ({ preview: shown, state }) => {
				if (shown === null || shown.problems.errors > 0) return 'hasErrors';
				return state.total === 0 ? 'changesNothing' : undefined;
			}),
		undo: (id, operatorId) => begin(id, operatorId, 'applied', 'undoing', () => undefined),
		discard(id): ImportAnswer {
			const found = known.get(id);
			if (found === undefined) return refused('notFound');
			if (isUnderWay(found.state.stage) || found.state.stage === 'reading') return refused('wrongStage');
			forget(id);
			return { result: 'done', import: found };
		},
		forgetRows(keys) {
			const all = [...known.values()];
			const resting = all.filter(({ state }) => !isUnderWay(state.stage) && state.stage !== 'reading');
			for (const { id } of resting)
				if (folder.hasUpload(id) || folder.open(id, (file) => file.changesAny(keys))) forget(id);
			return resting.length === all.length;
		},
		endOld() {
			removeOldDrafts(deps.dir, clock.nowMs());
			return prune();
		},
		settled: async () => {
			while (running !== undefined) await running;
		},
		async stop() {
			unwatch();
			stopping.abort();
			await Promise.allSettled([running, reading]);
		},
	};
}
