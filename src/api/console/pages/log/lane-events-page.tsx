import { LANE_EVENTS } from '../../../../gateway/core/journal.ts';
import type { Page as ListPage } from '../../../../gateway/services/access-log.ts';
import type { LaneEventItem } from '../../../../gateway/services/lane-events.ts';
import { Select } from '../../components/field.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { type LaneEventsFilter, laneEventsHref } from './lane-events-filter.ts';

interface LaneEventsProps {
	readonly ui: Ui;
	readonly filter: LaneEventsFilter;
	/** The cursor of this page; undefined on the newest. */
	readonly cursor: string | undefined;
	readonly found: ListPage<LaneEventItem>;
	/** The cursor asked for was not ours: this is the newest page instead. */
	readonly badCursor: boolean;
}

/** What happened at lanes besides decisions and passages: alarms, back-outs, corrected counts, changes of mode. */
export function LaneEventsPage({ ui, filter, cursor, found, badCursor }: LaneEventsProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('laneEvents.title')} back={{ href: '/log', label: t('log.title') }}>
			<Filters ui={ui} filter={filter} />
			{badCursor && <Notice tone="warning" title={t('log.badCursor')} announce />}
			{found.items.length === 0 ? (
				<EmptyState icon="log" title={t('laneEvents.empty')} hint={t('laneEvents.emptyHint')} />
			) : (
				<div class="card card--flush">
					<EventTable ui={ui} events={found.items} />
				</div>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={cursor === undefined ? undefined : laneEventsHref(filter)}
				next={found.nextCursor === null ? undefined : laneEventsHref(filter, found.nextCursor)}
			/>
		</Page>
	);
}

function Filters({ ui, filter }: Pick<LaneEventsProps, 'ui' | 'filter'>) {
	const { t } = ui;
	const lanes = ui.site.lanes.filter(({ id }) => ui.may('lanes:read', { kind: 'lane', id }));
	return (
		<search>
			<form class="filters card" method="get" action="/log/lanes">
				<div class="filters__main">
					<Select
						name="lane"
						label={t('log.lane')}
						any={t('log.any')}
						selected={filter.lane}
						options={lanes.map(({ id, name }) => ({ value: id, label: name }))}
					/>
					<Select
						name="only"
						label={t('laneEvents.kind')}
						any={t('log.any')}
						selected={filter.only}
						options={[
							{ value: 'alarms', label: t('laneEvents.alarms') },
							...LANE_EVENTS.map((event) => ({ value: event, label: t(`event.${event}`) })),
						]}
					/>
					<div class="filters__actions">
						<button class="button" type="submit">
							{t('log.filter')}
						</button>
					</div>
				</div>
			</form>
		</search>
	);
}

function EventTable({ ui, events }: { ui: Ui; events: readonly LaneEventItem[] }) {
	const { t } = ui;
	return (
		<table class="decisions">
			<caption class="visually-hidden">{t('laneEvents.title')}</caption>
			<thead>
				<tr>
					<th scope="col">{t('log.time')}</th>
					<th scope="col">{t('laneEvents.kind')}</th>
					<th scope="col">{t('log.what')}</th>
					<th scope="col">{t('log.lane')}</th>
					<th scope="col">{t('laneEvents.more')}</th>
				</tr>
			</thead>
			<tbody>
				{events.map((event) => (
					<EventRow ui={ui} event={event} />
				))}
			</tbody>
		</table>
	);
}

function EventRow({ ui, event }: { ui: Ui; event: LaneEventItem }) {
	const { t } = ui;
	const { atMs, laneId, laneName, isAlarm, reason, decisionId, detail } = event;
	const { area } = detail;
	return (
		<tr class="decision-row">
			<td class="decision-row__time">
				<Moment ui={ui} atMs={atMs} />
			</td>
			<td class="decision-row__outcome">
				<Pill tone={isAlarm ? 'warning' : 'quiet'} icon={isAlarm ? 'warning' : 'info'}>
					{t(isAlarm ? 'laneEvents.alarm' : 'laneEvents.note')}
				</Pill>
			</td>
			<td class="decision-row__who">{t(`event.${event.event}`)}</td>
			<td class="decision-row__lane">{laneName}</td>
			<td class="decision-row__what">
				{typeof area === 'string' && <span class="consequence">{ui.areaName(area)}</span>}
				{reason !== null && <span class="advice">{ui.reason(reason).advice}</span>}
				{decisionId !== null && ui.may('decisions:read', { kind: 'lane', id: laneId }) && (
					<a href={`/log/${encodeURIComponent(decisionId)}`}>{t('laneEvents.decision')}</a>
				)}
			</td>
		</tr>
	);
}
