import { Select } from '../../console/components/field.tsx';
import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { Moment, SystemWords } from '../../console/components/text.tsx';
import { Page } from '../../console/layout/page.tsx';
import type { Fleet, FleetSite, ListPage } from '../fleet.ts';
import { type CentralUi, siteHref } from './central-ui.ts';
import { hrefWith, ListFilter, Pages } from './list-parts.tsx';
import { ClockPill, DataPill, Doubts, OnlinePill, QueueText } from './site-status.tsx';

export interface SiteFilter {
	readonly q: string;
	readonly online: '' | 'true' | 'false';
}

interface SiteListProps {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly filter: SiteFilter;
	readonly cursor: string | undefined;
	readonly found: ListPage<FleetSite>;
}

const LONGEST_SITE = 64;

/** All sites: who is here, and whether anything should be looked at. */
export function SiteListPage(props: SiteListProps) {
	const { ui, filter } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('fleet.sites')}>
			<ListFilter ui={ui} action="/" q={filter.q} maxLength={LONGEST_SITE}>
				<Select
					name="online"
					label={t('fleet.state')}
					any={t('fleet.any')}
					selected={filter.online}
					options={[
						{ value: 'true', label: t('fleet.online') },
						{ value: 'false', label: t('fleet.offline') },
					]}
				/>
			</ListFilter>
			<SiteRows {...props} />
		</Page>
	);
}

/** Fetched again every few seconds. */
export function SiteRows({ ui, fleet, filter, cursor, found }: SiteListProps) {
	const { t } = ui;
	const { sites, online } = fleet.siteCounts();
	const live = hrefWith('/live/sites', { ...filter, cursor });
	return (
		<div id="sites" class="stack" hx-get={live} hx-trigger="every 5s" hx-swap="outerHTML">
			<BrokerNotice ui={ui} fleet={fleet} />
			<p class="results-count">{t('fleet.summary', { online, total: sites })}</p>
			{found.items.length === 0 ? (
				<EmptyState
					icon="activity"
					title={t(sites === 0 ? 'fleet.empty' : 'fleet.nothing')}
					hint={t('fleet.emptyHint')}
				/>
			) : (
				<SiteTable ui={ui} fleet={fleet} sites={found.items} />
			)}
			<Pages
				{...{ ui, cursor }}
				nextCursor={found.nextCursor}
				href={(at) => hrefWith('/', { ...filter, cursor: at })}
				first="fleet.first"
				next="fleet.next"
			/>
		</div>
	);
}

export function BrokerNotice({ ui, fleet }: { readonly ui: CentralUi; readonly fleet: Fleet }) {
	const { connected, problem, refused } = fleet.status();
	const count = Object.values(refused).reduce((sum, each) => sum + each, 0);
	return (
		<>
			{!connected && (
				<Notice tone="bad" icon="offline" title={ui.t('fleet.noBroker')}>
					{problem !== null && (
						<p>
							<SystemWords ui={ui} text={problem} />
						</p>
					)}
					<p>{ui.t('fleet.noBrokerHint')}</p>
				</Notice>
			)}
			{count > 0 && (
				<Notice tone="warning" title={ui.t('fleet.refused', { count })}>
					<p>
						<SystemWords
							ui={ui}
							text={Object.entries(refused)
								.map(([reason, times]) => `${reason} ${times}`)
								.join(', ')}
						/>
					</p>
				</Notice>
			)}
		</>
	);
}

function SiteTable({
	ui,
	fleet,
	sites,
}: {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly sites: readonly FleetSite[];
}) {
	const { t } = ui;
	return (
		<div class="card card--flush">
			<table class="row-table">
				<caption class="visually-hidden">{t('fleet.sites')}</caption>
				<thead>
					<tr>
						<th scope="col">{t('fleet.site')}</th>
						<th scope="col">{t('fleet.state')}</th>
						<th scope="col">{t('fleet.data')}</th>
						<th scope="col">{t('fleet.queue')}</th>
						<th scope="col">{t('fleet.lastEvent')}</th>
						<th scope="col">{t('fleet.clock')}</th>
						<th scope="col">{t('fleet.doubts')}</th>
						<th scope="col">{t('fleet.version')}</th>
					</tr>
				</thead>
				<tbody>
					{sites.map((site) => (
						<tr class="row" data-site={site.site}>
							<th scope="row" class="row__title">
								<a class="row__link" id={`site-${site.site}`} href={siteHref(site.site)}>
									{site.site}
								</a>
							</th>
							<td class="row__value row__state" data-label={t('fleet.state')}>
								<OnlinePill ui={ui} online={site.online} />
							</td>
							<td class="row__value" data-label={t('fleet.data')}>
								<DataPill ui={ui} fleet={fleet} site={site} />
							</td>
							<td class="row__value" data-label={t('fleet.queue')}>
								<QueueText ui={ui} depth={site.queueDepth} />
							</td>
							<td class="row__value fleet-time" data-label={t('fleet.lastEvent')}>
								{site.lastEvent === null ? (
									<span class="muted">{t('fleet.noEvent')}</span>
								) : (
									<Moment ui={ui} atMs={site.lastEvent.receivedAtMs} />
								)}
							</td>
							<td class="row__value" data-label={t('fleet.clock')}>
								<ClockPill ui={ui} clock={site.clock} />
							</td>
							<td class="row__value" data-label={t('fleet.doubts')}>
								<Doubts ui={ui} site={site} />
							</td>
							<td class="row__value" data-label={t('fleet.version')}>
								{site.version ?? ''}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
