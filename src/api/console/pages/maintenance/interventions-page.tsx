import { INTERVENTION_STATUSES } from '../../../../gateway/core/maintenance/intervention.ts';
import { mayAtTarget } from '../../../../gateway/core/permission/target-place.ts';
import type { Intervention } from '../../../../gateway/services/maintenance/interventions.ts';
import type { RosterPerson } from '../../../../gateway/services/maintenance/roster.ts';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { InterventionLine } from './intervention-views.tsx';
import { INTERVENTIONS_PATH, interventionsHref, reportHref } from './maintenance-paths.ts';

export const SHOWN_STATES = ['unfinished', 'closed', 'all'] as const;

/** As the address says it; empty: any. */
export interface InterventionsFilter {
	readonly state: (typeof SHOWN_STATES)[number];
	readonly status: string;
	readonly device: string;
	readonly assignee: string;
	readonly overdue: boolean;
}

interface InterventionsProps {
	readonly ui: Ui;
	readonly filter: InterventionsFilter;
	readonly items: readonly Intervention[];
	readonly nextCursor: string | null;
	readonly isFirst: boolean;
	readonly devices: readonly string[];
	readonly people: readonly RosterPerson[];
}

/** What is to be done, and what was. */
export function InterventionsPage(props: InterventionsProps) {
	const { ui, filter, items, nextCursor, isFirst } = props;
	const { t } = ui;
	const asked = queryOf(filter);
	return (
		<Page ui={ui} title={t('maintenance.title')} aside={<ReportLink ui={ui} />}>
			<Shortcuts {...props} />
			<Filters {...props} />
			{items.length === 0 ? (
				<Nothing ui={ui} isNarrowed={isNarrowedBy(filter)} />
			) : (
				<ul class="card card--flush thumb-list thumb-list--flush">
					{items.map((item) => (
						<li>
							<InterventionLine ui={ui} item={item} />
						</li>
					))}
				</ul>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={isFirst ? undefined : interventionsHref(asked)}
				next={nextCursor === null ? undefined : interventionsHref({ ...asked, cursor: nextCursor })}
			/>
		</Page>
	);
}

/** Without what is asked for anyway. */
function queryOf({ state, status, device, assignee, overdue }: InterventionsFilter) {
	return {
		...{ state: state === 'unfinished' ? undefined : state, status: status || undefined },
		...{ device: device || undefined, assignee: assignee || undefined, overdue: overdue ? 'true' : undefined },
	};
}

/** What people ask for most: all of it, what is theirs, what is late. */
function Shortcuts({ ui, filter, people }: InterventionsProps) {
	const { t } = ui;
	const self = ui.login?.operator.id ?? '';
	const hrefNow = interventionsHref(queryOf(filter));
	const links = [
		{ label: t('maintenance.state.unfinished'), href: INTERVENTIONS_PATH },
		...(people.some(({ id }) => id === self)
			? [{ label: t('maintenance.mine'), href: interventionsHref({ assignee: self }) }]
			: []),
		{ label: t('maintenance.overdue'), href: interventionsHref({ overdue: 'true' }) },
	];
	return (
		<nav class="segments licence-tabs" aria-label={t('maintenance.state')}>
			{links.map(({ label, href }) => (
				<a class="segment" href={href} aria-current={href === hrefNow ? 'page' : undefined}>
					{label}
				</a>
			))}
		</nav>
	);
}

function isNarrowedBy(filter: InterventionsFilter): boolean {
	return Object.values(queryOf(filter)).some((value) => value !== undefined);
}

export function ReportLink({ ui, device }: { ui: Ui; device?: string }) {
	const may =
		device === undefined
			? ui.mayInParts('interventions:report')
			: mayAtTarget(ui, ui.site.lanes, { kind: 'device', id: device }, 'interventions:report');
	if (!may) return null;
	return (
		<a class="button button--primary" href={reportHref(device === undefined ? {} : { device })}>
			<Icon name="plus" />
			{ui.t('maintenance.report')}
		</a>
	);
}

function Filters({ ui, filter, devices, people }: InterventionsProps) {
	const { t } = ui;
	const isNarrowed = isNarrowedBy(filter);
	return (
		<search>
			<details class="card field-work__more intervention-filters" open={isNarrowed}>
				<summary>{t('maintenance.filter')}</summary>
				<form class="calendar-filters" method="get" action={INTERVENTIONS_PATH}>
					<Select
						name="state"
						label={t('maintenance.state')}
						options={SHOWN_STATES.map((state) => ({ value: state, label: t(`maintenance.state.${state}`) }))}
						selected={filter.state}
					/>
					<Select
						name="status"
						label={t('maintenance.field.status')}
						any={t('maintenance.anything')}
						options={INTERVENTION_STATUSES.map((value) => ({ value, label: t(`maintenance.status.${value}`) }))}
						selected={filter.status}
					/>
					<Select
						name="device"
						label={t('nav.devices')}
						any={t('maintenance.anything')}
						options={devices.map((id) => ({ value: id, label: id }))}
						selected={filter.device}
					/>
					<Select
						name="assignee"
						label={t('maintenance.field.people')}
						any={t('maintenance.anyone')}
						options={people.map(({ id, name }) => ({ value: id, label: name }))}
						selected={filter.assignee}
					/>
					<label class="option">
						<input type="checkbox" name="overdue" value="true" checked={filter.overdue} />
						{t('maintenance.onlyOverdue')}
					</label>
					<button class="button" type="submit">
						<Icon name="filter" size="small" />
						{t('maintenance.filter')}
					</button>
				</form>
			</details>
		</search>
	);
}

function Nothing({ ui: { t }, isNarrowed }: { ui: Ui; isNarrowed: boolean }) {
	if (isNarrowed)
		return <EmptyState icon="search" title={t('maintenance.noneFit')} hint={t('maintenance.noneFitHint')} />;
	return <EmptyState icon="check" title={t('maintenance.none')} hint={t('maintenance.noneHint')} />;
}
