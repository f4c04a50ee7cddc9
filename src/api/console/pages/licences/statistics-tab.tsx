import {
	COUNTED_KINDS,
	type CountedKind,
	type LicenceStatistics,
} from '../../../../gateway/services/licensing/licence-days.ts';
import { LOCALES } from '../../catalogue/translator.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';
import { EXPORT_LINKS, LicenceExportStatus } from './export-status.tsx';
import { kindName } from './kind-words.ts';
import { LicencesFrame, tabHref } from './licences-frame.tsx';

export interface StatisticsTabProps {
	readonly ui: Ui;
	/** null: all of them. */
	readonly kind: CountedKind | null;
	/** null: stopped for want of a licence, or asked for what can't be. */
	readonly statistics: LicenceStatistics | null;
	readonly problem: string | undefined;
	/** Of the form, `YYYY-MM-DD`. */
	readonly from: string;
	readonly to: string;
}

/** How many licences there were: a year unless asked otherwise, today as it is now. */
export function StatisticsTab(props: StatisticsTabProps) {
	const { ui, statistics, problem, kind, from, to } = props;
	return (
		<LicencesFrame ui={ui} tab="statistics" islands={['chart']}>
			<Period {...props} />
			{problem !== undefined && <Notice tone="warning" title={problem} />}
			{statistics !== null && (
				<>
					<Chart ui={ui} statistics={statistics} />
					<ByKind ui={ui} statistics={statistics} />
					<p class="results-count" id={EXPORT_LINKS}>
						<ExportLinks
							ui={ui}
							path="/api/v1/licences/history/export"
							query={{ kind: kind === null || kind === 'camera' ? '' : kind, ...edges(ui, from, to) }}
						/>
					</p>
					<LicenceExportStatus ui={ui} list="licence-history" progress={undefined} />
				</>
			)}
		</LicencesFrame>
	);
}

/** From the first moment of a day to the last of another, as the API takes them. */
function edges({ site, formats }: Ui, from: string, to: string) {
	const start = (day: Temporal.PlainDate) => formats.machine(day.toZonedDateTime(site.timeZone).epochMilliseconds);
	return {
		from: start(Temporal.PlainDate.from(from)),
		to: start(Temporal.PlainDate.from(to).add({ days: 1 })),
	};
}

function Period({ ui, kind, from, to }: StatisticsTabProps) {
	const { t } = ui;
	const options = COUNTED_KINDS.map((one) => ({ value: one, label: kindName(ui, one) }));
	return (
		<form class="calendar-filters" method="get" action={tabHref('statistics')}>
			<Field name="from" type="date" label={t('licences.from')} value={from} />
			<Field name="to" type="date" label={t('licences.to')} value={to} />
			<Select
				name="kind"
				label={t('licences.kind')}
				any={t('licences.allKinds')}
				options={options}
				selected={kind ?? undefined}
			/>
			<button class="button" type="submit">
				<Icon name="filter" size="small" />
				{t('licences.show')}
			</button>
		</form>
	);
}

/** Drawn by an island; the same figures stand in the table. */
function Chart({ ui, statistics }: { ui: Ui; statistics: LicenceStatistics }) {
	const { t, formats, site } = ui;
	const { days } = statistics;
	const startMs = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime(site.timeZone).epochMilliseconds;
	const points = [days.map(({ day }) => startMs(day) / 1_000), days.map(({ used }) => used)];
	const rows = tableRows(days);
	return (
		<section class="card history" aria-labelledby="chart-title">
			<h2 class="card__title" id="chart-title">
				{t('licences.assignedByDay')}
			</h2>
			<figure
				class="chart"
				role="img"
				aria-label={t('licences.chart')}
				data-points={JSON.stringify(points)}
				data-time-zone={site.timeZone}
				data-locale={LOCALES[ui.language]}
				data-average={t('licences.assigned')}
				hidden
			/>
			<details class="history__table" open>
				<summary>{t('licences.table')}</summary>
				<div class="config-scroll">
					<table class="plain-table">
						<caption class="visually-hidden">{t('licences.assignedByDay')}</caption>
						<thead>
							<tr>
								<th scope="col">{t('licences.until.day')}</th>
								{(['assigned', 'given', 'taken'] as const).map((heading) => (
									<th scope="col" class="figures">
										{t(`licences.${heading}`)}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{rows.toReversed().map(({ day, used, given, taken }) => (
								<tr>
									<th scope="row">{formats.date(day)}</th>
									<td class="figures">{formats.number(used)}</td>
									<td class="figures">{formats.number(given)}</td>
									<td class="figures">{formats.number(taken)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</details>
		</section>
	);
}

type Day = LicenceStatistics['days'][number];

/** More lines than this are told by month. */
const MOST_LINES = 62;

/** Days, or months by their last day. */
function tableRows(days: readonly Day[]): readonly Day[] {
	if (days.length <= MOST_LINES) return days;
	return [...Map.groupBy(days, ({ day }) => day.slice(0, 7)).values()].flatMap((month) => {
		const last = month.at(-1);
		if (last === undefined) return [];
		const sum = (of: 'given' | 'taken') => month.reduce((total, day) => total + day[of], 0);
		return [{ day: last.day, used: last.used, given: sum('given'), taken: sum('taken') }];
	});
}

function ByKind({ ui, statistics }: { ui: Ui; statistics: LicenceStatistics }) {
	const { t, formats } = ui;
	return (
		<section class="card" aria-labelledby="by-kind-title">
			<h2 class="card__title" id="by-kind-title">
				{t('licences.byKind')}
			</h2>
			<div class="config-scroll">
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('licences.kind')}</th>
							{(['assigned', 'most', 'given', 'taken'] as const).map((heading) => (
								<th scope="col" class="figures">
									{t(`licences.${heading}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{statistics.kinds.map(({ kind, used, most, given, taken }) => (
							<tr>
								<th scope="row">{kindName(ui, kind)}</th>
								{[used, most, given, taken].map((figure) => (
									<td class="figures">{formats.number(figure)}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
