import type { VisitPage, VisitTime } from '../../../../gateway/services/visitors/list-visits.ts';
import type { Visit } from '../../../../gateway/services/visitors/visit.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { CredentialLine, shortValidity, VisitStatePill } from './visit-views.tsx';
import {
	newKindHref,
	newVisitorHref,
	VISITOR_SEARCH_LENGTH,
	VISITORS_PATH,
	visitHref,
	visitorsHref,
} from './visitor-paths.ts';

export const VISIT_TIMES: readonly VisitTime[] = ['today', 'coming', 'past'];

interface VisitorsProps {
	readonly ui: Ui;
	readonly when: VisitTime;
	readonly q: string;
	/** Of this page; undefined: the newest. */
	readonly cursor: string | undefined;
	readonly found: VisitPage;
	readonly badCursor: boolean;
	/** A visit that has not begun was just deleted. */
	readonly cancelled: boolean;
	/** The site says what visitors may. */
	readonly isReady: boolean;
}

/** Who comes today, who is expected, who was here. */
export function VisitorsPage(props: VisitorsProps) {
	const { ui, cancelled, isReady } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('visitor.title')} aside={<NewVisitor ui={ui} />}>
			{cancelled && <Notice tone="good" title={t('visitor.cancelled')} announce />}
			{!isReady && <NoKindOfVisit ui={ui} />}
			<Choice {...props} />
			<Results {...props} />
		</Page>
	);
}

function NewVisitor({ ui }: { ui: Ui }) {
	if (!ui.mayInParts('visitors:write')) return null;
	return (
		<a class="button button--primary" href={newVisitorHref()}>
			<Icon name="person" />
			{ui.t('visitor.new')}
		</a>
	);
}

/** What is missing before the first visitor, and who can mend it. */
export function NoKindOfVisit({ ui, decisionId }: { ui: Ui; decisionId?: string | undefined }) {
	const { t } = ui;
	const mayAdd = ui.may('rightSpecifications:write');
	return (
		<div class="visitors__missing">
			<Notice tone="warning" title={t('visitor.noSpecification')}>
				<p>{t('visitor.noSpecificationHint')}</p>
				{mayAdd ? (
					<p>
						<a class="button" href={newKindHref(decisionId)}>
							{t('visitor.addSpecification')}
						</a>
					</p>
				) : (
					<p>{t('visitor.noSpecificationAsk')}</p>
				)}
			</Notice>
		</div>
	);
}

function Choice({ ui, when, q }: VisitorsProps) {
	const { t } = ui;
	return (
		<div class="visitors__choice">
			<nav class="segments" aria-label={t('visitor.when')}>
				{VISIT_TIMES.map((time) => (
					<a
						class="segment"
						href={visitorsHref(time === 'today' ? {} : { when: time })}
						aria-current={q === '' && time === when ? 'page' : undefined}
					>
						{t(`visitor.when.${time}`)}
					</a>
				))}
			</nav>
			<search>
				<form class="field__frame visitors__search" method="get" action={VISITORS_PATH}>
					<label class="visually-hidden" for="q">
						{t('visitor.search')}
					</label>
					<SearchInput value={q} maxLength={VISITOR_SEARCH_LENGTH} placeholder={t('visitor.search')} />
					<button class="icon-button" type="submit" aria-label={t('visitor.find')}>
						<Icon name="search" />
					</button>
				</form>
			</search>
		</div>
	);
}

function Results(props: VisitorsProps) {
	const { ui, when, q, cursor, found, badCursor } = props;
	const { t } = ui;
	const { items, nextCursor } = found;
	return (
		<>
			{badCursor && <Notice tone="warning" title={t('visitor.badCursor')} announce />}
			{q !== '' && (
				<p class="results-count" role="status">
					{t('visitor.found', { count: items.length })}
					{' · '}
					<a href={VISITORS_PATH}>{t('visitor.searchEnds')}</a>
				</p>
			)}
			{items.length === 0 ? (
				<Nothing {...props} />
			) : (
				<ul class="visits card card--flush">
					{items.map((visit) => (
						<VisitRow ui={ui} visit={visit} />
					))}
				</ul>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={cursor === undefined ? undefined : visitorsHref({ when })}
				next={nextCursor === null ? undefined : visitorsHref({ when, cursor: nextCursor })}
			/>
		</>
	);
}

function VisitRow({ ui, visit }: { ui: Ui; visit: Visit }) {
	return (
		<li class="visit">
			<p class="visit__who">
				<a class="visit__link" href={visitHref(visit.id)}>
					<Untrusted ui={ui} text={visit.name} />
				</a>
				{visit.host !== null && (
					<span class="muted">
						{`${ui.t('visitor.host')} `}
						<Untrusted ui={ui} text={visit.host.name} />
					</span>
				)}
			</p>
			<p class="visit__by">
				<CredentialLine ui={ui} credential={visit.credential} />
			</p>
			<p class="visit__time">{shortValidity(ui, visit)}</p>
			<p class="visit__state">
				<VisitStatePill ui={ui} state={visit.state} />
			</p>
		</li>
	);
}

function Nothing({ ui, when, q, isReady }: VisitorsProps) {
	const { t } = ui;
	if (q !== '') return <EmptyState icon="search" title={t('visitor.notFound')} hint={t('visitor.notFoundHint')} />;
	return (
		<EmptyState icon="person" title={t(`visitor.none.${when}`)} hint={t('visitor.noneHint')}>
			{isReady && <NewVisitor ui={ui} />}
		</EmptyState>
	);
}
