import { LIMITS } from '../../../../gateway/core/limits.ts';
import { MODULES } from '../../../../gateway/core/permission/modules.ts';
import {
	type ActivityReport,
	type ActivityReportRow,
	INACTIVE,
	type Inactive,
} from '../../../../gateway/services/activity/operator-activity.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Field, Select } from '../../components/field.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { BULK_FORM } from '../operators/bulk-form.tsx';
import { OPERATORS_PATH, operatorHref } from '../operators/operators-frame.tsx';
import { STATES, StatePill } from '../operators/operators-page.tsx';
import { ActivityFrame, REPORT_PATH } from './activity-frame.tsx';

/** As typed; what is empty does not narrow it. */
export interface ReportFilter {
	readonly q: string;
	readonly state: '' | (typeof STATES)[number];
	readonly role: string;
	/** Name of a group. */
	readonly group: string;
	readonly inactive: '' | Inactive;
	readonly from: string;
	readonly to: string;
}

interface ReportProps {
	readonly ui: Ui;
	readonly filter: ReportFilter;
	/** Whose members are shown; undefined: no group was asked for, or none has that name. */
	readonly groupId: string | undefined;
	readonly roles: readonly RoleView[];
	readonly cursor: string | undefined;
	readonly report: ActivityReport;
	/** What was asked about is too long, or has no end. */
	readonly isTooLong: boolean;
}

/** What each operator did in a period, and who did nothing for long. */
export function ReportPage(props: ReportProps) {
	const { ui, filter, groupId, report, isTooLong, cursor } = props;
	const { t } = ui;
	const { items, nextCursor } = report;
	const mayWrite = ui.may('operators:write');
	const { group: _, ...asked } = filter;
	return (
		<ActivityFrame ui={ui} tab="report" title={t('activity.title')}>
			<Filters {...props} />
			{isTooLong && <Notice tone="warning" title={t('activity.tooLong')} announce />}
			{filter.group !== '' && groupId === undefined && (
				<Notice tone="warning" title={t('activity.groupUnknown')} announce />
			)}
			{ui.may('directory:export') && (
				<p class="results-count">
					<ExportLinks ui={ui} path="/api/v1/activity/export" query={{ ...asked, group: groupId ?? '' }} />
				</p>
			)}
			{items.length === 0 ? (
				<EmptyState
					icon="search"
					title={t(nextCursor === null ? 'activity.nobody' : 'audit.goesOn')}
					hint={t('activity.nobodyHint')}
				/>
			) : (
				<section class="card" aria-label={t('activity.tab.report')}>
					<div class="config-scroll">
						<table class="plain-table">
							<Head ui={ui} />
							<tbody>
								{items.map((row) => (
									<Row ui={ui} row={row} />
								))}
							</tbody>
						</table>
					</div>
				</section>
			)}
			{mayWrite && items.length > 0 && <DeactivateForm ui={ui} />}
			<PagesNav
				ui={ui}
				order="name"
				first={cursor === undefined ? undefined : reportHref(filter)}
				next={nextCursor === null ? undefined : reportHref(filter, nextCursor)}
			/>
		</ActivityFrame>
	);
}

function reportHref(filter: ReportFilter, cursor = ''): string {
	const set = Object.entries({ ...filter, cursor }).filter(([, value]) => value !== '');
	return set.length === 0 ? REPORT_PATH : `${REPORT_PATH}?${new URLSearchParams(set)}`;
}

