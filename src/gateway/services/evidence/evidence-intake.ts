import type { Cancel, Clock } from '../../core/clock.ts';
import type { EvidenceRefusal } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceImage, Observation } from '../../core/observation.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { EvidenceFiles } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { EvidenceRoom } from './evidence-room.ts';
import type { DecidedRead } from './follow-reads.ts';
import type { ImageProcess } from './image-client.ts';
import type { TakeStills } from './stills.ts';
import { type KeptPicture, type ReadOfPictures, writeReads } from './write-reads.ts';

/** Takes the pictures of reads, beside the lanes: nothing here is waited for by a decision. */
export interface EvidenceIntake {
	/** After the lanes got the read. Never throws; what can't be taken is counted. @param takeStills pictures that are taken of it besides */
	seen(observation: Observation, takeStills?: TakeStills): void;
	/** What became of a read, before or after its pictures are kept. */
	decided(read: DecidedRead): void;
	/** Pictures that wait to be looked at. */
	waiting(): number;
	refused(): Readonly<Partial<Record<EvidenceRefusal, number>>>;
	/** Resolves when nothing that came before is left to do but to wait for decisions. */
	settled(): Promise<void>;
	/** Writes what is looked at; what is not is dropped. */
	stop(): Promise<void>;
}

export interface EvidenceIntakeDeps {
	readonly store: Pick<SiteStore, 'evidence' | 'transaction' | 'journal'>;
	readonly files: Pick<EvidenceFiles, 'remove'>;
	readonly room: EvidenceRoom;
	readonly images: Pick<ImageProcess, 'ask'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Nothing is looked at before. */
	readonly ready: Promise<void>;
}

interface Waiting {
	readonly read: ReadOfPictures;
	readonly picture: EvidenceImage;
	/** Who took it. */
	readonly deviceId: string;
}

