import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import type { DecisionSummary } from '../../../../gateway/services/access-log.ts';
import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import type { SyncStatus } from '../../../../gateway/services/sync-status.ts';
import { Connection } from '../../components/connection.tsx';
import { DecisionTable } from '../../components/decision-lines.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { LaneCard } from './lane-card.tsx';
import { OccupancyPanel } from './occupancy-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';

interface LivePageProps {
	readonly ui: Ui;
	readonly lanes: readonly LaneView[];
	readonly decisions: readonly DecisionSummary[];
	readonly counters: readonly AreaOccupancy[];
	readonly devices: readonly DeviceStatus[];
	readonly sync: SyncStatus | null;
}

/** The site as it is now. Complete without scripts; with them, each part is fetched again when it changes. */
export function LivePage({ ui, lanes, decisions, counters, devices, sync }: LivePageProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('live.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<ProblemsPanel ui={ui} devices={devices} sync={sync} />
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
				{ui.may('decisions:read') && <LastDecisions ui={ui} decisions={decisions} />}
				{ui.may('occupancy:read') && (
					<div class="live__occupancy">
						<OccupancyPanel ui={ui} counters={counters} />
					</div>
				)}
			</div>
		</Page>
	);
}

export function LastDecisions({ ui, decisions }: { ui: Ui; decisions: readonly DecisionSummary[] }) {
	const { t } = ui;
	return (
		<section
			class="live__decisions"
			id="last-decisions"
			aria-labelledby="decisions-title"
			hx-get="/live/decisions"
			hx-trigger="parkgate:decision from:body, parkgate:resync from:body"
			hx-swap="outerHTML"
		>
			<div class="panel__head">
				<h2 class="panel__title" id="decisions-title">
					{t('live.decisions')}
				</h2>
				<a class="panel__link" href="/log">
					{t('live.wholeLog')}
					<Icon name="chevron-right" size="small" />
				</a>
			</div>
			{decisions.length === 0 ? (
				<EmptyState icon="log" title={t('live.noDecisions')} hint={t('live.noDecisionsHint')} />
			) : (
				<div class="card card--flush">
					<DecisionTable ui={ui} decisions={decisions} caption={t('live.decisions')} advice />
				</div>
			)}
		</section>
	);
}
