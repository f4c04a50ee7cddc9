import type { Clock } from '../../core/clock.ts';
import type { EvidenceRefusal, ImageArea } from '../../core/evidence.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { EvidenceImageRow } from '../../store/evidence.ts';
import type { EvidenceFiles } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { ImageProcess } from './image-client.ts';

export type ModerationAnswer =
	| { readonly result: 'done' }
	| { readonly result: 'refused'; readonly because: ModerationRefusal };

export type ModerationRefusal =
	/** There is none of this id, or it went with its time. */
	| 'notFound'
	| 'deletedBefore'
	/** Somebody keeps it as it is: release it first. */
	| 'held'
	| 'notHeld'
	/** Somebody changed it meanwhile. */
	| 'changedMeanwhile'
	/** The day is past, or too far ahead. */
	| 'badDay'
	| 'tooManyHeld'
	| 'notBlurred';

/** What people do with kept pictures. Each act is audited with who and why; blurring and deleting can't be undone. */
export interface Moderation {
	/** @param areas what is made unreadable; null: the whole. The bytes from before are gone when it resolves. */
	blur(id: string, areas: readonly ImageArea[] | null, operatorId: string): Promise<ModerationAnswer>;
	/** Its bytes are gone when it resolves; who and why stay for as long as the picture would have. */
	delete(id: string, reason: string, operatorId: string): Promise<ModerationAnswer>;
	/** Neither time nor room ends it before that moment; said again it changes the day. */
	hold(id: string, untilMs: number, reason: string, operatorId: string): ModerationAnswer;
	release(id: string, operatorId: string): ModerationAnswer;
}

export interface ModerationDeps {
	readonly store: Pick<SiteStore, 'evidence' | 'transaction' | 'journal'>;
	readonly files: Pick<EvidenceFiles, 'remove'>;
	readonly images: Pick<ImageProcess, 'ask'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

const DONE: ModerationAnswer = { result: 'done' };

export function createModeration(deps: ModerationDeps): Moderation {
	const { store, files, clock } = deps;

	function audit(operatorId: string, action: string, id: string, detail: Record<string, string | number>): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target: id, detail });
	}

	/** What may be changed, or why it may not. */
	function changeable(id: string): EvidenceImageRow | ModerationRefusal {
		const row = store.evidence.byId(id);
		if (row === undefined) return 'notFound';
		if (row.sha256 === null) return 'deletedBefore';
		return isHeld(row, clock.nowMs()) ? 'held' : row;
	}

	/** Being blurred now: a second one would make the same files. */
	const underWay = new Set<string>();

	async function blurOnce(id: string, areas: readonly ImageArea[] | null, by: string): Promise<ModerationAnswer> {
		if (underWay.has(id)) return refused('changedMeanwhile');
		underWay.add(id);
		try {
			return await blur(id, areas, by);
		} finally {
			underWay.delete(id);
		}
	}

	async function blur(id: string, areas: readonly ImageArea[] | null, by: string): Promise<ModerationAnswer> {
		const before = changeable(id);
		if (typeof before === 'string') return refused(before);
		const answer = await deps.images.ask({ kind: 'blur', of: fileOf(before), areas });
		if (answer.result === 'refused') {
			// Its file may be gone because it was deleted meanwhile: then that is why.
			const left = changeable(id);
			return refused(typeof left === 'string' ? left : whyNot(answer.because));
		}
		const after = { sha256: answer.sha256, bytes: answer.fileBytes };
		// What was there may have been deleted, held or blurred while this one was made.
		const now = changeable(id);
		const isSame = typeof now !== 'string' && now.revision === before.revision;
		if (isSame) {
			store.transaction(() => {
				store.evidence.blur(id, after, by, clock.nowMs());
				audit(by, 'evidenceBlurred', id, { areas: areas?.length ?? 'whole', ...after });
			});
			deps.journalGrew();
		}
		const revision = isSame ? before.revision : before.revision + 1;
		await files.remove([{ ...before, revision }]);
		if (isSame) return DONE;
		return refused(typeof now === 'string' ? now : 'changedMeanwhile');
	}

	return {
		blur: blurOnce,
		async delete(id, reason, operatorId) {
			const row = changeable(id);
			if (typeof row === 'string') return refused(row);
			store.transaction(() => {
				store.evidence.markDeleted(id, operatorId, reason, clock.nowMs());
				audit(operatorId, 'evidenceDeleted', id, { reason });
			});
			deps.journalGrew();
			await files.remove([fileOf(row)]);
			return DONE;
		},
		hold(id, untilMs, reason, operatorId) {
			const row = store.evidence.byId(id);
			const nowMs = clock.nowMs();
			if (row === undefined) return refused('notFound');
			if (row.sha256 === null) return refused('deletedBefore');
			if (untilMs <= nowMs || untilMs > nowMs + LIMITS.retentionHoldMs) return refused('badDay');
			if (!isHeld(row, nowMs) && store.evidence.held(nowMs) >= LIMITS.evidenceHolds) return refused('tooManyHeld');
			store.transaction(() => {
				store.evidence.hold(id, { untilMs, by: operatorId, reason });
				audit(operatorId, 'evidenceHeld', id, { until: untilMs, reason });
			});
			deps.journalGrew();
			return DONE;
		},
		release(id, operatorId) {
			const row = store.evidence.byId(id);
			if (row === undefined) return refused('notFound');
			if (!isHeld(row, clock.nowMs())) return refused('notHeld');
			store.transaction(() => {
				store.evidence.hold(id, null);
				audit(operatorId, 'evidenceReleased', id, { until: row.heldUntilMs ?? 0 });
			});
			deps.journalGrew();
			return DONE;
		},
	};
}

export function isHeld({ heldUntilMs }: Pick<EvidenceImageRow, 'heldUntilMs'>, nowMs: number): boolean {
	return heldUntilMs !== null && heldUntilMs > nowMs;
}

function fileOf({ id, revision, contentType }: EvidenceImageRow) {
	return { id, revision, contentType };
}

function refused(because: ModerationRefusal): ModerationAnswer {
	return { result: 'refused', because };
}

function whyNot(because: EvidenceRefusal): ModerationRefusal {
	if (because === 'disk') throw new GatewayError('STORE_FULL', 'The disk takes no file; make room and try again.');
	return 'notBlurred';
}

/** Where no pictures are kept. */
export const NO_MODERATION: Moderation = {
	blur: () => Promise.resolve(refused('notFound')),
	delete: () => Promise.resolve(refused('notFound')),
	hold: () => refused('notFound'),
	release: () => refused('notFound'),
};
