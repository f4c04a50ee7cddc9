import { LIMITS } from '../../../gateway/core/limits.ts';
import { Field, FieldError } from '../../console/components/field.tsx';
import { Notice } from '../../console/components/notice.tsx';
import { Pill } from '../../console/components/status.tsx';
import { Moment } from '../../console/components/text.tsx';
import { CsrfField } from '../../console/layout/account-menu.tsx';
import type { FleetCommandDetail, FleetConfiguration, FleetSite } from '../fleet.ts';
import { type CentralUi, commandHref, siteHref, versionWords } from './central-ui.ts';
import { CommandCells, CommandColumns } from './command-cells.tsx';
import { SiteFrame } from './site-frame.tsx';

/** As it was typed, and what is missing. */
export interface GatewayForm {
	readonly form: 'propose' | 'act' | null;
	readonly reason: string;
	readonly text: string;
	readonly errors: Readonly<Partial<Record<'reason' | 'text', string>>>;
}

export const NO_GATEWAY_FORM: GatewayForm = { form: null, reason: '', text: '', errors: {} };

/** A form has to hold it, where characters may take three; longer ones go through the API. */
const TYPED_LENGTH = LIMITS.formBodyBytes / 2;

interface GatewayProps {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly runs: FleetConfiguration | undefined;
	readonly proposals: readonly FleetCommandDetail[];
	readonly form: GatewayForm;
}

/** The gateway of a site itself: its configuration, a restart, what it knows of itself. */
export function GatewayPage(props: GatewayProps) {
	const { ui, site, form } = props;
	const may = ui.may('configuration:write');
	return (
		<SiteFrame ui={ui} site={site} part="gateway">
			<div class="stack">
				{!site.online && <Notice tone="warning" icon="offline" title={ui.t('fleet.offlineHint')} />}
				<Runs {...props} />
				<Proposals {...props} />
				{may && <ProposeForm {...props} />}
				<ActForm ui={ui} site={site} form={form} may={may} />
			</div>
		</SiteFrame>
	);
}

function Runs({ ui, site, runs }: GatewayProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="runs-title">
			<h2 class="card__title" id="runs-title">
				{t('config.runs')}
			</h2>
			{runs === undefined ? (
				<p class="muted">{t('fleet.notTold')}</p>
			) : (
				<>
					<p>
						<strong class="code">{versionWords(runs.version)}</strong>{' '}
						{runs.trial !== null && (
							<Pill tone="warning" icon="clock">
								{t('config.onTrial')}
							</Pill>
						)}
					</p>
					<p class="muted">
						{t(runs.source === 'file' ? 'config.runsFile' : 'config.runsVersion')}{' '}
						<Moment ui={ui} atMs={runs.toldAtMs} long />
					</p>
					{runs.trial !== null && ui.may('configuration:write') && (
						<TrialForms ui={ui} site={site} target={runs.trial.target} />
					)}
				</>
			)}
		</section>
	);
}

function TrialForms({ ui, site, target }: Pick<GatewayProps, 'ui' | 'site'> & { readonly target: string }) {
	const { t } = ui;
	return (
		<div class="dialog__actions">
			{(['configRevert', 'configKeep'] as const).map((op) => (
				<form method="post" action={siteHref(site.site, 'gateway')}>
					<CsrfField ui={ui} />
					<input type="hidden" name="op" value={op} />
					<input type="hidden" name="target" value={target} />
					<input type="hidden" name="reason" value={t(`fleet.op.${op}`)} />
					<button class={op === 'configKeep' ? 'button button--primary' : 'button'} type="submit">
						{t(op === 'configKeep' ? 'config.keep' : 'config.revert')}
					</button>
				</form>
			))}
		</div>
	);
}

