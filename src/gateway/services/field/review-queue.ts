import type { PresentedFact } from '../../core/access/facts.ts';
import type { Clock } from '../../core/clock.ts';
import type { Credential } from '../../core/directory.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import { normalisePlate, plateSkeleton } from '../../core/plate.ts';
import type { ReasonCode } from '../../core/reason.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { ReadReview, ReviewVerdict } from '../../store/field-work.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLogService, DecisionRecord, DecisionSummary, Page } from '../access-log.ts';
import type { PlateHint } from '../decisions/nearest-plate.ts';
import { createListCursor } from '../list-cursor.ts';

export type { ReadReview, ReviewVerdict };

const REVIEWED_REASONS = [
	'LOW_CONFIDENCE',
	'AMBIGUOUS_PLATE',
	'PLATE_TAG_MISMATCH',
	'UNKNOWN_CREDENTIAL',
] as const satisfies readonly ReasonCode[];

/** One read as a device told it. */
export interface DoubtfulRead extends Pick<PresentedFact, 'kind' | 'value' | 'country' | 'confidence' | 'deviceId'> {
	/** Whose it is taken for; null: nobody's. */
	readonly holderId: string | null;
	readonly holderName: string | null;
}

/** A decision whose reads are in doubt. */
export interface ReviewItem {
	readonly decision: DecisionSummary;
	/** What is in doubt, also of who was let in. */
	readonly why: ReasonCode;
	readonly reads: readonly DoubtfulRead[];
	/** Known plates that it may have been. */
	readonly hints: readonly PlateHint[];
}

export interface CameraCount {
	readonly deviceId: string;
	/** Reads that people looked at. */
	readonly reviewed: number;
	/** Of them, read as another plate than it was. */
	readonly misread: number;
}

export interface ReviewRequest {
	readonly decisionId: string;
	readonly verdict: ReviewVerdict;
	/** What it was, of a correction: a plate that is known. */
	readonly plate?: string;
	readonly operatorId: string;
	/** Whether the holder's plate may be what it was; absent: anybody's may. */
	readonly mayName?: (holderId: string) => boolean;
}

export interface ReviewListQuery {
	readonly cursor?: string;
	readonly limit: number;
	/** Only decisions of these lanes; absent: of all. */
	readonly laneIds?: readonly string[];
	/** Only those it says so of; absent: all. */
	readonly isSeen?: (decision: DecisionSummary) => boolean;
}

export type ReviewAnswer =
	| { readonly result: 'reviewed'; readonly review: ReadReview }
	| { readonly result: 'refused'; readonly because: ReviewRefusal };

export type ReviewRefusal =
	/** No such decision in the queue, or its content was erased. */
	| 'notFound'
	| 'reviewedBefore'
	/** A correction without a plate, or with a text that is none. */
	| 'noPlate'
	/** Nobody's: only known plates can be what it was. */
	| 'unknownPlate';

/** Reads of the last days that nobody could be sure of, and what people say they were. Changes no decision and nothing in the directory. */
export interface ReviewQueue {
	/** Newest first. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: ReviewListQuery): Promise<Page<ReviewItem>>;
	review(request: ReviewRequest): ReviewAnswer;
	/** The decision, when it is or was in the queue. */
	decision(decisionId: string): DecisionSummary | undefined;
	/** Back into the queue. */
	reopen(decisionId: string, operatorId: string): boolean;
	/** Of devices, the worst first, over LIMITS.reviewsKeptMs. */
	cameras(): readonly CameraCount[];
}