export function createEvidenceIntake(deps: EvidenceIntakeDeps): EvidenceIntake {
	const { store, clock, log } = deps;
	const queue: Waiting[] = [];
	let queuedBytes = 0;
	let stillsAwaited = 0;
	/** Reads that are not written yet, by their observation. */
	const reads = new Map<string, ReadOfPictures>();
	/** Looked at and not written yet, by their id: the same picture may come with the next read. */
	const unwritten = new Map<string, KeptPicture>();
	const refusals: Partial<Record<EvidenceRefusal, number>> = {};
	let working: Promise<void> | undefined;
	let cancelWrite: Cancel | undefined;
	let stopped = false;

	function refuse(because: EvidenceRefusal, observationId: string): void {
		refusals[because] = (refusals[because] ?? 0) + 1;
		log.warn({ because, observationId }, 'an evidence image is not kept; the read and its decision stand');
	}

	async function treat({ read, deviceId, picture: { bytes, role } }: Waiting): Promise<void> {
		const { observationId } = read;
		const id = Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex');
		if (unwritten.has(id) || store.evidence.byId(id) !== undefined) {
			read.pictures.push({ id, role, deviceId, kept: unwritten.get(id) ?? null });
			return;
		}
		const wanted = { bytes: bytes.length + unwrittenBytes(), images: unwritten.size + 1 };
		if (!(await deps.room.make(wanted))) return refuse('noRoom', observationId);
		const answer = await deps.images.ask({ kind: 'keep', imageId: id, bytes });
		if (answer.result === 'refused') return refuse(answer.because, observationId);
		const { contentType, sha256, fileBytes, widthPx, heightPx } = answer;
		const kept = { id, sha256, contentType, widthPx, heightPx, bytes: fileBytes, storedAtMs: clock.nowMs() };
		unwritten.set(id, kept);
		read.pictures.push({ id, role, deviceId, kept });
	}

	function unwrittenBytes(): number {
		return [...unwritten.values()].reduce((sum, { bytes }) => sum + bytes, 0);
	}

	function take(read: ReadOfPictures, picture: EvidenceImage, deviceId = read.deviceId): void {
		const isTooMuch = queuedBytes + picture.bytes.length > LIMITS.evidenceWaitingBytes;
		if (isTooMuch || queue.length >= LIMITS.evidenceWaiting) {
			refuse('busy', read.observationId);
			return;
		}
		queue.push({ read, picture, deviceId });
		queuedBytes += picture.bytes.length;
		read.left += 1;
	}

	/** The read waits for them as for a picture that is looked at. */
	function awaitStills(read: ReadOfPictures, takeStills: TakeStills): void {
		if (stillsAwaited >= LIMITS.evidenceWaiting) {
			refuse('busy', read.observationId);
			return;
		}
		stillsAwaited += 1;
		read.left += 1;
		takeStills()
			.then((stills) => {
				if (!stopped) for (const { image, deviceId } of stills) take(read, image, deviceId);
			})
			.catch((error: unknown) => log.error({ err: error }, 'stills of a read could not be taken'))
			.finally(() => {
				stillsAwaited -= 1;
				read.left -= 1;
				writeSoon();
				begin();
			});
	}

	async function work(): Promise<void> {
		await deps.ready;
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
			queuedBytes -= next.picture.bytes.length;
			try {
				if (!stopped) await treat(next);
			} catch (error) {
				log.error({ err: error }, 'an evidence image could not be looked at');
				refuse('disk', next.read.observationId);
			}
			next.read.left -= 1;
			writeSoon();
		}
	}

	function begin(): void {
		working ??= work().finally(() => {
			working = undefined;
			if (queue.length > 0) begin();
		});
	}

	function writeSoon(): void {
		cancelWrite ??= clock.after(LIMITS.evidenceWriteMs, () => {
			cancelWrite = undefined;
			write(false);
			if (reads.size > 0) writeSoon();
		});
	}

	/** Reads whose pictures are all looked at, and that are decided on or have waited long enough for it. */
	function write(isLast: boolean): void {
		const nowMs = clock.monotonicMs();
		const isDone = ({ left, lanes, sinceMs }: ReadOfPictures) =>
			left === 0 &&
			(isLast || nowMs - sinceMs >= LIMITS.evidenceDecisionMs || [...lanes.values()].some((id) => id !== null));
		const done = [...reads.values()].filter(isDone);
		for (let at = 0; at < done.length; at += LIMITS.evidenceWrittenTogether) {
			writeSome(done.slice(at, at + LIMITS.evidenceWrittenTogether));
		}
	}

	function writeSome(some: readonly ReadOfPictures[]): void {
		const pictures = some.flatMap((read) => read.pictures.flatMap(({ kept }) => kept ?? []));
		for (const { observationId } of some) reads.delete(observationId);
		for (const { id } of pictures) unwritten.delete(id);
		if (some.every((read) => read.pictures.length === 0)) return;
		try {
			writeReads({ ...deps, nowMs: clock.nowMs() }, some);
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, images: pictures.length }, 'evidence images could not be written down; they are dropped');
			for (const { observationId } of some) refuse('disk', observationId);
			// Files of a picture that stands in the store by another read stay: only what was new here goes.
			const gone = pictures.filter(({ id }) => !isKnown(id)).map((picture) => ({ ...picture, revision: 0 }));
			deps.files
				.remove(gone)
				.catch((failure: unknown) => log.warn({ err: failure }, 'they are swept at the next start'));
		}
	}

	/** A store that can't be asked keeps its files: the next start sweeps. */
	function isKnown(id: string): boolean {
		try {
			return store.evidence.byId(id) !== undefined;
		} catch (error) {
			log.debug({ err: error }, 'the store can not be asked');
			return true;
		}
	}

	return {
		seen(observation, takeStills) {
			const { evidence = [], id: observationId, deviceId, atMs } = observation;
			if ((evidence.length === 0 && takeStills === undefined) || stopped) return;
			const plate = observation.kind === 'plate' ? (normalisePlate(observation.plate) ?? null) : null;
			const sinceMs = clock.monotonicMs();
			const read = { observationId, deviceId, plate, atMs, sinceMs, left: 0, lanes: new Map(), pictures: [] };
			for (const picture of evidence.slice(0, LIMITS.evidenceImages)) take(read, picture);
			if (takeStills !== undefined) awaitStills(read, takeStills);
			if (read.left === 0) return;
			reads.set(observationId, read);
			begin();
		},
		decided({ observationId, laneId, decisionId }) {
			const read = reads.get(observationId);
			if (read !== undefined) {
				read.lanes.set(laneId, decisionId ?? read.lanes.get(laneId) ?? null);
				return;
			}
			if (decisionId === null) return;
			try {
				store.evidence.decided(observationId, laneId, decisionId);
			} catch (error) {
				log.warn({ err: error, observationId }, 'a picture could not be put to its decision');
			}
		},
		waiting: () => queue.length,
		refused: () => ({ ...refusals }),
		settled: async () => working,
		async stop() {
			stopped = true;
			for (const { read } of queue.splice(0)) read.left -= 1;
			await working;
			cancelWrite?.();
			write(true);
		},
	};
}
