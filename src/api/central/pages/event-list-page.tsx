import { LIMITS } from '../../../gateway/core/limits.ts';
import { Select } from '../../console/components/field.tsx';
import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { Pill } from '../../console/components/status.tsx';
import { Moment, Untrusted } from '../../console/components/text.tsx';
import { readableJson } from '../../console/untrusted-text.ts';
import type { FleetEvent, FleetSite, ListPage } from '../fleet.ts';
import { type CentralUi, siteHref } from './central-ui.ts';
import { hrefWith, ListFilter, Pages } from './list-parts.tsx';
import { SiteFrame } from './site-frame.tsx';

export interface EventFilter {
	readonly q: string;
	readonly type: string;
	readonly rejected: '' | 'true';
}

interface EventListProps {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly filter: EventFilter;
	/** Types to choose from. */
	readonly types: readonly string[];
	readonly cursor: string | undefined;
	readonly found: ListPage<FleetEvent>;
	/** The cursor asked for was not of this list: this is its beginning. */
	readonly isBadCursor: boolean;
}

/** What a site told, newest first. */
export function EventListPage({ ui, site, filter, types, cursor, found, isBadCursor }: EventListProps) {
	const { t } = ui;
	const path = siteHref(site.site, 'events');
	return (
		<SiteFrame ui={ui} site={site} part="events">
			<ListFilter ui={ui} action={path} q={filter.q} maxLength={LIMITS.searchLength}>
				<Select
					name="type"
					label={t('fleet.type')}
					any={t('fleet.any')}
					selected={filter.type}
					options={types.map((type) => ({ value: type, label: type }))}
				/>
				<Select
					name="rejected"
					label={t('fleet.doubts')}
					any={t('fleet.any')}
					selected={filter.rejected}
					options={[{ value: 'true', label: t('fleet.onlyRejected') }]}
				/>
			</ListFilter>
			{isBadCursor && <Notice tone="warning" title={t('fleet.badCursor')} announce />}
			<p class="results-count" role="status">
				{t('fleet.eventsFound', { count: found.items.length })}
			</p>
			{found.items.length === 0 ? (
				<EmptyState icon="log" title={t('fleet.noEvents')} hint={t('fleet.noEventsHint')} />
			) : (
				<div class="card card--flush">
					<table class="row-table">
						<caption class="visually-hidden">{t('fleet.events')}</caption>
						<thead>
							<tr>
								<th scope="col">{t('fleet.type')}</th>
								<th scope="col">{t('fleet.time')}</th>
								<th scope="col">{t('fleet.content')}</th>
							</tr>
						</thead>
						<tbody>
							{found.items.map((event) => (
								<EventRow ui={ui} event={event} />
							))}
						</tbody>
					</table>
				</div>
			)}
			<Pages
				{...{ ui, cursor }}
				nextCursor={found.nextCursor}
				href={(at) => hrefWith(path, { ...filter, cursor: at })}
				first="fleet.newest"
				next="fleet.older"
			/>
		</SiteFrame>
	);
}

function EventRow({ ui, event }: { readonly ui: CentralUi; readonly event: FleetEvent }) {
	const { type, seq, time, receivedAtMs, rejected, data } = event;
	return (
		<tr class="row" data-event={event.id}>
			<th scope="row" class="row__title">
				<Untrusted ui={ui} text={type.replace(/^parkgate\./, '')} /> <span class="muted">{ui.formats.number(seq)}</span>
				{rejected !== null && (
					<Pill tone="warning" icon="warning">
						{rejected}
					</Pill>
				)}
			</th>
			<td class="row__value fleet-time" data-label={ui.t('fleet.time')}>
				<Moment ui={ui} atMs={time === null ? receivedAtMs : Date.parse(time)} />
			</td>
			<td class="row__value" data-label={ui.t('fleet.content')}>
				<details>
					<summary>
						<Untrusted ui={ui} text={summaryOf(data)} />
					</summary>
					<pre class="fleet-json">{readableJson({ id: event.id, gatewayEpoch: event.gatewayEpoch, data })}</pre>
				</details>
			</td>
		</tr>
	);
}

/** Tells a person nothing. */
const RANDOM_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The plain fields of an event's data on one line. */
function summaryOf(data: unknown): string {
	return Object.values(Object(data) as Readonly<Record<string, unknown>>)
		.filter((value) => typeof value === 'number' || (typeof value === 'string' && !RANDOM_ID.test(value)))
		.join(' · ');
}
