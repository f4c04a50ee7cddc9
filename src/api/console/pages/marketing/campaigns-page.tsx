import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Campaign } from '../../../../gateway/services/marketing/campaigns.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { CAMPAIGNS_PATH, campaignHref } from './marketing-paths.ts';

/** What was typed, and what is wrong with it. */
export interface CampaignFormState {
	readonly name: string;
	readonly from: string;
	readonly to: string;
	readonly errors: Readonly<Partial<Record<'name' | 'from' | 'to' | 'all', string>>>;
}

export const EMPTY_CAMPAIGN: CampaignFormState = { name: '', from: '', to: '', errors: {} };

interface CampaignsProps {
	readonly ui: Ui;
	readonly found: readonly Campaign[];
	readonly cursor: string | undefined;
	/** null: nothing older. */
	readonly next: string | null;
	readonly form: CampaignFormState;
	readonly wasRemoved: boolean;
}

/** Named groups of rights with a period, the newest first. */
export function CampaignsPage({ ui, found, cursor, next, form, wasRemoved }: CampaignsProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('campaign.title')}>
			{wasRemoved && <Notice tone="good" title={t('campaign.removed')} announce />}
			{found.length === 0 ? (
				<EmptyState icon="group" title={t('campaign.none')} hint={t('campaign.noneHint')} />
			) : (
				<>
					<p class="results-count">
						<ExportLinks ui={ui} path="/api/v1/campaigns/export" query={{}} />
					</p>
					<CampaignTable ui={ui} found={found} />
				</>
			)}
			{(cursor !== undefined || next !== null) && (
				<nav class="pages" aria-label={t('log.pages')}>
					{cursor !== undefined && (
						<a class="button" href={CAMPAIGNS_PATH} rel="first">
							{t('log.newest')}
						</a>
					)}
					{next !== null && (
						<a class="button pages__next" href={`${CAMPAIGNS_PATH}?cursor=${encodeURIComponent(next)}`} rel="next">
							{t('log.older')}
						</a>
					)}
				</nav>
			)}
			{ui.may('campaigns:write') && (
				<section class="card" aria-labelledby="new-title">
					<h2 class="card__title" id="new-title">
						{t('campaign.new')}
					</h2>
					<CampaignForm ui={ui} form={form} action={CAMPAIGNS_PATH} />
				</section>
			)}
		</Page>
	);
}

function CampaignTable({ ui, found }: { ui: Ui; found: readonly Campaign[] }) {
	const { t, formats } = ui;
	const figure = (value: number | null) => (value === null ? '—' : formats.number(value));
	return (
		<section class="card">
			<div class="config-scroll">
				<table class="plain-table">
					<caption class="visually-hidden">{t('campaign.title')}</caption>
					<thead>
						<tr>
							<th scope="col">{t('campaign.name')}</th>
							<th scope="col">{t('campaign.period')}</th>
							{(['rights', 'visits', 'came'] as const).map((heading) => (
								<th scope="col" class="figures">
									{t(`campaign.${heading}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{found.map(({ id, name, fromMs, toMs, rights, visits, came }) => (
							<tr>
								<th scope="row">
									<a href={campaignHref(id)}>
										<Untrusted ui={ui} text={name} />
									</a>
								</th>
								<td>
									<Moment ui={ui} atMs={fromMs} /> – <Moment ui={ui} atMs={toMs} />
								</td>
								{[rights, visits, came].map((value) => (
									<td class="figures">{figure(value)}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

export function CampaignForm({ ui, form, action }: { ui: Ui; form: CampaignFormState; action: string }) {
	const { t } = ui;
	const { name, from, to, errors } = form;
	return (
		<form class="visit-form" method="post" action={action}>
			<CsrfField ui={ui} />
			{errors.all !== undefined && <Notice tone="bad" title={errors.all} announce />}
			<Field
				name="name"
				label={t('campaign.name')}
				value={name}
				error={errors.name}
				maxLength={LIMITS.campaignNameLength}
				autocomplete="off"
				required
			/>
			<Field name="from" type="datetime-local" label={t('campaign.from')} value={from} error={errors.from} required />
			<Field name="to" type="datetime-local" label={t('campaign.to')} value={to} error={errors.to} required />
			<div class="dialog__actions">
				<button class="button button--primary" type="submit">
					<Icon name="check" />
					{t('campaign.save')}
				</button>
			</div>
		</form>
	);
}

export function parseCampaignForm(
	fields: Readonly<Record<string, unknown>>,
	{ t, formats }: Ui,
): Pick<Campaign, 'name' | 'fromMs' | 'toMs'> | { readonly form: CampaignFormState } {
	const text = (field: string) => (typeof fields[field] === 'string' ? fields[field].trim() : '');
	const typed = { name: text('name'), from: text('from'), to: text('to') };
	const [fromMs, toMs] = [formats.parseField(typed.from), formats.parseField(typed.to)];
	const errors = {
		...(typed.name === '' && { name: t('form.required') }),
		...(typed.name.length > LIMITS.campaignNameLength && {
			name: t('form.tooLong', { maximum: LIMITS.campaignNameLength }),
		}),
		...(fromMs === undefined && { from: t('form.time') }),
		...(toMs === undefined && { to: t('form.time') }),
		...(fromMs !== undefined && toMs !== undefined && fromMs >= toMs && { to: t('form.order') }),
	};
	if (Object.keys(errors).length > 0 || fromMs === undefined || toMs === undefined) {
		return { form: { ...typed, errors } };
	}
	return { name: typed.name, fromMs, toMs };
}
