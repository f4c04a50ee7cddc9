import { LIMITS } from '../../../../gateway/core/limits.ts';
import { mayAtDevice } from '../../../../gateway/core/permission/device-place.ts';
import { mayAtTarget } from '../../../../gateway/core/permission/target-place.ts';
import type { Permission } from '../../../../gateway/core/permission.ts';
import type {
	Intervention,
	InterventionEntryRow,
	InterventionPart,
	InterventionPhoto,
} from '../../../../gateway/services/maintenance/interventions.ts';
import type { RosterPerson } from '../../../../gateway/services/maintenance/roster.ts';
import type { Lead } from '../../../../gateway/services/marketing/leads.ts';
import { Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Moment, Untrusted, UntrustedLines } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { ChangeForm, CommentForm, StatusForm, type TypedChange } from './intervention-forms.tsx';
import { PartsCard, PhotosCard } from './intervention-records.tsx';
import { StatusPill, Urgency } from './intervention-views.tsx';
import { changeLines, peopleWords, planWords, targetWords } from './intervention-words.ts';
import { LeadsCard } from './leads-card.tsx';
import { INTERVENTIONS_PATH, interventionHref } from './maintenance-paths.ts';

export interface InterventionProps {
	readonly ui: Ui;
	readonly item: Intervention;
	readonly parts: readonly InterventionPart[];
	readonly photos: readonly InterventionPhoto[];
	/** The newest first. */
	readonly entries: readonly InterventionEntryRow[];
	/** Of older entries. */
	readonly nextCursor: string | null;
	readonly isNewest: boolean;
	readonly devices: readonly string[];
	readonly people: readonly RosterPerson[];
	/** Whom it led to, as the reader may see them. */
	readonly leads: readonly Lead[];
	/** What came of the last thing that was asked for. */
	readonly answer?: { readonly tone: 'good' | 'bad'; readonly title: string } | undefined;
	/** What was typed and refused. */
	readonly typed?: TypedChange | undefined;
}

/** One intervention: on a phone one column, what is done next first. */
export function InterventionPage(props: InterventionProps) {
	const { ui, item, answer } = props;
	const { t } = ui;
	const may = (permission: Permission) => mayAtTarget(ui, ui.site.lanes, item.target, permission);
	const works = may('interventions:work');
	return (
		<Page
			ui={ui}
			title={t('maintenance.one', { number: String(item.number) })}
			back={{ href: INTERVENTIONS_PATH, label: t('maintenance.title') }}
			aside={<StatusPill ui={ui} status={item.status} />}
		>
			<div class="field-work intervention">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				<About ui={ui} item={item} />
				{works && <StatusForm ui={ui} item={item} />}
				<PhotosCard {...props} />
				<PartsCard {...props} />
				{works && <CommentForm ui={ui} item={item} />}
				{may('interventions:write') && <ChangeForm {...props} />}
				<LeadsCard ui={ui} number={item.number} leads={props.leads} />
				<History {...props} />
			</div>
		</Page>
	);
}

function About({ ui, item }: { ui: Ui; item: Intervention }) {
	const { t, formats } = ui;
	const who = item.openedBy === null ? t('maintenance.gateway') : ui.operatorName(item.openedBy);
	const { target } = item;
	return (
		<section class="card" aria-labelledby="about-title">
			<h2 class="card__title" id="about-title">
				<Untrusted ui={ui} text={item.title} />
			</h2>
			<p class="intervention__pills">
				<Urgency ui={ui} of={item} />
			</p>
			{item.description !== '' && (
				<p>
					<UntrustedLines ui={ui} text={item.description} most={LIMITS.interventionTextLength} />
				</p>
			)}
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('maintenance.field.target')}</dt>
					<dd>
						{target.kind === 'device' && mayAtDevice(ui, ui.site.lanes, target.id) ? (
							<a class="intervention__link" href={`/devices/${encodeURIComponent(target.id)}`}>
								{targetWords(ui, target)}
							</a>
						) : (
							targetWords(ui, target)
						)}
					</dd>
				</div>
				<div>
					<dt>{t('maintenance.field.kind')}</dt>
					<dd>{`${t(`maintenance.kind.${item.kind}`)} · ${t(`maintenance.priority.${item.priority}`)}`}</dd>
				</div>
				<div>
					<dt>{t('maintenance.status.planned')}</dt>
					<dd>{planWords(ui, item.plan)}</dd>
				</div>
				<div>
					<dt>{t('maintenance.field.people')}</dt>
					<dd>
						<Untrusted ui={ui} text={peopleWords(ui, item.people)} />
					</dd>
				</div>
			</dl>
			<p class="muted">
				<Untrusted ui={ui} text={t('maintenance.reportedBy', { time: formats.full(item.openedAtMs), who })} />
			</p>
		</section>
	);
}

function History({ ui, item, entries, nextCursor, isNewest }: InterventionProps) {
	const { t } = ui;
	const href = interventionHref(item.number);
	return (
		<section class="card" aria-labelledby="history-title">
			<h2 class="card__title" id="history-title">
				{t('maintenance.history')}
			</h2>
			<ol class="moves" reversed>
				{entries.map((entry) => (
					<li class="move">
						<span class="vehicle__words">
							<span class="subject">{t(`maintenance.entry.${entry.what}`)}</span>
							<EntryWords ui={ui} entry={entry} />
							<span class="muted">
								<Moment ui={ui} atMs={entry.atMs} />
								{' · '}
								<Untrusted
									ui={ui}
									text={entry.operatorId === null ? t('maintenance.gateway') : ui.operatorName(entry.operatorId)}
								/>
							</span>
						</span>
					</li>
				))}
			</ol>
			<PagesNav
				ui={ui}
				order="time"
				first={isNewest ? undefined : href}
				next={nextCursor === null ? undefined : `${href}?${new URLSearchParams({ cursor: nextCursor })}`}
			/>
		</section>
	);
}

function EntryWords({ ui, entry }: { ui: Ui; entry: InterventionEntryRow }) {
	const { what, detail } = entry;
	const { text, name, reference, quantity } = detail;
	return (
		<>
			{what !== 'reported' &&
				changeLines(ui, entry).map((line) => (
					<span>
						<Untrusted ui={ui} text={line} />
					</span>
				))}
			{typeof text === 'string' && text !== '' && (
				<span>
					<UntrustedLines ui={ui} text={text} most={LIMITS.interventionTextLength} />
				</span>
			)}
			{(what === 'partAdded' || what === 'partRemoved') && (
				<span>
					<Untrusted ui={ui} text={[name, reference].filter((one) => one).join(' · ')} />
					{` × ${ui.formats.number(Number(quantity))}`}
				</span>
			)}
		</>
	);
}
