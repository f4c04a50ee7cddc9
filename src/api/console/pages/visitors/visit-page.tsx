import type { Visit } from '../../../../gateway/services/visitors/visit.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { allowedWords, CredentialLine, VisitStatePill, validityWords } from './visit-views.tsx';
import { VISITORS_PATH, visitHref } from './visitor-paths.ts';

export interface VisitProps {
	readonly ui: Ui;
	readonly visit: Visit;
	readonly madeBy: { readonly operatorId: string | null; readonly atMs: number } | null;
	/** What was just done with it. */
	readonly done: 'made' | 'changed' | undefined;
	/** The lane whose read it was made of: whoever it is still stands there. */
	readonly lane: { readonly id: string; readonly name: string } | undefined;
	/** Of the form that gives it another end. */
	readonly end: { readonly value: string; readonly error: string | undefined };
	/** What else was refused. */
	readonly problem: string | undefined;
}

/** One visit: who, by what, for how long, made by whom, and what can be done about it. */
export function VisitPage(props: VisitProps) {
	const { ui, visit, problem } = props;
	const { t } = ui;
	const mayWrite = ui.mayInParts('visitors:write');
	return (
		<Page
			ui={ui}
			title={visit.name}
			back={{ href: VISITORS_PATH, label: t('visitor.title') }}
			aside={
				mayWrite && visit.credential !== null && visit.state !== 'over' ? <PassLink ui={ui} visit={visit} /> : undefined
			}
		>
			<Done {...props} />
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			<div class="visit-page">
				<Facts {...props} />
				{mayWrite && <Actions {...props} />}
				{ui.may('leads:write') && (
					<p>
						<a href={`/leads/new?visit=${encodeURIComponent(visit.id)}`}>{t('lead.make')}</a>
					</p>
				)}
			</div>
		</Page>
	);
}

function PassLink({ ui, visit }: { ui: Ui; visit: Visit }) {
	return (
		<a class="button" href={visitHref(visit.id, 'pass')}>
			<Icon name="printer" />
			{ui.t('visitor.printPass')}
		</a>
	);
}

function Done({ ui, visit, done, lane }: VisitProps) {
	const { t } = ui;
	if (done === undefined) return null;
	const title =
		done === 'changed'
			? t('visitor.changed')
			: t(visit.state === 'now' ? 'visitor.madeNow' : 'visitor.made', { name: visit.name });
	return (
		<div class="visitors__missing">
			<Notice tone="good" title={title} announce>
				{lane !== undefined && (
					<>
						<p>{t('visitor.madeRead')}</p>
						{ui.may('lanes:vend') && (
							<p>
								<a href={`/lanes/${encodeURIComponent(lane.id)}/vend`}>{t('visitor.openOnce', { lane: lane.name })}</a>
							</p>
						)}
					</>
				)}
			</Notice>
		</div>
	);
}

function Facts({ ui, visit, madeBy }: VisitProps) {
	const { t } = ui;
	const words = { language: ui.language, timeZone: ui.site.timeZone, always: t('visitor.always') };
	const contact = [visit.email, visit.phone].filter((text) => text !== null && text !== '');
	return (
		<section class="card" aria-labelledby="visit-title">
			<div class="visit-page__head">
				<h2 id="visit-title">{t('visitor.visit')}</h2>
				<VisitStatePill ui={ui} state={visit.state} />
			</div>
			<dl class="pairs pairs--wide">
				<Pair label={t('visitor.validity')}>{validityWords(visit, words)}</Pair>
				<Pair label={t('visitor.by')}>
					<CredentialLine ui={ui} credential={visit.credential} />
				</Pair>
				<Pair label={t('visitor.host')}>
					{visit.host === null ? (
						<span class="muted">{t('visitor.noHost')}</span>
					) : (
						<Untrusted ui={ui} text={visit.host.name} />
					)}
				</Pair>
				<Pair label={t('visitor.specification')}>
					<Untrusted ui={ui} text={visit.specification.name} />
					<br />
					<span class="muted">{allowedWords(ui, visit.specification)}</span>
				</Pair>
				{contact.length > 0 && (
					<Pair label={t('visitor.contact')}>
						<Untrusted ui={ui} text={contact.join(' · ')} />
					</Pair>
				)}
				{visit.note !== null && (
					<Pair label={t('visitor.note')}>
						<Untrusted ui={ui} text={visit.note} />
					</Pair>
				)}
				<Pair label={t('visitor.madeBy')}>
					{madeBy === null ? (
						t('visitor.byCentral')
					) : (
						<>
							<Untrusted
								ui={ui}
								text={madeBy.operatorId === null ? t('visitor.byGateway') : ui.operatorName(madeBy.operatorId)}
							/>
							{', '}
							<Moment ui={ui} atMs={madeBy.atMs} long />
						</>
					)}
				</Pair>
			</dl>
		</section>
	);
}

function Pair({ label, children }: { label: string; children?: unknown }) {
	return (
		<div>
			<dt>{label}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Actions({ ui, visit, end }: VisitProps) {
	const { t } = ui;
	return (
		<section class="card visit-page__actions" aria-labelledby="change-title">
			<h2 id="change-title">{t('visitor.change')}</h2>
			{visit.credential !== null && (
				<form class="visit-page__extend" method="post" action={visitHref(visit.id, 'extend')}>
					<CsrfField ui={ui} />
					<Field
						name="to"
						type="datetime-local"
						label={t('visitor.extend')}
						value={end.value}
						error={end.error}
						required
					/>
					<button class="button" type="submit">
						{t('visitor.extendSubmit')}
					</button>
				</form>
			)}
			{visit.state === 'coming' ? (
				<details>
					<summary class="button">{t('visitor.cancel')}</summary>
					<Act ui={ui} visit={visit} act="end" label={t('visitor.cancelSure')} hint={t('visitor.cancelHint')} />
				</details>
			) : (
				isRunning(visit, ui.nowMs) && (
					<Act ui={ui} visit={visit} act="end" label={t('visitor.endNow')} hint={t('visitor.endNowHint')} />
				)
			)}
			{visit.state === 'blocked' ? (
				<Act ui={ui} visit={visit} act="unblock" label={t('visitor.unblock')} />
			) : (
				<Act ui={ui} visit={visit} act="block" label={t('visitor.block')} hint={t('visitor.blockHint')} />
			)}
		</section>
	);
}

function isRunning({ validFromMs, validToMs }: Visit, nowMs: number): boolean {
	return (validFromMs === null || validFromMs <= nowMs) && (validToMs === null || validToMs > nowMs);
}

function Act({
	ui,
	visit,
	act,
	label,
	hint,
}: {
	ui: Ui;
	visit: Visit;
	act: 'end' | 'block' | 'unblock';
	label: string;
	hint?: string;
}) {
	return (
		<form class="visit-page__act" method="post" action={visitHref(visit.id, act)}>
			<CsrfField ui={ui} />
			<button class="button" type="submit" aria-describedby={hint === undefined ? undefined : `${act}-hint`}>
				{label}
			</button>
			{hint !== undefined && (
				<p class="field__hint" id={`${act}-hint`}>
					{hint}
				</p>
			)}
		</form>
	);
}
