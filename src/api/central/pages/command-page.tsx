import { LIMITS } from '../../../gateway/core/limits.ts';
import { Field, Select } from '../../console/components/field.tsx';
import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { SystemWords, Untrusted } from '../../console/components/text.tsx';
import { CsrfField } from '../../console/layout/account-menu.tsx';
import {
	type CommandAnswer,
	type FleetCommand,
	type FleetSite,
	knownOperation,
	LANE_COMMANDS,
	type ListPage,
} from '../fleet.ts';
import { COMMAND_PERMISSIONS } from '../routes/site-routes.ts';
import { type CentralUi, commandHref, siteHref, versionWords } from './central-ui.ts';
import { CommandCells, CommandColumns } from './command-cells.tsx';
import { hrefWith, Pages } from './list-parts.tsx';
import { OUTCOME_TONES } from './outcome-pill.tsx';
import { SiteFrame } from './site-frame.tsx';

/** As it was typed. */
export interface CommandForm {
	readonly op: string;
	readonly target: string;
	readonly reason: string;
	readonly until: string;
	readonly errors: Readonly<Partial<Record<'op' | 'target' | 'reason' | 'until', string>>>;
}

interface CommandPageProps {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly form: CommandForm;
	/** Of the command that was just sent. */
	readonly answer: CommandAnswer | undefined;
	readonly cursor: string | undefined;
	readonly found: ListPage<FleetCommand>;
}

/** What was asked of a site and what became of it, and asking it now. */
export function CommandPage({ ui, site, form, answer, cursor, found }: CommandPageProps) {
	const { t } = ui;
	const path = siteHref(site.site, 'commands');
	const may = LANE_COMMANDS.some((op) => ui.may(COMMAND_PERMISSIONS[op]));
	return (
		<SiteFrame ui={ui} site={site} part="commands">
			<div class="stack">
				{answer !== undefined && (
					<Notice tone={OUTCOME_TONES[answer.outcome]} title={t(`fleet.outcome.${answer.outcome}`)} announce>
						{answer.because !== null && (
							<p>
								<SystemWords ui={ui} text={answer.because} />
							</p>
						)}
					</Notice>
				)}
				{may && <SendForm ui={ui} site={site} form={form} />}
				{found.items.length === 0 ? (
					<EmptyState icon="barrier" title={t('fleet.noCommands')} hint={t('fleet.noCommandsHint')} />
				) : (
					<CommandTable ui={ui} site={site} commands={found.items} />
				)}
			</div>
			<Pages
				{...{ ui, cursor }}
				nextCursor={found.nextCursor}
				href={(at) => hrefWith(path, { cursor: at })}
				first="fleet.newest"
				next="fleet.older"
			/>
		</SiteFrame>
	);
}

function SendForm({ ui, site, form }: Pick<CommandPageProps, 'ui' | 'site' | 'form'>) {
	const { t } = ui;
	const ops = LANE_COMMANDS.filter((op) => ui.may(COMMAND_PERMISSIONS[op]));
	return (
		<section class="card card--form" aria-labelledby="send-title">
			<h2 class="card__title" id="send-title">
				{t('fleet.send')}
			</h2>
			<p class="card__note">{t('fleet.sendHint')}</p>
			{!site.online && <Notice tone="warning" icon="offline" title={t('fleet.offlineHint')} />}
			<form class="stack" method="post" action={siteHref(site.site, 'commands')}>
				<CsrfField ui={ui} />
				<Select
					name="op"
					label={t('fleet.op')}
					options={ops.map((op) => ({ value: op, label: t(`fleet.op.${op}`) }))}
					selected={form.op}
					error={form.errors.op}
				/>
				<Field
					name="target"
					label={t('fleet.lane')}
					hint={t('fleet.laneHint')}
					value={form.target}
					error={form.errors.target}
					required
					maxLength={64}
					spellcheck={false}
				/>
				<Field
					name="reason"
					label={t('fleet.reason')}
					value={form.reason}
					error={form.errors.reason}
					required
					maxLength={LIMITS.reasonLength}
				/>
				<Field
					name="until"
					type="datetime-local"
					label={t('fleet.until')}
					hint={t('fleet.untilHint')}
					value={form.until}
					error={form.errors.until}
				/>
				<button class="button button--primary" type="submit">
					{t('fleet.sendButton')}
				</button>
			</form>
		</section>
	);
}

function CommandTable(props: {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly commands: readonly FleetCommand[];
}) {
	const { ui, site, commands } = props;
	const { t } = ui;
	return (
		<div class="card card--flush">
			<table class="row-table">
				<caption class="visually-hidden">{t('fleet.commands')}</caption>
				<thead>
					<tr>
						<th scope="col">{t('fleet.op')}</th>
						<th scope="col">{t('fleet.target')}</th>
						<CommandColumns ui={ui} />
					</tr>
				</thead>
				<tbody>
					{commands.map((command) => {
						const { id, op, target } = command;
						const known = knownOperation(op);
						return (
							<tr class="row" data-command={id}>
								<th scope="row" class="row__title">
									{ui.may('configuration:read') ? (
										<a href={commandHref(site.site, id)}>{known === undefined ? op : t(`fleet.op.${known}`)}</a>
									) : known === undefined ? (
										op
									) : (
										t(`fleet.op.${known}`)
									)}
								</th>
								<td class="row__value" data-label={t('fleet.target')}>
									<Untrusted ui={ui} text={versionWords(target)} />
								</td>
								<CommandCells ui={ui} command={command} />
							</tr>
						);
					})}
				</tbody>
			</table>
		</div>
	);
}
