import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import { LOCALES } from '../../catalogue/translator.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';
import { territoryHref } from '../site/site-links.tsx';
import { type HistoryStretch, PERIODS, type Period } from './occupancy-history.ts';
import { OCCUPANCY_PATH } from './occupancy-paths.ts';

export interface HistoryView {
	readonly counter: AreaOccupancy;
	readonly period: Period;
	readonly chart: readonly HistoryStretch[];
	readonly rows: readonly HistoryStretch[];
	/** When the first count was kept; null: before the period began. UTC epoch ms. */
	readonly sinceMs: number | null;
}

export function historyHref(areaId: string, period: Period): string {
	return `${OCCUPANCY_PATH}?${new URLSearchParams({ area: areaId, period })}`;
}

/** How full one area was: period, chart, and the same figures as a table. */
export function HistoryPanel({ ui, history }: { ui: Ui; history: HistoryView }) {
	const { t } = ui;
	const { counter, period } = history;
	return (
		<section class="card history" aria-labelledby="history-title">
			<div class="history__head">
				<h2 class="card__title" id="history-title">
					{t('counting.historyOf', { area: counter.name })}
				</h2>
				<nav class="segments" aria-label={t('counting.period')}>
					{PERIODS.map((choice) => (
						<a
							class="segment"
							href={historyHref(counter.areaId, choice)}
							aria-current={choice === period ? 'true' : undefined}
						>
							{t(`counting.period.${choice}`)}
						</a>
					))}
				</nav>
			</div>
			<History ui={ui} history={history} />
			<p>
				<a class="panel__link" href={territoryHref(counter.level, counter.areaId)}>
					{t('site.about', { name: counter.name })}
					<Icon name="chevron-right" size="small" />
				</a>
			</p>
		</section>
	);
}

/** Fetched again every minute; an island draws the chart from what the element carries. */
export function History({ ui, history }: { ui: Ui; history: HistoryView }) {
	const { t, formats } = ui;
	const { counter, period, chart, rows, sinceMs } = history;
	const address = `/live/occupancy-history?${new URLSearchParams({ area: counter.areaId, period })}`;
	const known = rows.filter(({ level }) => level !== null);
	return (
		<div id="history" hx-get={address} hx-trigger="every 60s" hx-swap="outerHTML">
			{known.length === 0 ? (
				<EmptyState icon="chart" title={t('counting.noHistory')} hint={t('counting.noHistoryHint')} />
			) : (
				<>
					{sinceMs !== null && <p class="muted">{t('counting.since', { moment: formats.minute(sinceMs) })}</p>}
					<figure
						class="chart"
						role="img"
						aria-label={t('counting.chart')}
						data-points={JSON.stringify(points(chart))}
						data-capacity={counter.capacity ?? undefined}
						data-time-zone={ui.site.timeZone}
						data-locale={LOCALES[ui.language]}
						data-lowest={t('counting.lowest')}
						data-average={t('counting.average')}
						data-highest={t('counting.highest')}
						data-places={t('counting.capacity')}
						hidden
					/>
					<details class="history__table" open>
						<summary>{t('counting.table')}</summary>
						<table class="plain-table">
							<caption class="visually-hidden">{t('counting.historyOf', { area: counter.name })}</caption>
							<thead>
								<tr>
									<th scope="col">{t(period === 'today' ? 'counting.hour' : 'counting.day')}</th>
									<th scope="col" class="figures">
										{t('counting.lowest')}
									</th>
									<th scope="col" class="figures">
										{t('counting.average')}
									</th>
									<th scope="col" class="figures">
										{t('counting.highest')}
									</th>
								</tr>
							</thead>
							<tbody>
								{known.toReversed().map(({ startMs, level }) => (
									<tr>
										<th scope="row">
											<time datetime={formats.machine(startMs)}>
												{period === 'today' ? formats.hour(startMs) : formats.day(startMs)}
											</time>
										</th>
										<td class="figures">{formats.number(level?.lowest ?? 0)}</td>
										<td class="figures">{formats.number(Math.round(level?.average ?? 0))}</td>
										<td class="figures">{formats.number(level?.highest ?? 0)}</td>
									</tr>
								))}
							</tbody>
						</table>
					</details>
				</>
			)}
		</div>
	);
}

/** As uPlot takes them: seconds, then average, lowest and highest; null where nothing is known. */
function points(chart: readonly HistoryStretch[]): readonly (readonly (number | null)[])[] {
	const of = (pick: (level: NonNullable<HistoryStretch['level']>) => number) =>
		chart.map(({ level }) => (level === null ? null : Math.round(pick(level) * 10) / 10));
	return [
		chart.map(({ startMs }) => startMs / 1_000),
		of(({ average }) => average),
		of(({ lowest }) => lowest),
		of(({ highest }) => highest),
	];
}
