import { REASONS } from '../../../../gateway/core/reason.ts';
import type { DecisionSummary, Page as ListPage } from '../../../../gateway/services/access-log.ts';
import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import { DecisionTable } from '../../components/decision-lines.tsx';
import { ExportLinks } from '../../components/export-links.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { exportQuery, isFiltered, LOG_SEARCH_LENGTH, type LogFilter, logHref } from './log-filter.ts';

interface LogProps {
	readonly ui: Ui;
	readonly lanes: readonly LaneView[];
	readonly filter: LogFilter;
	/** The cursor of this page; undefined on the newest. */
	readonly cursor: string | undefined;
	readonly found: ListPage<DecisionSummary>;
	/** The cursor asked for was not ours: this is the newest page instead. */
	readonly badCursor: boolean;
}

export function LogPage(props: LogProps) {
	const { ui } = props;
	return (
		<Page ui={ui} title={ui.t('log.title')} aside={<ToLaneEvents ui={ui} />}>
			<LogFilters {...props} />
			<ResultsCount {...props} />
			<LogResults {...props} />
		</Page>
	);
}

function ToLaneEvents({ ui }: { ui: Ui }) {
	return (
		<a class="button" href="/log/lanes">
			<Icon name="warning" />
			{ui.t('laneEvents.link')}
		</a>
	);
}

/**
 * Not `change` of the search field: it comes as the field is left, and the results would be replaced
 * under the mouse button that was just pressed on one of them.
 */
const SEARCH_AGAIN =
	'input changed delay:300ms from:#q, change from:select, change from:input[type=datetime-local], submit';

/** A plain form; with scripts it also searches while one types. */
function LogFilters({ ui, lanes, filter }: LogProps) {
	const { t } = ui;
	return (
		<search>
			<form
				class="filters card"
				method="get"
				action="/log"
				hx-get="/log"
				hx-target="#log-results"
				hx-swap="outerHTML"
				hx-push-url="true"
				hx-sync="this:replace"
				hx-trigger={SEARCH_AGAIN}
			>
				<div class="filters__main">
					<SearchField
						label={t('log.search')}
						value={filter.q}
						maxLength={LOG_SEARCH_LENGTH}
						placeholder={t('log.searchHint')}
					/>
					<Select
						name="lane"
						label={t('log.lane')}
						any={t('log.any')}
						selected={filter.lane}
						options={lanes.map(({ id, name }) => ({ value: id, label: name }))}
					/>
					<Select
						name="outcome"
						label={t('log.outcome')}
						any={t('log.any')}
						selected={filter.outcome}
						options={[
							{ value: 'granted', label: t('outcome.granted') },
							{ value: 'refused', label: t('outcome.refused') },
						]}
					/>
					<div class="filters__actions">
						<button class="button" type="submit">
							{t('log.filter')}
						</button>
					</div>
				</div>
				<details class="filters__more" open={filter.reason !== '' || filter.from !== '' || filter.to !== ''}>
					<summary class="filters__toggle">{t('log.filters')}</summary>
					<div class="filters__fields">
						<Select
							name="reason"
							label={t('log.reason')}
							any={t('log.any')}
							selected={filter.reason}
							options={REASONS.map((code) => ({ value: code, label: ui.reason(code).cause }))}
						/>
						<Field
							name="from"
							type="datetime-local"
							label={t('log.from')}
							value={filter.from}
							error={filter.errors.from}
						/>
						<Field name="to" type="datetime-local" label={t('log.to')} value={filter.to} error={filter.errors.to} />
					</div>
				</details>
			</form>
		</search>
	);
}

/** How much was found; stays in place when a search replaces the rest, so that it is read out. */
export function ResultsCount({ ui, filter, found, outOfBand = false }: LogProps & { outOfBand?: boolean }) {
	const { t } = ui;
	return (
		<p class="results-count" id="results-count" role="status" hx-swap-oob={outOfBand ? 'innerHTML' : undefined}>
			{t('log.shown', { count: found.items.length })}
			{isFiltered(filter) && (
				<>
					{' · '}
					<a href="/log">{t('log.reset')}</a>
				</>
			)}
			{found.items.length > 0 && ui.mayInParts('directory:export') && (
				<>
					{' · '}
					<ExportLinks ui={ui} path="/api/v1/decisions/export" query={exportQuery(filter, ui)} />
				</>
			)}
		</p>
	);
}

/** The part that a search replaces. */
export function LogResults({ ui, filter, cursor, found, badCursor }: LogProps) {
	const { t } = ui;
	const { items, nextCursor } = found;
	return (
		<div id="log-results">
			{badCursor && <Notice tone="warning" title={t('log.badCursor')} announce />}
			{items.length === 0 ? (
				<Nothing ui={ui} filtered={isFiltered(filter)} />
			) : (
				<div class="card card--flush">
					<DecisionTable ui={ui} decisions={items} caption={t('log.title')} />
				</div>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={cursor === undefined ? undefined : logHref(filter)}
				next={nextCursor === null ? undefined : logHref(filter, nextCursor)}
			/>
		</div>
	);
}

function Nothing({ ui: { t }, filtered }: { ui: Ui; filtered: boolean }) {
	return filtered ? (
		<EmptyState icon="search" title={t('log.nothing')} hint={t('log.nothingHint')}>
			<a class="button" href="/log">
				{t('log.reset')}
			</a>
		</EmptyState>
	) : (
		<EmptyState icon="log" title={t('log.empty')} hint={t('log.emptyHint')} />
	);
}