function Filters({ ui, filter, roles, report }: ReportProps) {
	const { t } = ui;
	return (
		<search>
			<form class="filters card" method="get" action={REPORT_PATH}>
				<div class="filters__main">
					<SearchField label={t('operators.search')} value={filter.q} maxLength={LIMITS.searchLength} />
					<Field name="from" type="date" label={t('log.from')} value={filter.from || report.fromDay} />
					<Field name="to" type="date" label={t('log.to')} value={filter.to || report.toDay} />
					<Select
						name="inactive"
						label={t('activity.inactive')}
						any={t('activity.inactive.any')}
						options={INACTIVE.map((value) => ({ value, label: t(`activity.inactive.${value}`) }))}
						selected={filter.inactive}
					/>
					<div class="filters__actions">
						<button class="button" type="submit">
							{t('activity.show')}
						</button>
					</div>
				</div>
				<details class="filters__more" open={filter.state !== '' || filter.role !== '' || filter.group !== ''}>
					<summary class="filters__toggle">{t('audit.more')}</summary>
					<div class="filters__fields">
						<Select
							name="state"
							label={t('operators.state')}
							any={t('operators.anyState')}
							options={STATES.map((state) => ({ value: state, label: t(`operators.state.${state}`) }))}
							selected={filter.state}
						/>
						<Select
							name="role"
							label={t('activity.role')}
							any={t('activity.anyRole')}
							options={roles.map((role) => ({ value: role.id, label: roleWord(ui, role) }))}
							selected={filter.role}
						/>
						<Field name="group" label={t('activity.group')} value={filter.group} maxLength={200} autocomplete="off" />
					</div>
				</details>
			</form>
		</search>
	);
}

function Head({ ui }: { ui: Ui }) {
	const { t } = ui;
	return (
		<thead>
			<tr>
				{ui.may('operators:write') && (
					<th scope="col">
						<span class="visually-hidden">{t('groups.bulk.title')}</span>
					</th>
				)}
				<th scope="col">{t('operators.name')}</th>
				<th scope="col">{t('operators.state')}</th>
				<th scope="col">{t('activity.lastActive')}</th>
				<th scope="col">{t('activity.days')}</th>
				<th scope="col">{t('activity.logins')}</th>
				<th scope="col">{t('activity.refused')}</th>
				{MODULES.map((module) => (
					<th scope="col">{t(`activity.module.${module}`)}</th>
				))}
			</tr>
		</thead>
	);
}

function Row({ ui, row }: { ui: Ui; row: ActivityReportRow }) {
	const { t, formats } = ui;
	const { id, name, email, state, lastActiveMs } = row;
	return (
		<tr>
			{ui.may('operators:write') && (
				<td>
					{state === 'active' && ui.login?.operator.id !== id && (
						<input
							type="checkbox"
							form={BULK_FORM}
							name="operators"
							value={id}
							aria-label={t('groups.bulk.choose', { name: plainUntrusted(name) })}
						/>
					)}
				</td>
			)}
			<th scope="row">
				{ui.may('operators:read') ? (
					<a href={operatorHref(id)}>
						<Untrusted ui={ui} text={name} />
					</a>
				) : (
					<Untrusted ui={ui} text={name} />
				)}
				<p class="muted">
					<Untrusted ui={ui} text={email} />
				</p>
			</th>
			<td>
				<StatePill ui={ui} state={state} />
			</td>
			<td>{lastActiveMs === null ? t('activity.never') : <Moment ui={ui} atMs={lastActiveMs} />}</td>
			{[row.days, row.logins, row.refused, ...MODULES.map((module) => row[module])].map((count) => (
				<td class="figures">{formats.number(count)}</td>
			))}
		</tr>
	);
}

/** Of those that are ticked; what the list of operators does with many. */
function DeactivateForm({ ui }: { ui: Ui }) {
	const { t } = ui;
	return (
		<form class="card stack" id={BULK_FORM} method="post" action={`${OPERATORS_PATH}/bulk`}>
			<CsrfField ui={ui} />
			<input type="hidden" name="action" value="deactivate" />
			<p class="muted">{t('activity.deactivateHint')}</p>
			<label class="option">
				<input type="checkbox" name="sure" value="yes" required /> {t('operators.sure')}
			</label>
			<p>
				<button class="button" type="submit">
					{t('activity.deactivate')}
				</button>
			</p>
		</form>
	);
}
