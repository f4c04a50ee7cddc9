import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { DEFAULT_EVIDENCE, type EvidenceSettings } from '../../src/gateway/core/evidence.ts';
import type { Log } from '../../src/gateway/core/log.ts';
import type { EvidenceImage, PlateObservation } from '../../src/gateway/core/observation.ts';
import { DEFAULT_RETENTION, type RetentionSettings } from '../../src/gateway/core/retention.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import { createAccessLog } from '../../src/gateway/services/access-log.ts';
import { createEvidence } from '../../src/gateway/services/evidence/create-evidence.ts';
import type { DecidedRead } from '../../src/gateway/services/evidence/follow-reads.ts';
import { createPersonalViews } from '../../src/gateway/services/privacy/personal-views.ts';
import { createRetentionHolds } from '../../src/gateway/services/retention/holds.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';
import { turn } from './privacy-bench.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type TestEvidence = ReturnType<typeof createTestEvidence>;

/** Evidence as a gateway wires it, on a real store, with the real process that looks at pictures. */
export function createTestEvidence(deps: {
	readonly store: SiteStore;
	readonly clock: Clock;
	readonly log?: Log;
	readonly settings?: Partial<EvidenceSettings>;
	readonly retention?: Partial<RetentionSettings>;
	readonly freeBytes?: () => number;
	readonly lanes?: readonly Lane[];
}) {
	const { store, clock, log = createMemoryLog() } = deps;
	const common = { store, clock, log, newId: randomUUIDv7, journalGrew: () => undefined };
	return createEvidence({
		...common,
		settings: { ...DEFAULT_EVIDENCE, ...deps.settings },
		retention: { ...DEFAULT_RETENTION, ...deps.retention },
		accessLog: createAccessLog({ store, directory: { credential: () => undefined }, lanes: deps.lanes ?? [] }),
		personalViews: createPersonalViews(common),
		holds: createRetentionHolds(common),
		freeBytes: deps.freeBytes ?? (() => Number.MAX_SAFE_INTEGER),
		rest: turn,
	});
}

/** A camera's read with these pictures. */
export function aReadWith(pictures: readonly Uint8Array[], change: Partial<PlateObservation> = {}): PlateObservation {
	const evidence = pictures.map((bytes): EvidenceImage => ({ role: 'scene', contentType: 'image/jpeg', bytes }));
	return {
		...{ kind: 'plate', id: randomUUIDv7(), deviceId: 'cam-1', atMs: 0, monotonicMs: 0, plate: '1-ABC-123' },
		...{ confidence: 0.9, direction: 'approaching', dedupeKey: randomUUIDv7(), historical: false, evidence },
		...change,
	};
}

/** Reads with their pictures, until they stand in the store. */
export async function keep(
	{ source, settled }: Pick<TestEvidence, 'source' | 'settled'>,
	clock: VirtualClock,
	...reads: readonly PlateObservation[]
): Promise<void> {
	for (const read of reads) source.seen(read);
	await settled();
	clock.advance(6_000);
}

/** What a lane decided on a read, as the follower tells it. */
export function decisionOn(observationId: string, decisionId: string | null, laneId = 'L1'): DecidedRead {
	return { observationId, laneId, decisionId };
}
