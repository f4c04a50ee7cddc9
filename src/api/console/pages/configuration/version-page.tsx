import type { Child } from 'hono/jsx';
import type { CheckedConfiguration } from '../../../../gateway/core/configuration/configuration-change.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { DiffLine } from '../../../../gateway/core/line-diff.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { SystemWords, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { Problems } from './configuration-page.tsx';
import { CONFIGURATION_PATH, versionHref, versionName } from './configuration-paths.ts';

export interface ApplyFormState {
	readonly reason: string;
	readonly minutes: number;
	readonly force: boolean;
	readonly errors: Readonly<Partial<Record<'reason' | 'all', string>>>;
}

/** How long there may be to keep it, minutes. */
export const TRIAL_MINUTES: readonly number[] = [2, 5, 15, 60];
export const EMPTY_APPLY: ApplyFormState = { reason: '', minutes: 5, force: false, errors: {} };

export interface VersionProps {
	readonly ui: Ui;
	/** null: gateway.yaml. */
	readonly version: string | null;
	readonly checked: CheckedConfiguration;
	readonly diff: readonly DiffLine[];
	/** It neither runs nor is another on trial. */
	readonly canApply: boolean;
	readonly form: ApplyFormState;
}

/** One version: what it would change, line by line too, and the way to try it. */
export function VersionPage(props: VersionProps) {
	const { ui, version, checked, diff, canApply } = props;
	const { t } = ui;
	return (
		<Page
			ui={ui}
			title={versionName(ui, version)}
			back={{ href: CONFIGURATION_PATH, label: t('config.title') }}
			aside={
				<a class="button" href={`${versionHref(version)}/gateway.yaml`}>
					{t('config.download')}
				</a>
			}
		>
			<div class="config-stack">
				{checked.result === 'invalid' && (
					<Notice tone="bad" title={t('config.invalid', { count: checked.problems.length })}>
						<Problems ui={ui} problems={checked.problems} />
					</Notice>
				)}
				{checked.result === 'valid' && checked.warnings.length > 0 && (
					<Notice tone="warning" title={t('config.warnings')}>
						<Problems ui={ui} problems={checked.warnings} />
					</Notice>
				)}
				{checked.result === 'valid' && (
					<Card id="changes" title={t('config.changes')}>
						<Changes ui={ui} checked={checked} />
					</Card>
				)}
				<Card id="difference" title={t('config.difference')}>
					<Difference ui={ui} diff={diff} />
				</Card>
				{canApply && checked.result === 'valid' && ui.may('configuration:write') && <ApplyForm {...props} />}
			</div>
		</Page>
	);
}

function Card({ id, title, children }: { id: string; title: string; children?: Child }) {
	return (
		<section class="card" aria-labelledby={`${id}-title`}>
			<h2 class="card__title" id={`${id}-title`}>
				{title}
			</h2>
			{children}
		</section>
	);
}

function Changes({ ui, checked }: { ui: Ui; checked: CheckedConfiguration & { readonly result: 'valid' } }) {
	const { t } = ui;
	if (checked.changes.length === 0) return <p class="muted">{t('config.noChanges')}</p>;
	return (
		<div class="config-scroll">
			<table class="plain-table">
				<tbody>
					{checked.changes.map(({ part, id, change, fields }) => (
						<tr>
							<th scope="row">
								{`${t(`config.part.${part}`)} `}
								<Untrusted ui={ui} text={id} />
							</th>
							<td>{t(`config.change.${change}`)}</td>
							<td>
								<SystemWords ui={ui} text={fields.join(', ')} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Difference({ ui, diff }: { ui: Ui; diff: readonly DiffLine[] }) {
	const { t } = ui;
	if (diff.length === 0) return <p class="muted">{t('config.noDifference')}</p>;
	return (
		<pre class="config-diff">
			{diff.map((line) => (
				<Line ui={ui} line={line} />
			))}
		</pre>
	);
}

const SIGNS = { same: '  ', removed: '- ', added: '+ ' } as const;
const ELEMENTS = { same: 'span', removed: 'del', added: 'ins' } as const;

function Line({ ui, line }: { ui: Ui; line: DiffLine }) {
	if (line.kind === 'gap') return <i>{`… ${ui.t('config.sameLines', { count: line.lines })}`}</i>;
	const Element = ELEMENTS[line.kind];
	return (
		<Element>
			{SIGNS[line.kind]}
			<SystemWords ui={ui} text={line.text} />
		</Element>
	);
}

function ApplyForm({ ui, version, form: { reason, minutes, force, errors } }: VersionProps) {
	const { t } = ui;
	return (
		<Card id="apply" title={t('config.apply')}>
			<p class="muted">{t('config.applyHint')}</p>
			<form class="config-form" method="post" action={`${versionHref(version)}/apply`}>
				<CsrfField ui={ui} />
				{errors.all !== undefined && (
					<Notice tone="bad" title={t('config.refused')} announce>
						<p>
							<SystemWords ui={ui} text={errors.all} />
						</p>
					</Notice>
				)}
				<Field
					name="reason"
					label={t('config.reason')}
					value={reason}
					error={errors.reason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
					required
				/>
				<Select
					name="minutes"
					label={t('config.within')}
					options={TRIAL_MINUTES.map((count) => ({ value: String(count), label: t('config.minutes', { count }) }))}
					selected={String(minutes)}
				/>
				<label class="option">
					<input type="checkbox" name="force" value="yes" checked={force} />
					{t('config.force')}
				</label>
				<button class="button button--primary" type="submit">
					{t('config.apply')}
				</button>
			</form>
		</Card>
	);
}

/** Shown while the gateway starts anew: it can't answer for a moment. */
export function StartingPage({ ui }: { ui: Ui }) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('config.title')}>
			<Notice tone="active" icon="clock" title={t('config.starting')} announce>
				<p>{t('config.startingHint')}</p>
				<p>
					<a class="button" href={CONFIGURATION_PATH}>
						{t('config.back')}
					</a>
				</p>
			</Notice>
		</Page>
	);
}
