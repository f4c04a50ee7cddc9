import type { Clock } from '../../core/clock.ts';
import type { EvidenceSettings } from '../../core/evidence.ts';
import type { Log } from '../../core/log.ts';
import type { RetentionSettings } from '../../core/retention.ts';
import { createEvidenceFiles } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLogService } from '../access-log.ts';
import type { PersonalViews } from '../privacy/personal-views.ts';
import type { RetentionHolds } from '../retention/holds.ts';
import { createEvidenceEnding, type EvidenceEnding, isKeptForIncident } from './end-evidence.ts';
import type { Evidence, EvidenceSource } from './evidence.ts';
import { createEvidenceIntake } from './evidence-intake.ts';
import { createEvidenceRoom } from './evidence-room.ts';
import { createReadFollower } from './follow-reads.ts';
import { createImageProcess, type ImageProcess } from './image-client.ts';
import { createEvidenceSight } from './look-at-evidence.ts';
import { createModeration, type Moderation } from './moderation.ts';
import { sweepEvidence } from './sweep-evidence.ts';

export interface EvidenceParts {
	readonly evidence: Evidence;
	readonly source: EvidenceSource;
	readonly moderation: Moderation;
	readonly ending: EvidenceEnding;
	/** Makes the square picture of a person, after what waits. */
	readonly portrait: ImageProcess['portrait'];
	/** Resolves when what came before is looked at. */
	settled(): Promise<void>;
	/** Of the process that looks at pictures, for tests and diagnosis; undefined: none runs. */
	imageProcessId(): number | undefined;
	stop(): Promise<void>;
}

export interface CreateEvidenceDeps {
	readonly settings: EvidenceSettings;
	readonly retention: Pick<RetentionSettings, 'imagesDays' | 'unmatchedDays'>;
	readonly store: SiteStore;
	readonly accessLog: Pick<AccessLogService, 'summary'>;
	readonly personalViews: Pick<PersonalViews, 'pictureShown'>;
	readonly holds: Pick<RetentionHolds, 'kept'>;
	readonly freeBytes: () => number;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** Lets the lanes go first. */
	readonly rest: () => Promise<void>;
	readonly journalGrew: () => void;
}

/** Pictures of reads, from the camera to who looks at them and to their end. */
export function createEvidence(deps: CreateEvidenceDeps): EvidenceParts {
	const { settings, store, clock, log, holds } = deps;
	const files = createEvidenceFiles(store.dir);
	const images = createImageProcess({ dir: files.dir, clock, log });
	const room = createEvidenceRoom({ ...deps, files, isHeld: () => isKeptForIncident(store.evidence, holds) });
	const ready = sweepEvidence({ ...deps, files }).catch((error: unknown) => {
		log.error({ err: error }, 'evidence could not be swept; it is tried at the next start');
	});
	const intake = createEvidenceIntake({ ...deps, files, images, room, ready });
	const sight = createEvidenceSight({ ...deps, files, viewed: deps.personalViews.pictureShown });
	const isKept = settings.maxBytes > 0 && settings.maxImages > 0;
	return {
		evidence: {
			...sight,
			status: () => ({
				...{ ...settings, ...store.evidence.usage() },
				held: store.evidence.held(clock.nowMs()),
				waiting: intake.waiting(),
				refused: intake.refused(),
			}),
		},
		source: {
			seen: (observation, takeStills) => isKept && intake.seen(observation, takeStills),
			onCommitted: createReadFollower(intake.decided),
		},
		moderation: createModeration({ ...deps, files, images }),
		ending: createEvidenceEnding({ ...deps, settings: deps.retention, remove: room.remove, nowMs: clock.nowMs }),
		settled: async () => {
			await ready;
			await intake.settled();
		},
		portrait: images.portrait,
		imageProcessId: images.pid,
		async stop() {
			await ready;
			await intake.stop();
			await images.stop();
		},
	};
}
