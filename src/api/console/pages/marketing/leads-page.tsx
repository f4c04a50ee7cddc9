import { LEAD_SOURCES, LEAD_STATES, type LeadSource, type LeadState } from '../../../../gateway/core/lead.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Lead } from '../../../../gateway/services/marketing/leads.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { LEADS_PATH, leadHref, queryText } from './marketing-paths.ts';

export interface LeadsFilter {
	readonly q: string;
	readonly state: LeadState | undefined;
	readonly source: LeadSource | undefined;
	readonly campaignId: string | undefined;
}

interface LeadsProps {
	readonly ui: Ui;
	readonly filter: LeadsFilter;
	readonly found: readonly Lead[];
	readonly cursor: string | undefined;
	/** null: nothing older. */
	readonly next: string | null;
	readonly wasRemoved: boolean;
}

function queryOf({ q, state, source, campaignId }: LeadsFilter): Readonly<Record<string, string>> {
	return { q, state: state ?? '', source: source ?? '', campaign: campaignId ?? '' };
}

/** People who asked to be contacted, the newest first. */
export function LeadsPage({ ui, filter, found, cursor, next, wasRemoved }: LeadsProps) {
	const { t } = ui;
	const query = queryOf(filter);
	return (
		<Page ui={ui} title={t('lead.title')} aside={<NewLead ui={ui} />}>
			{wasRemoved && <Notice tone="good" title={t('lead.removed')} announce />}
			<Filters ui={ui} filter={filter} />
			<p class="results-count">
				<ExportLinks ui={ui} path="/api/v1/leads/export" query={query} />
			</p>
			{found.length === 0 ? (
				<EmptyState icon="people" title={t('lead.none')} hint={t('lead.noneHint')}>
					<NewLead ui={ui} />
				</EmptyState>
			) : (
				<LeadTable ui={ui} found={found} />
			)}
			{(cursor !== undefined || next !== null) && (
				<nav class="pages" aria-label={t('log.pages')}>
					{cursor !== undefined && (
						<a class="button" href={`${LEADS_PATH}${queryText(query)}`} rel="first">
							{t('log.newest')}
						</a>
					)}
					{next !== null && (
						<a class="button pages__next" href={`${LEADS_PATH}${queryText({ ...query, cursor: next })}`} rel="next">
							{t('log.older')}
						</a>
					)}
				</nav>
			)}
		</Page>
	);
}

function NewLead({ ui }: { ui: Ui }) {
	if (!ui.may('leads:write')) return null;
	return (
		<a class="button button--primary" href={`${LEADS_PATH}/new`}>
			<Icon name="plus" />
			{ui.t('lead.new')}
		</a>
	);
}

function Filters({ ui, filter }: { ui: Ui; filter: LeadsFilter }) {
	const { t } = ui;
	return (
		<search>
			<form class="calendar-filters" method="get" action={LEADS_PATH}>
				{filter.campaignId !== undefined && <input type="hidden" name="campaign" value={filter.campaignId} />}
				{ui.may('personalData:read') && (
					<SearchField label={t('lead.search')} value={filter.q} maxLength={LIMITS.searchLength} />
				)}
				<Select
					name="state"
					label={t('lead.state')}
					any={t('log.any')}
					options={LEAD_STATES.map((value) => ({ value, label: t(`lead.state.${value}`) }))}
					selected={filter.state}
				/>
				<Select
					name="source"
					label={t('lead.source')}
					any={t('log.any')}
					options={LEAD_SOURCES.map((value) => ({ value, label: t(`lead.source.${value}`) }))}
					selected={filter.source}
				/>
				<button class="button" type="submit">
					<Icon name="filter" size="small" />
					{t('log.filter')}
				</button>
			</form>
		</search>
	);
}

function LeadTable({ ui, found }: { ui: Ui; found: readonly Lead[] }) {
	const { t } = ui;
	return (
		<section class="card">
			<div class="config-scroll">
				<table class="plain-table">
					<caption class="visually-hidden">{t('lead.title')}</caption>
					<thead>
						<tr>
							<th scope="col">{t('lead.name')}</th>
							<th scope="col">{t('lead.contact')}</th>
							<th scope="col">{t('lead.source')}</th>
							<th scope="col">{t('lead.at')}</th>
							<th scope="col">{t('lead.state')}</th>
						</tr>
					</thead>
					<tbody>
						{found.map(({ id, name, company, email, phone, source, createdAtMs, state }) => (
							<tr>
								<th scope="row">
									<a href={leadHref(id)}>
										<Untrusted ui={ui} text={name} />
									</a>
									{company !== null && (
										<p class="muted">
											<Untrusted ui={ui} text={company} />
										</p>
									)}
								</th>
								<td>
									<Untrusted ui={ui} text={[email, phone].flatMap((text) => text ?? []).join(' · ')} />
								</td>
								<td>{t(`lead.source.${source}`)}</td>
								<td>
									<Moment ui={ui} atMs={createdAtMs} />
								</td>
								<td>
									<LeadPill ui={ui} state={state} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

export function LeadPill({ ui, state }: { ui: Ui; state: LeadState }) {
	const [tone, icon] = ({ new: ['active', 'info'], contacted: ['good', 'check'], closed: ['quiet', 'dash'] } as const)[
		state
	];
	return (
		<Pill tone={tone} icon={icon}>
			{ui.t(`lead.state.${state}`)}
		</Pill>
	);
}
