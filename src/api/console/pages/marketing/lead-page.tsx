import { LEAD_SOURCES, LEAD_STATES } from '../../../../gateway/core/lead.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Lead } from '../../../../gateway/services/marketing/leads.ts';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { interventionHref } from '../maintenance/maintenance-paths.ts';
import { visitHref } from '../visitors/visitor-paths.ts';
import type { LeadFormState } from './lead-form.ts';
import { LeadPill } from './leads-page.tsx';
import { LEADS_PATH, leadHref } from './marketing-paths.ts';

interface Choice {
	readonly value: string;
	readonly label: string;
}

export interface LeadFormProps {
	readonly ui: Ui;
	readonly form: LeadFormState;
	readonly campaigns: readonly Choice[];
}

export function NewLeadPage(props: LeadFormProps) {
	const { t } = props.ui;
	return (
		<Page ui={props.ui} title={t('lead.new')} back={{ href: LEADS_PATH, label: t('lead.title') }}>
			<section class="card">
				<LeadForm {...props} action={`${LEADS_PATH}/new`} isNew />
			</section>
		</Page>
	);
}

/** One lead: what became of it, and what is known of who it is. */
export function LeadPage(props: LeadFormProps & { readonly lead: Lead; readonly isSaved: boolean }) {
	const { ui, lead, isSaved } = props;
	const { t } = ui;
	const mayWrite = ui.may('leads:write') && ui.may('personalData:read');
	return (
		<Page
			ui={ui}
			title={lead.name}
			back={{ href: LEADS_PATH, label: t('lead.title') }}
			aside={<LeadPill ui={ui} state={lead.state} />}
		>
			<div class="field-work field-work--wide">
				{isSaved && <Notice tone="good" title={t('lead.saved')} announce />}
				<Facts ui={ui} lead={lead} />
				<HistoryLink ui={ui} target={lead.id} />
				{mayWrite && (
					<section class="card" aria-labelledby="edit-title">
						<h2 class="card__title" id="edit-title">
							{t('lead.edit')}
						</h2>
						<LeadForm {...props} action={leadHref(lead.id)} isNew={false} />
						<form method="post" action={`${leadHref(lead.id)}/remove`}>
							<CsrfField ui={ui} />
							<button class="button" type="submit">
								<Icon name="trash" size="small" />
								{t('lead.remove')}
							</button>
						</form>
					</section>
				)}
			</div>
		</Page>
	);
}

/** What was typed by a program may be no number of one. */
function FromIntervention({ ui, number }: { ui: Ui; number: string }) {
	const isNumber = /^[1-9]\d{0,14}$/u.test(number);
	if (!isNumber || !ui.may('interventions:read')) return <Untrusted ui={ui} text={` · ${number}`} />;
	return (
		<>
			{' · '}
			<a href={interventionHref(Number(number))}>{ui.t('maintenance.one', { number })}</a>
		</>
	);
}

function Facts({ ui, lead }: { ui: Ui; lead: Lead }) {
	const { t } = ui;
	const { email, phone, company, message, source, sourceId, createdAtMs, expiresAtMs, operatorId, hasAgreed } = lead;
	const texts = [
		['email', email],
		['phone', phone],
		['company', company],
		['message', message === '' ? null : message],
	] as const;
	return (
		<section class="card">
			<dl class="pairs pairs--wide">
				{texts.map(
					([name, text]) =>
						text !== null && (
							<div>
								<dt>{t(`lead.${name}`)}</dt>
								<dd>
									<Untrusted ui={ui} text={text} />
								</dd>
							</div>
						),
				)}
				<div>
					<dt>{t('lead.source')}</dt>
					<dd>
						{source === 'operations' && sourceId !== null ? (
							<a href={visitHref(sourceId)}>{t('lead.source.operations')}</a>
						) : (
							t(`lead.source.${source}`)
						)}
						{source === 'maintenance' && sourceId !== null && <FromIntervention ui={ui} number={sourceId} />}
					</dd>
				</div>
				<div>
					<dt>{t('lead.at')}</dt>
					<dd>
						<Moment ui={ui} atMs={createdAtMs} long /> · <Untrusted ui={ui} text={ui.operatorName(operatorId)} />
					</dd>
				</div>
				<div>
					<dt>{t('lead.expires')}</dt>
					<dd>
						<Moment ui={ui} atMs={expiresAtMs} long />
						{hasAgreed && ` · ${t('lead.agreed')}`}
					</dd>
				</div>
			</dl>
		</section>
	);
}

function LeadForm({ ui, form, campaigns, action, isNew }: LeadFormProps & { action: string; isNew: boolean }) {
	const { t } = ui;
	const { values, errors } = form;
	return (
		<form class="visit-form" method="post" action={action}>
			<CsrfField ui={ui} />
			{errors.all !== undefined && <Notice tone="bad" title={errors.all} announce />}
			{isNew ? (
				<>
					<Select
						name="source"
						label={t('lead.source')}
						options={LEAD_SOURCES.map((value) => ({ value, label: t(`lead.source.${value}`) }))}
						selected={values.source}
					/>
					<input type="hidden" name="sourceId" value={values.sourceId} />
				</>
			) : (
				<>
					<Select
						name="state"
						label={t('lead.state')}
						options={LEAD_STATES.map((value) => ({ value, label: t(`lead.state.${value}`) }))}
						selected={values.state}
					/>
					<input type="hidden" name="version" value={values.version} />
				</>
			)}
			{(['name', 'email', 'phone', 'company'] as const).map((name) => (
				<Field
					name={name}
					label={t(`lead.${name}`)}
					value={values[name]}
					error={errors[name]}
					maxLength={LIMITS.leadTextLength}
					autocomplete="off"
				/>
			))}
			<Field
				name="message"
				label={t('lead.message')}
				value={values.message}
				error={errors.message}
				maxLength={LIMITS.leadMessageLength}
				autocomplete="off"
			/>
			{campaigns.length > 0 && (
				<Select
					name="campaignId"
					label={t('lead.campaign')}
					any={t('lead.noCampaign')}
					options={campaigns}
					selected={values.campaignId}
				/>
			)}
			<label class="option">
				<input type="checkbox" name="hasAgreed" value="yes" checked={values.hasAgreed === 'yes'} />
				<span>{t('lead.agreedHint')}</span>
			</label>
			<Field
				name="expires"
				type="datetime-local"
				label={t('lead.expires')}
				hint={t('lead.expiresHint', {
					days: LIMITS.leadKeptMs / 86_400_000,
					agreed: LIMITS.leadKeptAgreedMs / 86_400_000,
				})}
				value={values.expires}
				error={errors.expires}
			/>
			<div class="dialog__actions">
				<button class="button button--primary" type="submit">
					<Icon name="check" />
					{t('lead.save')}
				</button>
			</div>
		</form>
	);
}
