import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Campaign } from '../../../../gateway/services/marketing/campaigns.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { CampaignForm, type CampaignFormState } from './campaigns-page.tsx';
import { CAMPAIGNS_PATH, campaignHref, LEADS_PATH } from './marketing-paths.ts';

/** A right, by who has it. */
export interface NamedRight {
	readonly id: string;
	readonly name: string;
}

interface CampaignProps {
	readonly ui: Ui;
	readonly campaign: Campaign;
	/** Those that are shown; more are in it than a page takes. */
	readonly rights: readonly NamedRight[];
	readonly q: string;
	/** Rights that were searched and are not in it; null: nothing was searched. */
	readonly hits: readonly NamedRight[] | null;
	readonly form: CampaignFormState;
	readonly problem: string | undefined;
}

/** One campaign: how many came, and who is in it. */
export function CampaignPage(props: CampaignProps) {
	const { ui, campaign, form, problem } = props;
	const { t } = ui;
	const mayWrite = ui.may('campaigns:write');
	return (
		<Page ui={ui} title={campaign.name} back={{ href: CAMPAIGNS_PATH, label: t('campaign.title') }}>
			<div class="field-work field-work--wide">
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				<Figures ui={ui} campaign={campaign} />
				<HistoryLink ui={ui} target={campaign.id} />
				<Rights {...props} />
				{mayWrite && <AddRights {...props} />}
				{mayWrite && (
					<details class="field-work__more card" open={Object.keys(form.errors).length > 0}>
						<summary>{t('campaign.change')}</summary>
						<CampaignForm ui={ui} form={form} action={campaignHref(campaign.id)} />
						<form method="post" action={`${campaignHref(campaign.id)}/remove`}>
							<CsrfField ui={ui} />
							<button class="button" type="submit">
								<Icon name="trash" size="small" />
								{t('campaign.remove')}
							</button>
						</form>
					</details>
				)}
			</div>
		</Page>
	);
}

function Figures({ ui, campaign }: Pick<CampaignProps, 'ui' | 'campaign'>) {
	const { t, formats } = ui;
	const { id, fromMs, toMs, rights, visits, came, countedAtMs } = campaign;
	return (
		<section class="card" aria-labelledby="figures-title">
			<h2 class="card__title" id="figures-title">
				{t('campaign.figures')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('campaign.period')}</dt>
					<dd>
						<Moment ui={ui} atMs={fromMs} long /> – <Moment ui={ui} atMs={toMs} long />
					</dd>
				</div>
				{(
					[
						['rights', rights],
						['visits', visits],
						['came', came],
					] as const
				).map(([name, value]) => (
					<div>
						<dt>{t(`campaign.${name}`)}</dt>
						<dd>{value === null ? '—' : formats.number(value)}</dd>
					</div>
				))}
			</dl>
			<p class="muted">
				{t('campaign.countedHint')} {countedAtMs !== null && <Moment ui={ui} atMs={countedAtMs} long />}
			</p>
			{ui.may('leads:read') && (
				<p>
					<a href={`${LEADS_PATH}?campaign=${encodeURIComponent(id)}`}>{t('campaign.leads')}</a>
				</p>
			)}
		</section>
	);
}

function Rights({ ui, campaign, rights }: CampaignProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="rights-title">
			<h2 class="card__title" id="rights-title">
				{t('campaign.rights')}
			</h2>
			{rights.length === 0 && <p class="muted">{t('campaign.noRights')}</p>}
			{rights.length < campaign.rights && (
				<p class="muted">{t('campaign.shown', { shown: rights.length, count: campaign.rights })}</p>
			)}
			<ul>
				{rights.map(({ id, name }) => (
					<li>
						<form method="post" action={`${campaignHref(campaign.id)}/rights`}>
							<CsrfField ui={ui} />
							<Untrusted ui={ui} text={name} />{' '}
							{ui.may('campaigns:write') && (
								<button
									class="icon-button"
									type="submit"
									name="remove"
									value={id}
									aria-label={t('campaign.takeOut', { name })}
								>
									<Icon name="cross" />
								</button>
							)}
						</form>
					</li>
				))}
			</ul>
		</section>
	);
}

function AddRights({ ui, campaign, q, hits }: CampaignProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="add-title">
			<h2 class="card__title" id="add-title">
				{t('campaign.add')}
			</h2>
			<search>
				<form class="calendar-filters" method="get" action={campaignHref(campaign.id)}>
					<SearchField label={t('campaign.search')} value={q} maxLength={LIMITS.searchLength} />
					<button class="button" type="submit">
						<Icon name="search" size="small" />
						{t('licences.find')}
					</button>
				</form>
			</search>
			{hits?.length === 0 && <p class="muted">{t('campaign.notFound')}</p>}
			{hits !== null && hits.length > 0 && (
				<form method="post" action={`${campaignHref(campaign.id)}/rights`}>
					<CsrfField ui={ui} />
					<div class="options">
						{hits.map(({ id, name }) => (
							<label class="option">
								<input type="checkbox" name="add" value={id} />
								<span>
									<Untrusted ui={ui} text={name} />
								</span>
							</label>
						))}
					</div>
					<button class="button button--primary" type="submit">
						<Icon name="plus" size="small" />
						{t('campaign.addChosen')}
					</button>
				</form>
			)}
		</section>
	);
}
