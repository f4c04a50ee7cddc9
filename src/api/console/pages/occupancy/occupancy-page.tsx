import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import { Connection } from '../../components/connection.tsx';
import { opensDialog } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { arrange, Bar } from '../live/occupancy-panel.tsx';
import { HistoryPanel, type HistoryView, historyHref } from './history-panel.tsx';
import type { Period } from './occupancy-history.ts';
import { adjustPath, presencePath } from './occupancy-paths.ts';

interface OccupancyProps {
	readonly ui: Ui;
	readonly counters: readonly AreaOccupancy[];
	/** Of the chosen counter; null: there is none. */
	readonly history: HistoryView | null;
}

/** How full the site is and was, and what people correct about it. */
export function OccupancyPage({ ui, counters, history }: OccupancyProps) {
	const { t } = ui;
	const chosen = history === null ? null : { areaId: history.counter.areaId, period: history.period };
	return (
		<Page ui={ui} title={t('counting.title')} islands={['live', 'chart']} aside={<Connection ui={ui} />}>
			{counters.length === 0 ? (
				<EmptyState icon="car" title={t('live.noOccupancy')} hint={t('live.noOccupancyHint')} />
			) : (
				<div class="occupancy">
					<CountersNow ui={ui} counters={counters} chosen={chosen} />
					<div class="occupancy__side">
						{history !== null && <HistoryPanel ui={ui} history={history} />}
						{ui.mayInParts('presence:reset') && <Presence ui={ui} />}
					</div>
				</div>
			)}
		</Page>
	);
}

interface CountersProps {
	readonly ui: Ui;
	readonly counters: readonly AreaOccupancy[];
	/** Whose history is shown. */
	readonly chosen: { readonly areaId: string; readonly period: Period } | null;
}

/** Every counter now, areas within what encloses them; fetched again when one changes. */
export function CountersNow({ ui, counters, chosen }: CountersProps) {
	const { t } = ui;
	const query = chosen === null ? '' : `?${new URLSearchParams({ area: chosen.areaId, period: chosen.period })}`;
	return (
		<section
			class="card card--flush counted"
			id="counters"
			aria-labelledby="counters-title"
			hx-get={`/live/counters${query}`}
			hx-trigger="parkgate:occupancy from:body, parkgate:resync from:body"
			hx-swap="outerHTML"
		>
			<h2 class="visually-hidden" id="counters-title">
				{t('counting.counters')}
			</h2>
			<ul>
				{arrange(counters).map(({ counter, depth }) => (
					<Counted ui={ui} counter={counter} depth={depth} chosen={chosen} />
				))}
			</ul>
		</section>
	);
}

interface CountedProps {
	readonly ui: Ui;
	readonly counter: AreaOccupancy;
	readonly depth: number;
	readonly chosen: CountersProps['chosen'];
}

function Counted({ ui, counter, depth, chosen }: CountedProps) {
	const { t, formats } = ui;
	const { areaId, name, level, capacity, occupied, reserved, kept = 0 } = counter;
	const open = capacity === null ? null : capacity - occupied - reserved;
	// Kept places are free and yet not for others; only vehicles make an area too full.
	const left = open === null || open <= 0 ? open : Math.max(0, open - kept);
	const isChosen = chosen?.areaId === areaId;
	return (
		<li class={`area area--depth-${Math.min(depth, 3)} ${isChosen ? 'is-chosen' : ''}`}>
			<div class="area__head">
				<h3 class="area__name">
					<a
						class="area__link"
						id={`area-${areaId}`}
						href={historyHref(areaId, chosen?.period ?? 'today')}
						aria-current={isChosen ? 'true' : undefined}
					>
						{name}
					</a>
					{level === 'park' && <span class="area__level">{t('counting.park')}</span>}
				</h3>
				<p class="area__figure">
					<strong>{formats.number(occupied)}</strong>
					{capacity !== null && <span>{` / ${formats.number(capacity)}`}</span>}
				</p>
			</div>
			{capacity !== null && <Bar capacity={capacity} occupied={occupied} reserved={reserved} />}
			<div class="area__foot">
				<p>
					{left === null ? (
						t('counting.unlimited')
					) : left <= 0 ? (
						<span class="counter__full">
							{left === 0 ? t('counting.full') : `${t('counting.full')} · ${t('counting.over', { count: -left })}`}
						</span>
					) : (
						t('occupancy.free', { count: left })
					)}
					{reserved > 0 && ` · ${t('occupancy.reserved', { count: reserved })}`}
					{kept > 0 && ` · ${t('occupancy.kept', { count: kept })}`}
				</p>
				{ui.may('occupancy:adjust', { kind: counter.level, id: counter.areaId }) && (
					<a
						class="area__adjust"
						id={`adjust-${areaId}`}
						aria-label={t('counting.adjustOf', { area: name })}
						href={adjustPath(areaId)}
						{...opensDialog(adjustPath(areaId))}
					>
						<Icon name="edit" size="small" />
						{t('counting.adjust')}
					</a>
				)}
			</div>
		</li>
	);
}

/** Where anti-passback believes people are. */
function Presence({ ui }: { ui: Ui }) {
	const { t, site } = ui;
	const watched = site.areas.filter(({ antiPassback }) => antiPassback !== undefined);
	return (
		<section class="card presence" aria-labelledby="presence-title">
			<div>
				<h2 class="card__title" id="presence-title">
					{t('counting.presence')}
				</h2>
				<p class="muted">{t(watched.length === 0 ? 'counting.presenceNone' : 'counting.presenceHint')}</p>
			</div>
			<a class="button" id="reset-presence" href={presencePath()} {...opensDialog(presencePath())}>
				<Icon name="replay" />
				{t('counting.reset')}
			</a>
		</section>
	);
}
