import type { RosterEntry, RosterLine, RosterView } from '../../../../gateway/services/maintenance/roster.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { StatusPill } from './intervention-views.tsx';
import { planWords, targetWords } from './intervention-words.ts';
import { interventionHref, rosterHref } from './maintenance-paths.ts';

export const ROSTER_VIEWS = ['day', 'week'] as const;

export interface RosterPlace {
	readonly view: (typeof ROSTER_VIEWS)[number];
	/** A day, or one of the week. */
	readonly date: Temporal.PlainDate;
}

interface RosterProps {
	readonly ui: Ui;
	readonly place: RosterPlace;
	readonly first: Temporal.PlainDate;
	readonly roster: RosterView;
}

/** Who does what when. */
export function RosterPage({ ui, place, first, roster }: RosterProps) {
	const { t } = ui;
	const clashing = roster.lines.filter(({ entries }) => entries.some(({ clashes }) => clashes)).length;
	return (
		<Page ui={ui} title={t('roster.title')}>
			<Steps ui={ui} place={place} first={first} />
			{roster.isCut && <Notice tone="warning" title={t('roster.cut')} />}
			{clashing > 0 && <Notice tone="warning" title={t('roster.clashes', { count: clashing })} />}
			<div class="roster">
				{roster.unassigned.length > 0 && (
					<section class="card" aria-labelledby="unassigned">
						<h2 class="card__title" id="unassigned">
							{t('roster.unassigned')}
						</h2>
						<Entries ui={ui} entries={roster.unassigned} />
					</section>
				)}
				{roster.lines.map((line) => (
					<Line ui={ui} line={line} />
				))}
			</div>
			{roster.lines.length === 0 && <Nobody ui={ui} hasWork={roster.unassigned.length > 0} />}
		</Page>
	);
}

/** Who has a part of the site is told of who works there, not of who there is. */
function Nobody({ ui, hasWork }: { ui: Ui; hasWork: boolean }) {
	const { t } = ui;
	if (ui.may('interventions:read')) {
		return <EmptyState icon="people" title={t('roster.nobody')} hint={t('roster.nobodyHint')} />;
	}
	return hasWork ? null : <p class="muted">{t('roster.free')}</p>;
}

function Steps({ ui, place, first }: Omit<RosterProps, 'roster'>) {
	const { t, formats } = ui;
	const days = place.view === 'week' ? 7 : 1;
	const at = (date: Temporal.PlainDate, view: string = place.view) => rosterHref({ view, date: date.toString() });
	return (
		<nav class="calendar-nav" aria-label={t('roster.view')}>
			<div class="calendar-steps">
				<a class="icon-button" href={at(first.subtract({ days }))} aria-label={t('roster.previous')}>
					<Icon name="chevron-left" />
				</a>
				<a class="icon-button" href={at(first.add({ days }))} aria-label={t('roster.next')}>
					<Icon name="chevron-right" />
				</a>
				<a class="button button--quiet" href={rosterHref({ view: place.view })}>
					{t('roster.today')}
				</a>
				<h2 class="calendar-title">
					{formats.date(first.toString())}
					{days > 1 && ` – ${formats.date(first.add({ days: days - 1 }).toString())}`}
				</h2>
			</div>
			<div class="segments">
				{ROSTER_VIEWS.map((view) => (
					<a class="segment" href={at(place.date, view)} aria-current={view === place.view ? 'page' : undefined}>
						{t(`roster.${view}`)}
					</a>
				))}
			</div>
		</nav>
	);
}

function Line({ ui, line: { person, entries } }: { ui: Ui; line: RosterLine }) {
	const { t } = ui;
	const id = `person-${person.id}`;
	return (
		<section class="card" aria-labelledby={id}>
			<h2 class="card__title" id={id}>
				<Untrusted ui={ui} text={person.name} />
			</h2>
			<p class="muted">{t(`roster.role.${person.role}`)}</p>
			{entries.length === 0 ? <p>{t('roster.free')}</p> : <Entries ui={ui} entries={entries} />}
		</section>
	);
}

function Entries({ ui, entries }: { ui: Ui; entries: readonly RosterEntry[] }) {
	return (
		<ul class="thumb-list">
			{entries.map((entry) => (
				<li>
					<a class="thumb-list__item" href={interventionHref(entry.number)}>
						<span class="vehicle__words">
							<span class="subject">
								{`${entry.number} · `}
								<Untrusted ui={ui} text={entry.title} />
							</span>
							<span class="muted">{planWords(ui, entry.plan)}</span>
							<span class="muted">{targetWords(ui, entry.target)}</span>
							<span class="intervention__pills">
								<StatusPill ui={ui} status={entry.status} />
								{entry.clashes && (
									<Pill tone="bad" icon="warning">
										{ui.t('roster.clash')}
									</Pill>
								)}
							</span>
						</span>
						<Icon name="chevron-right" size="small" />
					</a>
				</li>
			))}
		</ul>
	);
}
