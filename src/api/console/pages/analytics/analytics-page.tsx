import type { Analytics, CountSpan } from '../../../../gateway/services/analytics/analytics.ts';
import { LOCALES } from '../../catalogue/translator.ts';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';

export const ANALYTICS_PATH = '/analytics';

interface AnalyticsProps {
	readonly ui: Ui;
	readonly analytics: Analytics;
	/** undefined: as it suits the time. */
	readonly asked: CountSpan | undefined;
	/** Whose occupancy is drawn; undefined, or unknown: of the first park. */
	readonly areaId: string | undefined;
	/** What was asked about is too long, or has no end. */
	readonly isTooLong: boolean;
}

/** Entries, exits, refusals, stays and occupancy: drawn, and the same figures as tables. */
export function AnalyticsPage(props: AnalyticsProps) {
	const { ui, analytics, isTooLong } = props;
	const { t, formats } = ui;
	const { entries, exits, meanStayMs } = analytics;
	const refused = analytics.refusals.reduce((sum, { count }) => sum + count, 0);
	return (
		<Page ui={ui} title={t('analytics.title')} islands={['chart']}>
			<Period {...props} />
			{isTooLong && <Notice tone="warning" title={t('analytics.tooLong')} announce />}
			<div class="analytics">
				<section class="card" aria-labelledby="all-title">
					<h2 class="card__title" id="all-title">
						{t('analytics.all')}
					</h2>
					<dl class="pairs pairs--wide">
						{(
							[
								['entries', formats.number(entries)],
								['exits', formats.number(exits)],
								['refusals', formats.number(refused)],
								['meanStay', meanStayMs === null ? '—' : formats.duration(meanStayMs)],
							] as const
						).map(([name, value]) => (
							<div>
								<dt>{t(`analytics.${name}`)}</dt>
								<dd>{value}</dd>
							</div>
						))}
					</dl>
				</section>
				<Passages {...props} />
				<Occupied {...props} />
				<Refusals {...props} />
			</div>
		</Page>
	);
}

function Period({ ui, analytics, asked, areaId }: AnalyticsProps) {
	const { t } = ui;
	return (
		<form class="calendar-filters" method="get" action={ANALYTICS_PATH}>
			<Field name="from" type="date" label={t('licences.from')} value={analytics.fromDay} />
			<Field name="to" type="date" label={t('licences.to')} value={analytics.toDay} />
			<Select
				name="span"
				label={t('analytics.span')}
				any={t('analytics.span.auto')}
				options={(['hour', 'day'] as const).map((value) => ({ value, label: t(`analytics.span.${value}`) }))}
				selected={asked}
			/>
			<Select
				name="area"
				label={t('analytics.area')}
				options={analytics.areas.map(({ areaId: value }) => ({ value, label: ui.placeName(value) }))}
				selected={areaId}
			/>
			<button class="button" type="submit">
				<Icon name="filter" size="small" />
				{t('licences.show')}
			</button>
		</form>
	);
}

interface ChartProps {
	readonly ui: Ui;
	readonly id: string;
	readonly title: string;
	/** Times in seconds, then a line or two. */
	readonly points: readonly (readonly (number | null)[])[];
	readonly line: string;
	readonly second?: string;
	readonly capacity?: number | null;
	readonly headings: readonly string[];
	/** When, and its figures. */
	readonly rows: readonly (readonly string[])[];
}

/** Drawn by an island; the same figures stand in the table, the newest first. */
function ChartCard({ ui, id, title, points, line, second, capacity = null, headings, rows }: ChartProps) {
	const { t, site, language } = ui;
	return (
		<section class="card history" aria-labelledby={id}>
			<h2 class="card__title" id={id}>
				{title}
			</h2>
			<figure
				class="chart"
				role="img"
				aria-label={t('analytics.chart', { title })}
				data-points={JSON.stringify(points)}
				data-time-zone={site.timeZone}
				data-locale={LOCALES[language]}
				data-average={line}
				data-second={second}
				data-places={t('analytics.places')}
				data-capacity={capacity ?? undefined}
				hidden
			/>
			<details class="history__table" open>
				<summary>{t('licences.table')}</summary>
				<div class="config-scroll">
					<table class="plain-table">
						<caption class="visually-hidden">{title}</caption>
						<thead>
							<tr>
								<th scope="col">{t('analytics.when')}</th>
								{headings.map((heading) => (
									<th scope="col" class="figures">
										{heading}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{rows.toReversed().map(([when, ...figures]) => (
								<tr>
									<th scope="row">{when}</th>
									{figures.map((figure) => (
										<td class="figures">{figure}</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</details>
		</section>
	);
}

function whenOf({ formats, site }: Ui, startMs: number, span: CountSpan): string {
	if (span === 'hour') return formats.moment(startMs);
	const day = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(site.timeZone).toPlainDate();
	return formats.date(day.toString());
}

function Passages({ ui, analytics: { steps, span } }: AnalyticsProps) {
	const { t, formats } = ui;
	const rows = steps.map(({ startMs, entries, exits, refusals, meanStayMs }) => [
		whenOf(ui, startMs, span),
		...[entries, exits, refusals].map(formats.number),
		meanStayMs === null ? '—' : formats.duration(meanStayMs),
	]);
	return (
		<ChartCard
			ui={ui}
			id="passages-title"
			title={t(`analytics.passages.${span}`)}
			points={[
				steps.map(({ startMs }) => startMs / 1_000),
				steps.map(({ entries }) => entries),
				steps.map(({ exits }) => exits),
			]}
			line={t('analytics.entries')}
			second={t('analytics.exits')}
			headings={(['entries', 'exits', 'refusals', 'meanStay'] as const).map((name) => t(`analytics.${name}`))}
			rows={rows}
		/>
	);
}

function Occupied({ ui, analytics: { steps, span, areas }, areaId }: AnalyticsProps) {
	const { t, formats } = ui;
	const area = areas.find((one) => one.areaId === areaId) ?? areas[0];
	if (area === undefined) return null;
	const figure = (value: number | null) => (value === null ? '—' : formats.number(value));
	return (
		<ChartCard
			ui={ui}
			id="occupied-title"
			title={t('analytics.occupied', { area: ui.placeName(area.areaId) })}
			points={[steps.map(({ startMs }) => startMs / 1_000), area.levels.map(({ average }) => average)]}
			line={t('analytics.average')}
			capacity={area.capacity}
			headings={[t('analytics.average'), t('analytics.most')]}
			rows={steps.map(({ startMs }, place) => [
				whenOf(ui, startMs, span),
				figure(area.levels[place]?.average ?? null),
				figure(area.levels[place]?.most ?? null),
			])}
		/>
	);
}

function Refusals({ ui, analytics: { refusals } }: AnalyticsProps) {
	const { t, formats } = ui;
	return (
		<section class="card" aria-labelledby="refusals-title">
			<h2 class="card__title" id="refusals-title">
				{t('analytics.byReason')}
			</h2>
			{refusals.length === 0 ? (
				<p class="muted">{t('analytics.noRefusals')}</p>
			) : (
				<div class="config-scroll">
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('analytics.reason')}</th>
								<th scope="col" class="figures">
									{t('analytics.refusals')}
								</th>
							</tr>
						</thead>
						<tbody>
							{refusals.map(({ reason, count }) => (
								<tr>
									<th scope="row">{ui.reason(reason).cause}</th>
									<td class="figures">{formats.number(count)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}
