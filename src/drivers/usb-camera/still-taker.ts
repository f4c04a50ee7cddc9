import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { EvidenceImage } from '../../gateway/core/observation.ts';
import type { StillQuestion, TakeStill } from '../ports/still-capture.ts';
import { parsePicture } from '../push-camera/picture.ts';

/** Stills of one camera, one at a time: it has one user. */
export interface StillTaker {
	/**
	 * A picture begun after `sinceMs` (monotonic), or the one that is fresh enough; undefined: none, and `onEnd` was told why.
	 */
	take(sinceMs: number): Promise<EvidenceImage | undefined>;
	/** Monotonic, of the last try. */
	lastTriedMs(): number | undefined;
	stop(): void;
}

export interface StillTakerDeps {
	readonly clock: Pick<Clock, 'monotonicMs'>;
	readonly takeStill: TakeStill;
	readonly question: StillQuestion;
	/** How each try ended; undefined: well. */
	readonly onEnd: (problem: string | undefined) => void;
}

interface Taking {
	readonly startedMs: number;
	readonly image: Promise<EvidenceImage | undefined>;
}

export function createStillTaker({ clock, takeStill, question, onEnd }: StillTakerDeps): StillTaker {
	const ending = new AbortController();
	let taking: Taking | undefined;
	let last: { readonly startedMs: number; readonly image: EvidenceImage } | undefined;
	let triedMs: number | undefined;

	function begin(): Taking {
		const startedMs = clock.monotonicMs();
		triedMs = startedMs;
		const image = takeStill(question, ending.signal).then((still) => {
			taking = undefined;
			if (ending.signal.aborted) return undefined;
			if (still.result === 'failed') {
				onEnd(still.problem);
				return undefined;
			}
			const picture = parsePicture('', still.bytes);
			onEnd(picture === undefined ? `${question.device} gives what is no JPEG` : undefined);
			if (picture === undefined) return undefined;
			last = { startedMs, image: { ...picture, role: 'still' } };
			return last.image;
		});
		return { startedMs, image };
	}

	return {
		async take(sinceMs) {
			if (taking !== undefined && taking.startedMs < sinceMs) await taking.image;
			if (ending.signal.aborted) return undefined;
			if (taking === undefined && last !== undefined && last.startedMs >= sinceMs) return last.image;
			taking ??= begin();
			return taking.image;
		},
		lastTriedMs: () => triedMs,
		stop: () => ending.abort(),
	};
}

/** What one camera may be asked for at `nowMs` where a picture of a moment ago does as well. */
export function freshEnough(nowMs: number): number {
	return nowMs - LIMITS.stillFreshMs;
}