export interface ReviewQueueDeps {
	readonly store: Pick<SiteStore, 'transaction' | 'decisions' | 'readReviews' | 'grantedMismatches' | 'journal'>;
	readonly accessLog: Pick<AccessLogService, 'get'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'credential' | 'platesInClass' | 'holder'>;
	readonly nearestPlates: (plate: string) => Promise<readonly PlateHint[]>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

export function createReviewQueue(deps: ReviewQueueDeps): ReviewQueue {
	const { store, directory, clock, accessLog } = deps;
	const { readReviews } = store;
	const cursors = createListCursor('review-queue');

	/** The same stranger comes again and again: looked up once a page. */
	function createHints() {
		const known = new Map<string, Promise<readonly PlateHint[]>>();
		return (plate: string) => {
			const hints = known.get(plate) ?? deps.nearestPlates(plate);
			known.set(plate, hints);
			return hints;
		};
	}

	async function itemOf(
		{ summary, entry, sequel }: DecisionRecord,
		nearest: (plate: string) => Promise<readonly PlateHint[]>,
	): Promise<ReviewItem | undefined> {
		const reads = [...entry.facts.presented.map(readOf), ...sequel.flatMap((row) => readAfter(row.entry))];
		const plates = reads.filter(({ kind }) => kind === 'plate');
		const hints = new Map<string, PlateHint>();
		for (const { value } of plates) {
			for (const hint of [...alike(value), ...(await nearest(value))]) hints.set(hint.plate, hint);
		}
		if (summary.headline === 'UNKNOWN_CREDENTIAL' && hints.size === 0) return undefined;
		const why = summary.headline ?? 'PLATE_TAG_MISMATCH';
		return { decision: summary, why, reads, hints: [...hints.values()].slice(0, LIMITS.plateHints) };
	}

	/** The other read of a vehicle that one read had let in. */
	function readAfter(entry: JournalEntry): readonly DoubtfulRead[] {
		if (entry.type !== 'lane' || entry.event !== 'mismatch') return [];
		const { kind, read, device, confidence, alsoRead } = entry.detail;
		if (typeof read !== 'string') return [];
		const holderId = typeof alsoRead === 'string' ? alsoRead : null;
		const holderName = holderId === null ? null : (directory.holder(holderId)?.name ?? null);
		const told = { kind: kind === 'tag' ? 'tag' : 'plate', value: read, confidence: Number(confidence ?? 1) } as const;
		return [{ ...told, deviceId: String(device ?? ''), holderId, holderName }];
	}

	/** Of the same class of confusion, itself included. */
	function alike(read: string): readonly PlateHint[] {
		const plate = normalisePlate(read);
		if (plate === undefined) return [];
		return directory.read(() => directory.platesInClass(plateSkeleton(plate)).map(toHint));
	}

	function toHint({ value, holderId }: Credential): PlateHint {
		return { plate: value, holderId, holderName: directory.holder(holderId)?.name ?? null };
	}

	/** Decisions to look at, the newest first, and where the next ones are. */
	function linesBefore(before: number | undefined, laneIds: readonly string[] | undefined) {
		const fromMs = clock.nowMs() - LIMITS.reviewMs;
		const { lines, nextBefore } = store.decisions.page({
			...{ words: [], reasons: REVIEWED_REASONS, fromMs, limit: LIMITS.reviewsLookedAt },
			...(before !== undefined && { beforePosition: before }),
			...(laneIds !== undefined && { laneIds }),
		});
		const [from, to] = [nextBefore ?? 0, before ?? Number.MAX_SAFE_INTEGER];
		const mismatched = store.grantedMismatches.between(from, to, fromMs);
		return { lines: [...lines, ...mismatched].toSorted((a, b) => b.position - a.position), nextBefore };
	}

	async function list({ cursor, limit, laneIds, isSeen = () => true }: ReviewListQuery) {
		const before = cursor === undefined ? undefined : cursors.decode(cursor).position;
		const { lines, nextBefore } = linesBefore(before, laneIds);
		const nearest = createHints();
		const items: ReviewItem[] = [];
		for (const { id, position } of lines) {
			if (readReviews.get(id) !== undefined) continue;
			const record = accessLog.get(id);
			const item = record && isSeen(record.summary) ? await itemOf(record, nearest) : undefined;
			if (item === undefined) continue;
			items.push(item);
			if (items.length >= limit) return { items, nextCursor: cursors.encode(position) };
		}
		return { items, nextCursor: nextBefore === null ? null : cursors.encode(nextBefore) };
	}

	function audit(operatorId: string, action: string, decisionId: string, detail: Record<string, string | null>): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target: decisionId, detail });
	}

	/** undefined: no correction. */
	function corrected({ verdict, plate = '', mayName }: ReviewRequest): Credential | undefined | ReviewRefusal {
		if (verdict !== 'corrected') return undefined;
		const value = normalisePlate(plate);
		if (value === undefined) return 'noPlate';
		const credential = directory.credential('plate', value);
		return credential !== undefined && (mayName?.(credential.holderId) ?? true) ? credential : 'unknownPlate';
	}

	/** What is or was to be looked at. */
	function doubtful(decisionId: string): DecisionRecord | undefined {
		const record = accessLog.get(decisionId);
		if (record === undefined) return undefined;
		return isInDoubt(record.summary) || store.grantedMismatches.has(decisionId) ? record : undefined;
	}

	function review(request: ReviewRequest): ReviewAnswer {
		const { decisionId, verdict, operatorId } = request;
		const record = doubtful(decisionId);
		if (record === undefined) return { result: 'refused', because: 'notFound' };
		if (readReviews.get(decisionId) !== undefined) return { result: 'refused', because: 'reviewedBefore' };
		const credential = corrected(request);
		if (typeof credential === 'string') return { result: 'refused', because: credential };
		const atMs = clock.nowMs();
		const deviceId = deviceOf(record);
		const made = { decisionId, verdict, credentialId: credential?.id ?? null, deviceId, atMs, operatorId };
		store.transaction(() => {
			readReviews.removeBefore(atMs - LIMITS.reviewsKeptMs);
			readReviews.add(made);
			audit(operatorId, 'readReviewed', decisionId, { verdict, deviceId, credentialId: made.credentialId });
		});
		deps.journalGrew();
		return { result: 'reviewed', review: made };
	}

	return {
		list,
		review,
		decision: (decisionId) => doubtful(decisionId)?.summary,
		reopen(decisionId, operatorId) {
			const isOpen = store.transaction(() => {
				if (!readReviews.remove(decisionId)) return false;
				audit(operatorId, 'readReviewUndone', decisionId, {});
				return true;
			});
			if (isOpen) deps.journalGrew();
			return isOpen;
		},
		cameras() {
			const byDevice = new Map<string, { reviewed: number; misread: number }>();
			for (const { deviceId, verdict, count } of readReviews.counts(clock.nowMs() - LIMITS.reviewsKeptMs)) {
				const { reviewed, misread } = byDevice.get(deviceId) ?? { reviewed: 0, misread: 0 };
				const wrong = verdict === 'corrected' ? count : 0;
				byDevice.set(deviceId, { reviewed: reviewed + count, misread: misread + wrong });
			}
			const counts = Array.from(byDevice, ([deviceId, count]) => ({ deviceId, ...count }));
			return counts.toSorted((a, b) => b.misread - a.misread || b.reviewed - a.reviewed);
		},
	};
}

function isInDoubt({ headline }: DecisionSummary): boolean {
	return REVIEWED_REASONS.some((reason) => reason === headline);
}

/** The camera that is to blame: the only one that read a plate. */
function deviceOf({ entry }: DecisionRecord): string | null {
	const cameras = new Set(entry.facts.presented.filter(({ kind }) => kind === 'plate').map(({ deviceId }) => deviceId));
	const [only, ...others] = cameras;
	return only === undefined || others.length > 0 ? null : only;
}

function readOf({ kind, value, country, confidence, deviceId, match }: PresentedFact): DoubtfulRead {
	const holder = 'holder' in match ? match.holder : null;
	const whose = { holderId: holder?.id ?? null, holderName: holder?.name ?? null };
	return { kind, value, confidence, deviceId, ...(country !== undefined && { country }), ...whose };
}
