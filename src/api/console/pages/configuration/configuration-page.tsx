import type { ConfigurationProblem } from '../../../../gateway/core/configuration/configuration-change.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { ConfigurationView, TrialView } from '../../../../gateway/services/configuration/configuration-view.ts';
import { Field, FileField } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { History, Who } from './configuration-history.tsx';
import { CONFIGURATION_PATH, versionHref, versionName } from './configuration-paths.ts';

/** What was sent, and what is wrong with it. */
export interface ProposeFormState {
	readonly reason: string;
	readonly errors: Readonly<Partial<Record<'file' | 'reason', string>>>;
	readonly problems: readonly ConfigurationProblem[];
}

export const EMPTY_PROPOSAL: ProposeFormState = { reason: '', errors: {}, problems: [] };

export interface ConfigurationProps {
	readonly ui: Ui;
	readonly view: ConfigurationView;
	readonly form: ProposeFormState;
	/** What came of the last thing that was asked for. */
	readonly answer?: { readonly tone: 'good' | 'bad'; readonly title: string };
}

/** What runs, what is on trial, which versions there are, and how to propose one. */
export function ConfigurationPage({ ui, view, form, answer }: ConfigurationProps) {
	return (
		<Page ui={ui} title={ui.t('config.title')}>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{view.problem !== null && (
					<Notice tone="bad" title={ui.t('config.problem')}>
						<p>
							<SystemWords ui={ui} text={view.problem} />
						</p>
					</Notice>
				)}
				{view.trial !== null && <Trial ui={ui} trial={view.trial} />}
				<Runs ui={ui} view={view} />
				<Versions ui={ui} view={view} />
				{ui.may('configuration:write') && <ProposeForm ui={ui} form={form} />}
				<History ui={ui} history={view.history} />
			</div>
		</Page>
	);
}

function Trial({ ui, trial }: { ui: Ui; trial: TrialView }) {
	const { t, formats } = ui;
	const href = versionHref(trial.version);
	return (
		<Notice tone="warning" icon="clock" title={t('config.trial', { version: versionName(ui, trial.version) })} announce>
			<p>{t('config.trialHint', { time: formats.moment(trial.endsAtMs) })}</p>
			{trial.waitsFor !== null && (
				<p>
					<SystemWords ui={ui} text={t('config.waitsFor', { what: trial.waitsFor })} />
				</p>
			)}
			{ui.may('configuration:write') && (
				<div class="dialog__actions">
					<form method="post" action={`${href}/revert`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t('config.revert')}
						</button>
					</form>
					<form method="post" action={`${href}/keep`}>
						<CsrfField ui={ui} />
						<button class="button button--primary" type="submit">
							{t('config.keep')}
						</button>
					</form>
				</div>
			)}
		</Notice>
	);
}

function Runs({ ui, view: { runs } }: { ui: Ui; view: ConfigurationView }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="runs-title">
			<h2 class="card__title" id="runs-title">
				{t('config.runs')}
			</h2>
			<p>
				<strong>{versionName(ui, runs)}</strong>
			</p>
			<p class="muted">{t(runs === null ? 'config.runsFile' : 'config.runsVersion')}</p>
			<div class="dialog__actions">
				<a class="button" href={versionHref(runs)}>
					{t('config.open')}
				</a>
				<a class="button" href={`${versionHref(runs)}/gateway.yaml`}>
					{t('config.download')}
				</a>
			</div>
		</section>
	);
}

function Versions({ ui, view }: { ui: Ui; view: ConfigurationView }) {
	const { t } = ui;
	const { versions, runs, trial } = view;
	return (
		<section class="card" aria-labelledby="versions-title">
			<h2 class="card__title" id="versions-title">
				{t('config.versions')}
			</h2>
			<div class="config-scroll">
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('config.versions')}</th>
							<th scope="col">{t('config.proposed')}</th>
							<th scope="col">{t('config.by')}</th>
							<th scope="col">{t('config.reason')}</th>
						</tr>
					</thead>
					<tbody>
						<tr>
							<th scope="row">
								<VersionLink ui={ui} version={null} runs={runs === null} onTrial={trial?.version === null} />
							</th>
							<td />
							<td />
							<td />
						</tr>
						{versions.map((kept) => (
							<tr>
								<th scope="row">
									<VersionLink
										ui={ui}
										version={kept.version}
										runs={runs === kept.version}
										onTrial={trial?.version === kept.version}
									/>
								</th>
								<td>
									<Moment ui={ui} atMs={kept.proposedAtMs} long />
								</td>
								<td>
									<Who ui={ui} asked={kept} />
								</td>
								<td>
									<Untrusted ui={ui} text={kept.reason} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{versions.length === 0 && <p class="muted">{t('config.noVersions')}</p>}
		</section>
	);
}

function VersionLink(props: { ui: Ui; version: string | null; runs: boolean; onTrial: boolean }) {
	const { ui, version, runs, onTrial } = props;
	return (
		<>
			<a class="button button--quiet" href={versionHref(version)}>
				{versionName(ui, version)}
			</a>{' '}
			{onTrial ? (
				<Pill tone="warning" icon="clock">
					{ui.t('config.onTrial')}
				</Pill>
			) : (
				runs && (
					<Pill tone="good" icon="check">
						{ui.t('config.running')}
					</Pill>
				)
			)}
		</>
	);
}

function ProposeForm({ ui, form: { reason, errors, problems } }: { ui: Ui; form: ProposeFormState }) {
	const { t } = ui;
	const size = Math.floor(LIMITS.proposedConfigLength / 1_024);
	return (
		<section class="card" aria-labelledby="propose-title">
			<h2 class="card__title" id="propose-title">
				{t('config.propose')}
			</h2>
			<p class="muted">{t('config.proposeHint')}</p>
			{problems.length > 0 && (
				<Notice tone="bad" title={t('config.invalid', { count: problems.length })} announce>
					<Problems ui={ui} problems={problems} />
				</Notice>
			)}
			<form class="config-form" method="post" action={CONFIGURATION_PATH} enctype="multipart/form-data">
				<CsrfField ui={ui} />
				<Field
					name="reason"
					label={t('config.reason')}
					value={reason}
					error={errors.reason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
					required
				/>
				<FileField
					name="file"
					label={t('config.fileField')}
					accept=".yaml,.yml"
					hint={t('config.secretsHint', { example: `\${credential:NAME}`, size })}
					error={errors.file}
				/>
				<button class="button button--primary" type="submit">
					{t('config.check')}
				</button>
			</form>
		</section>
	);
}

/** As `check-config` prints them. */
export function Problems({ ui, problems }: { ui: Ui; problems: readonly ConfigurationProblem[] }) {
	return (
		<ul>
			{problems.map(({ text }) => (
				<li>
					<SystemWords ui={ui} text={text} />
				</li>
			))}
		</ul>
	);
}
