import { z } from 'zod';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { Field, Select } from '../../console/components/field.tsx';
import { Moment, SystemWords, Untrusted } from '../../console/components/text.tsx';
import { CsrfField } from '../../console/layout/account-menu.tsx';
import { Page } from '../../console/layout/page.tsx';
import { readableText } from '../../console/untrusted-text.ts';
import { type FleetCommandDetail, type FleetSite, knownOperation, reportValue } from '../fleet.ts';
import { type CentralUi, commandHref, siteHref, versionWords } from './central-ui.ts';
import { OutcomePill } from './outcome-pill.tsx';

/** How long there may be to keep a configuration, minutes. */
export const TRIAL_MINUTES: readonly number[] = [2, 5, 15, 60];

interface CommandProps {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly command: FleetCommandDetail;
}

/** One command, and what it found. */
export function CommandDetailPage({ ui, site, command }: CommandProps) {
	const { t } = ui;
	const canApply = command.op === 'configPropose' && command.outcome === 'done' && ui.may('configuration:write');
	const known = knownOperation(command.op);
	return (
		<Page
			ui={ui}
			title={known === undefined ? command.op : t(`fleet.op.${known}`)}
			back={{ href: siteHref(site.site, 'gateway'), label: site.site }}
		>
			<div class="stack">
				<CommandDetail ui={ui} site={site} command={command} />
				{canApply && <ApplyForm ui={ui} site={site} command={command} />}
				{command.text !== null && (
					<section class="card" aria-labelledby="text-title">
						<h2 class="card__title" id="text-title">
							gateway.yaml
						</h2>
						<Lines text={command.text} />
					</section>
				)}
			</div>
		</Page>
	);
}

/** Fetched again every few seconds while it is under way. */
export function CommandDetail({ ui, site, command }: CommandProps) {
	const { t } = ui;
	const { id, target, outcome, because, by, reason, atMs, report } = command;
	const live =
		outcome === null
			? { 'hx-get': `/live${commandHref(site.site, id)}`, 'hx-trigger': 'every 2s', 'hx-swap': 'outerHTML' }
			: {};
	return (
		<section class="card" id="command" aria-labelledby="outcome-title" {...live}>
			<h2 class="card__title" id="outcome-title">
				{t('fleet.outcome')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('fleet.outcome')}</dt>
					<dd>
						<OutcomePill ui={ui} outcome={outcome} />
						{because !== null && (
							<>
								{' '}
								<SystemWords ui={ui} text={because} />
							</>
						)}
					</dd>
				</div>
				<div>
					<dt>{t('fleet.target')}</dt>
					<dd>
						<Untrusted ui={ui} text={versionWords(target)} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.by')}</dt>
					<dd>
						<Untrusted ui={ui} text={by} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.reason')}</dt>
					<dd>
						<Untrusted ui={ui} text={reason} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.time')}</dt>
					<dd>
						<Moment ui={ui} atMs={atMs} long />
					</dd>
				</div>
			</dl>
			{report !== null && <Report ui={ui} report={report} />}
		</section>
	);
}

const lines = z.array(z.object({ text: z.string() }));
const checkedSchema = z.object({
	problems: lines.default([]),
	warnings: lines.default([]),
	changes: z
		.array(
			z.object({
				part: z.enum(['lane', 'device', 'park', 'area', 'setting']),
				id: z.string(),
				change: z.enum(['added', 'removed', 'rewired', 'changed']),
				fields: z.array(z.string()),
			}),
		)
		.default([]),
});

/** What a check of a configuration found stands in lists; everything else as the site sent it. */
function Report({ ui, report }: { readonly ui: CentralUi; readonly report: string }) {
	const { t } = ui;
	const value = reportValue(report);
	const isCheck = typeof value === 'object' && value !== null && ('problems' in value || 'changes' in value);
	const checked = isCheck ? checkedSchema.safeParse(value) : undefined;
	if (!checked?.success) return <Lines text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} />;
	const { problems, warnings, changes } = checked.data;
	return (
		<>
			{problems.length > 0 && <h3>{t('config.invalid', { count: problems.length })}</h3>}
			<Words ui={ui} texts={problems.map(({ text }) => text)} />
			{warnings.length > 0 && <h3>{t('config.warnings')}</h3>}
			<Words ui={ui} texts={warnings.map(({ text }) => text)} />
			{changes.length > 0 && <h3>{t('config.changes')}</h3>}
			<ul>
				{changes.map(({ part, id, change, fields }) => (
					<li>
						{t(`config.part.${part}`)} <Untrusted ui={ui} text={id} /> {t(`config.change.${change}`)}{' '}
						<Untrusted ui={ui} text={fields.join(', ')} />
					</li>
				))}
			</ul>
		</>
	);
}

function Words({ ui, texts }: { readonly ui: CentralUi; readonly texts: readonly string[] }) {
	if (texts.length === 0) return null;
	return (
		<ul>
			{texts.map((text) => (
				<li>
					<SystemWords ui={ui} text={text} />
				</li>
			))}
		</ul>
	);
}

/** Many lines of a text from outside; can be scrolled by keys too. */
function Lines({ text }: { readonly text: string }) {
	return (
		<pre class="fleet-report" dir="ltr" tabindex={0}>
			{readableText(text)}
		</pre>
	);
}

function ApplyForm({ ui, site, command }: CommandProps) {
	const { t } = ui;
	return (
		<section class="card card--form" aria-labelledby="apply-title">
			<h2 class="card__title" id="apply-title">
				{t('config.apply')}
			</h2>
			<p class="card__note">{t('config.applyHint')}</p>
			<form class="stack" method="post" action={siteHref(site.site, 'gateway')}>
				<CsrfField ui={ui} />
				<input type="hidden" name="op" value="configApply" />
				<input type="hidden" name="target" value={command.target} />
				<Field name="reason" label={t('fleet.reason')} required maxLength={LIMITS.reasonLength} />
				<Select
					name="minutes"
					label={t('config.within')}
					options={TRIAL_MINUTES.map((count) => ({ value: String(count), label: t('config.minutes', { count }) }))}
					selected="5"
				/>
				<label class="option">
					<input type="checkbox" name="byHand" value="yes" />
					{t('fleet.byHand')}
				</label>
				<label class="option">
					<input type="checkbox" name="force" value="yes" />
					{t('config.force')}
				</label>
				<button class="button button--primary" type="submit">
					{t('config.apply')}
				</button>
			</form>
		</section>
	);
}
