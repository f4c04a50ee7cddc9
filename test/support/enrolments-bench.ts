import { randomUUID } from 'node:crypto';
import type { DeviceStatus } from '../../src/gateway/core/device.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createEnrolments, type EnrolmentsDeps } from '../../src/gateway/services/enrolment/enrolments.ts';
import type { LaneView } from '../../src/gateway/services/lanes/lane-view.ts';

/** Enrolments of a site whose devices and lanes are played. */
export function createTestEnrolments(
	deps: Pick<EnrolmentsDeps, 'clock' | 'log' | 'store' | 'directory'> & {
		readonly site: Pick<Site, 'lanes'>;
		readonly lanes: { get(laneId: string): LaneView | undefined };
		readonly devices: () => readonly DeviceStatus[];
	},
) {
	return createEnrolments({
		...deps,
		lanes: deps.site.lanes,
		laneView: (laneId) => deps.lanes.get(laneId),
		newId: randomUUID,
		journalGrew: () => undefined,
	});
}
