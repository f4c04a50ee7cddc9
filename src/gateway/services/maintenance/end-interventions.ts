import type { Cancel, Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceFiles } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { endPhotos, fileOf } from './intervention-photos.ts';

export interface EndInterventionsDeps {
	readonly store: Pick<SiteStore, 'interventions' | 'transaction'>;
	readonly files: EvidenceFiles;
	readonly clock: Clock;
	readonly log: Log;
	/** Lets the lanes go first. */
	readonly rest: () => Promise<void>;
}

const EVERY_MS = 6 * 3_600_000;

export interface InterventionEnding {
	start(): void;
	/** Until then files without a row go: nothing new is written. */
	swept(): Promise<void>;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Photos end LIMITS.photoKeptMs after their intervention was closed, interventions LIMITS.interventionKeptMs; what is
 * not closed never does. At the start files and rows are made one again.
 */
export function createInterventionEnding(deps: EndInterventionsDeps): InterventionEnding {
	const { store, files, clock, log } = deps;
	const { interventions } = store;
	let stopped = false;
	let cancel: Cancel | undefined;
	let swept: Promise<void> = Promise.resolve();
	let working: Promise<void> = swept;

	async function sweep(): Promise<void> {
		const photos = interventions.allPhotos();
		const { removed, missing } = await files.sweep(photos.map(fileOf));
		const lost = photos.filter(({ id }) => missing.includes(id));
		if (lost.length > 0) await endPhotos(deps, lost);
		if (removed + lost.length === 0) return;
		log.warn({ removed, missing: lost.length }, 'photos were swept: files without a row, rows without a file');
	}

	/** A clock that ran ahead ends only what was closed by it. */
	async function endOld(): Promise<void> {
		const nowMs = clock.nowMs();
		while (!stopped) {
			const photos = interventions.photosOfClosed(nowMs - LIMITS.photoKeptMs, LIMITS.maintenanceSlice);
			if (photos.length === 0) break;
			await endPhotos(deps, photos);
			await deps.rest();
		}
		while (!stopped) {
			const numbers = interventions.closedBefore(nowMs - LIMITS.interventionKeptMs, LIMITS.maintenanceSlice);
			if (numbers.length === 0) break;
			store.transaction(() => {
				for (const number of numbers) interventions.removeIntervention(number);
			});
			await deps.rest();
		}
	}

	async function round(): Promise<void> {
		await endOld();
		if (stopped) return;
		cancel = clock.after(EVERY_MS, () => {
			working = round().catch(failed);
		});
	}

	function failed(error: unknown): void {
		log.error({ err: error }, 'old photos and interventions could not be ended; it is tried at the next start');
	}

	return {
		start() {
			swept = sweep().catch(failed);
			working = swept.then(round).catch(failed);
		},
		swept: () => swept,
		settled: () => working,
		async stop() {
			stopped = true;
			cancel?.();
			await working;
		},
	};
}