function Proposals({ ui, site, proposals }: GatewayProps) {
	const { t } = ui;
	if (proposals.length === 0) return null;
	return (
		<section class="card card--flush" aria-labelledby="proposals-title">
			<h2 class="card__title" id="proposals-title">
				{t('fleet.proposals')}
			</h2>
			<table class="row-table">
				<thead>
					<tr>
						<th scope="col">{t('config.versions')}</th>
						<CommandColumns ui={ui} />
					</tr>
				</thead>
				<tbody>
					{proposals.map((proposal) => (
						<tr class="row">
							<th scope="row" class="row__title">
								<a class="code" href={commandHref(site.site, proposal.id)}>
									{versionWords(proposal.target)}
								</a>
							</th>
							<CommandCells ui={ui} command={proposal} />
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

function ProposeForm({ ui, site, form, proposals }: Omit<GatewayProps, 'runs'>) {
	const { t } = ui;
	const mine = form.form === 'propose' ? form : NO_GATEWAY_FORM;
	const last = proposals.find(({ outcome }) => outcome === 'done')?.text ?? '';
	const text = form.form === 'propose' ? form.text : last.length > TYPED_LENGTH ? '' : last;
	const described = mine.errors.text === undefined ? 'text-hint' : 'text-hint text-error';
	return (
		<section class="card card--form" aria-labelledby="propose-title">
			<h2 class="card__title" id="propose-title">
				{t('config.propose')}
			</h2>
			<p class="card__note">{t('fleet.proposeHint')}</p>
			<form class="stack" method="post" action={siteHref(site.site, 'gateway')}>
				<CsrfField ui={ui} />
				<input type="hidden" name="op" value="configPropose" />
				<div class="field">
					<label class="field__label" for="text">
						gateway.yaml
					</label>
					<div class="field__frame">
						<textarea
							class="field__input field__input--lines fleet-row"
							id="text"
							name="text"
							rows={16}
							maxlength={TYPED_LENGTH}
							spellcheck={false}
							aria-describedby={described}
							aria-invalid={mine.errors.text === undefined ? undefined : 'true'}
						>
							{text}
						</textarea>
					</div>
					<p class="field__hint" id="text-hint">
						{t('config.secretsHint', { example: `\${credential:NAME}`, size: Math.floor(TYPED_LENGTH / 1_024) })}
					</p>
					<FieldError id="text-error" error={mine.errors.text} />
				</div>
				<Field
					name="reason"
					id="propose-reason"
					label={t('fleet.reason')}
					value={mine.reason}
					error={mine.errors.reason}
					required
					maxLength={LIMITS.reasonLength}
				/>
				<button class="button button--primary" type="submit">
					{t('config.check')}
				</button>
			</form>
		</section>
	);
}

function ActForm({ ui, site, form, may }: Pick<GatewayProps, 'ui' | 'site' | 'form'> & { readonly may: boolean }) {
	const { t } = ui;
	const mine = form.form === 'act' ? form : NO_GATEWAY_FORM;
	return (
		<section class="card card--form" aria-labelledby="act-title">
			<h2 class="card__title" id="act-title">
				{t('fleet.act')}
			</h2>
			<p class="card__note">{t('fleet.actHint')}</p>
			<form class="stack" method="post" action={siteHref(site.site, 'gateway')}>
				<CsrfField ui={ui} />
				<Field
					name="reason"
					id="act-reason"
					label={t('fleet.reason')}
					value={mine.reason}
					error={mine.errors.reason}
					required
					maxLength={LIMITS.reasonLength}
				/>
				{may && (
					<label class="option">
						<input type="checkbox" name="force" value="yes" />
						{t('config.force')}
					</label>
				)}
				<div class="dialog__actions">
					<button class="button button--primary" type="submit" name="op" value="diagnostics">
						{t('fleet.op.diagnostics')}
					</button>
					{may && (
						<button class="button" type="submit" name="op" value="restart">
							{t('fleet.op.restart')}
						</button>
					)}
				</div>
			</form>
		</section>
	);
}
