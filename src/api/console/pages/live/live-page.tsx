import type { ClockTrust } from '../../../../gateway/core/clock.ts';
import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import type { LaneEventItem } from '../../../../gateway/services/lane-events.ts';
import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import type { RecentDecisions, RecentFilter } from '../../../../gateway/services/recent-decisions.ts';
import type { SyncStatus } from '../../../../gateway/services/sync-status.ts';
import { Connection } from '../../components/connection.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { AlarmsPanel } from './alarms-panel.tsx';
import { FireBanner } from './fire-banner.tsx';
import { LaneCard } from './lane-card.tsx';
import { OccupancyPanel } from './occupancy-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { RecentPanel } from './recent-decisions.tsx';

interface LivePageProps {
	readonly ui: Ui;
	readonly lanes: readonly LaneView[];
	readonly filter: RecentFilter;
	/** null: the reader may not see decisions. */
	readonly recent: RecentDecisions | null;
	readonly counters: readonly AreaOccupancy[];
	readonly alarms: readonly LaneEventItem[];
	readonly devices: readonly DeviceStatus[];
	readonly sync: SyncStatus | null;
	readonly clockTrust: ClockTrust;
}

/** The site as it is now. Complete without scripts; with them, each part is fetched again when it changes. */
export function LivePage({ ui, lanes, filter, recent, counters, alarms, ...health }: LivePageProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('live.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<FireBanner ui={ui} lanes={lanes} />
			<ProblemsPanel ui={ui} {...health} />
			<AlarmsPanel ui={ui} alarms={alarms} />
			<div class="live">
				<section class="live__lanes" aria-labelledby="lanes-title">
					<h2 class="panel__title" id="lanes-title">
						{t('live.lanes')}
					</h2>
					{lanes.length === 0 ? (
						<EmptyState icon="barrier" title={t('live.noLanes')} hint={t('live.noLanesHint')} />
					) : (
						<div class="lanes">
							{lanes.map((lane) => (
								<LaneCard ui={ui} lane={lane} />
							))}
						</div>
					)}
				</section>
				{recent !== null && <RecentPanel ui={ui} filter={filter} recent={recent} />}
				{ui.mayInParts('occupancy:read') && (
					<div class="live__occupancy">
						<OccupancyPanel ui={ui} counters={counters} />
					</div>
				)}
			</div>
		</Page>
	);
}
