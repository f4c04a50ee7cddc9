import type { RecentDecisions, RecentFilter } from '../../../../gateway/services/recent-decisions.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { DecisionTable } from '../../components/decision-lines.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import type { Ui } from '../../ui.ts';

interface RecentProps {
	readonly ui: Ui;
	readonly filter: RecentFilter;
	readonly recent: RecentDecisions;
}

type Show = RecentFilter['show'];

const CHOICES: readonly { readonly show: Show; readonly label: LabelKey; readonly icon: IconName }[] = [
	{ show: 'all', label: 'recent.all', icon: 'log' },
	{ show: 'granted', label: 'recent.granted', icon: 'check' },
	{ show: 'refused', label: 'recent.refused', icon: 'cross' },
	{ show: 'failed', label: 'recent.failed', icon: 'warning' },
];

const SEARCH_LENGTH = 100;

/** Reads the address's query; what is no filter is none. */
export function parseRecentFilter(query: Readonly<Record<string, string>>): RecentFilter {
	return {
		show: CHOICES.find(({ show }) => show === query['show'])?.show ?? 'all',
		q: (query['q'] ?? '').trim().slice(0, SEARCH_LENGTH),
	};
}

/** Address of the live page with this filter. */
export function liveHref({ show, q }: RecentFilter): string {
	const set = Object.entries({ show: show === 'all' ? '' : show, q }).filter(([, value]) => value !== '');
	return set.length === 0 ? '/' : `/?${new URLSearchParams(set)}`;
}

/** The last half hour with its filters. They stay in place; what they choose is fetched anew with every decision. */
export function RecentPanel(props: RecentProps) {
	const { ui, filter } = props;
	const { t } = ui;
	return (
		<section class="live__decisions" aria-labelledby="decisions-title">
			<div class="panel__head">
				<h2 class="panel__title" id="decisions-title">
					{t('live.decisions')}
				</h2>
				<a class="panel__link" href="/log">
					{t('live.wholeLog')}
					<Icon name="chevron-right" size="small" />
				</a>
			</div>
			<search>
				<form
					class="recent"
					method="get"
					action="/"
					hx-get="/live/decisions"
					hx-target="#last-decisions"
					hx-swap="outerHTML"
					hx-sync="this:queue last"
					hx-trigger="input changed delay:250ms from:#q, change, submit, parkgate:decision from:body, parkgate:resync from:body"
				>
					<fieldset class="segments">
						<legend class="visually-hidden">{t('recent.show')}</legend>
						{CHOICES.map(({ show, label, icon }) => (
							<label class={`segment segment--${show}`}>
								<input type="radio" name="show" value={show} checked={show === filter.show} />
								<Icon name={icon} size="small" />
								<span class="segment__label">{t(label)}</span>
								<Count {...props} show={show} />
							</label>
						))}
					</fieldset>
					<div class="field__frame recent__search">
						<span class="visually-hidden">
							<label class="field__label" for="q">
								{t('recent.search')}
							</label>
						</span>
						<SearchInput value={filter.q} maxLength={SEARCH_LENGTH} placeholder={t('recent.search')} />
						<button class="icon-button" type="submit" aria-label={t('recent.submit')}>
							<Icon name="search" />
						</button>
					</div>
				</form>
			</search>
			<RecentList {...props} />
		</section>
	);
}

function Count({ ui, recent, show, outOfBand = false }: RecentProps & { show: Show; outOfBand?: boolean }) {
	return (
		<span class="segment__count figures" id={`recent-${show}`} hx-swap-oob={outOfBand ? 'true' : undefined}>
			{ui.formats.number(recent.counts[show])}
		</span>
	);
}

/** What a filter chooses. */
function RecentList({ ui, filter, recent }: RecentProps) {
	const { t } = ui;
	const { items, found } = recent;
	const isFiltered = filter.show !== 'all' || filter.q !== '';
	return (
		<div id="last-decisions" data-filter={liveHref(filter)}>
			{filter.q !== '' && (
				<p class="results-count" role="status">
					{t('recent.found', { count: found })}
				</p>
			)}
			{items.length === 0 ? (
				isFiltered ? (
					<EmptyState icon="search" title={t('recent.nothing')} hint={t('recent.nothingHint')} />
				) : (
					<EmptyState icon="log" title={t('live.noDecisions')} hint={t('live.noDecisionsHint')} />
				)
			) : (
				<div class="card card--flush">
					<DecisionTable ui={ui} decisions={items} caption={t('live.decisions')} advice />
				</div>
			)}
			{found > items.length && (
				<p class="recent__more">{t('recent.newest', { count: items.length, found: ui.formats.number(found) })}</p>
			)}
		</div>
	);
}

/** The list, and the counts of the filters that stay in place around it. */
export function RecentUpdate(props: RecentProps) {
	return (
		<>
			<RecentList {...props} />
			{CHOICES.map(({ show }) => (
				<Count {...props} show={show} outOfBand />
			))}
		</>
	);
}
