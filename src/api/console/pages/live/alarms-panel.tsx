import type { LaneEventItem } from '../../../../gateway/services/lane-events.ts';
import { Icon } from '../../components/icon.tsx';
import { Moment } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { laneEventsHref } from '../log/lane-events-filter.ts';
import { ReportFault } from '../maintenance/report-fault.tsx';

interface AlarmsProps {
	readonly ui: Ui;
	/** Of the last half hour, newest first. */
	readonly alarms: readonly LaneEventItem[];
}

const LISTED = 4;

/** What somebody should look at at the lanes. Stays in place while its content is fetched anew, so that an alarm is read out. */
export function AlarmsPanel(props: AlarmsProps) {
	return (
		<section
			class="problems"
			id="alarms"
			aria-live="polite"
			hx-get="/live/alarms"
			hx-trigger="parkgate:lane from:body delay:500ms, parkgate:resync from:body, every 60s"
		>
			<Alarms {...props} />
		</section>
	);
}

/** Nothing when there was none. */
export function Alarms({ ui, alarms }: AlarmsProps) {
	if (alarms.length === 0) return null;
	return (
		<div class="problems__box">
			<h2 class="problems__title">
				<Icon name="warning" />
				<a href={laneEventsHref({ lane: '', only: 'alarms' })}>{ui.t('live.alarms', { count: alarms.length })}</a>
			</h2>
			<ul class="problems__list">
				{alarms.slice(0, LISTED).map((alarm) => (
					<li>
						<span class="problems__what">
							{`${alarm.laneName} · ${ui.t(`event.${alarm.event}`)} · `}
							<Moment ui={ui} atMs={alarm.atMs} />
						</span>
						{alarm.reason !== null && <span class="problems__why">{ui.reason(alarm.reason).advice}</span>}
						<ReportFault ui={ui} lane={alarm.laneId} title={ui.t(`event.${alarm.event}`)} />
					</li>
				))}
			</ul>
		</div>
	);
}
