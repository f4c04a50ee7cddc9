import type { PresentedFact } from '../../../../gateway/core/access/facts.ts';
import type { ReasonCode } from '../../../../gateway/core/reason.ts';
import { NEAREST_REASON } from '../../../../gateway/core/reason-standards.ts';
import type { DecisionRecord } from '../../../../gateway/services/access-log.ts';
import type { EvidenceItem } from '../../../../gateway/services/evidence/evidence.ts';
import { OutcomePill } from '../../components/decision-lines.tsx';
import { Icon } from '../../components/icon.tsx';
import { Pictures, picturesInSight } from '../../components/pictures.tsx';
import { outcomeStatus } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { readableJson } from '../../untrusted-text.ts';
import { explainHref } from '../explain/explain-link.ts';
import { type DecisionContext, MisreadHint, NextActions, ReplayLine } from './decision-next.tsx';
import { DecisionSequel } from './decision-sequel.tsx';
import { StayDurationCard } from './stay-duration-card.tsx';
import { VerdictColumn } from './verdict-column.tsx';
import { Detail } from './verdict-detail.tsx';

interface DecisionPageProps extends DecisionContext {
	readonly ui: Ui;
	readonly record: DecisionRecord;
	readonly pictures: readonly EvidenceItem[];
}

/** One decision explained: what, why, what to do, on which facts, by which rules, and what followed. */
export function DecisionPage({ ui, record, pictures, isNewest, hints, replayed, stay }: DecisionPageProps) {
	const { t } = ui;
	const { summary, entry } = record;
	return (
		<Page
			ui={ui}
			title={t('decision.title', { lane: summary.laneName })}
			back={{ href: '/log', label: t('log.title') }}
			aside={
				<>
					<KeepForIncident ui={ui} decisionId={summary.id} />
					<AskAgain ui={ui} record={record} />
				</>
			}
		>
			<Headline ui={ui} record={record} />
			<MisreadHint ui={ui} hints={hints} laneId={summary.laneId} />
			<div class="decision">
				<div class="decision__main">
					<VerdictColumn ui={ui} decision={entry.decision} facts={entry.facts} />
				</div>
				<div class="decision__side">
					{stay !== undefined && <StayDurationCard ui={ui} decisionId={summary.id} state={stay} />}
					<NextActions ui={ui} record={record} isNewest={isNewest} />
					<Facts ui={ui} record={record} />
					<PictureCard ui={ui} pictures={pictures} />
					<WhatWasRead ui={ui} presented={entry.facts.presented} />
					<DecisionSequel ui={ui} summary={summary} sequel={record.sequel} />
				</div>
			</div>
			<ReplayLine ui={ui} replayed={replayed} />
			<details class="card raw">
				<summary>{t('decision.rawFacts')}</summary>
				<p class="muted">{t('decision.rawFactsHint')}</p>
				<pre class="raw__text">{readableJson({ decision: entry.decision, facts: entry.facts })}</pre>
			</details>
		</Page>
	);
}

/** What cameras saw of it. */
function PictureCard({ ui, pictures }: Pick<DecisionPageProps, 'ui' | 'pictures'>) {
	if (picturesInSight(ui, pictures).length === 0) return null;
	return (
		<section class="card" aria-labelledby="pictures-title">
			<h2 class="card__title" id="pictures-title">
				{ui.t('decision.pictures')}
			</h2>
			<Pictures ui={ui} items={pictures} />
		</section>
	);
}

/** Leads to a hold: retention then leaves this decision. */
function KeepForIncident({ ui, decisionId }: { ui: Ui; decisionId: string }) {
	if (!ui.may('retention:hold')) return null;
	return (
		<a class="button" href={`/privacy?${new URLSearchParams({ decision: decisionId })}`}>
			<Icon name="lock" />
			{ui.t('privacy.hold')}
		</a>
	);
}

/** A PIN is not told, so that it can't be asked about. */
function isAskable(read: PresentedFact): read is PresentedFact & { readonly kind: 'tag' | 'plate' } {
	return read.kind !== 'pin';
}

/** Leads to the same question, asked now. */
function AskAgain({ ui, record: { summary, entry } }: { ui: Ui; record: DecisionRecord }) {
	const read = entry.facts.presented.find(isAskable);
	const holder = entry.decision.holderId;
	if (!ui.may('decisions:check', { kind: 'lane', id: summary.laneId }) || (holder === null && read === undefined))
		return null;
	const who = holder === null ? { kind: read?.kind, q: read?.value } : { holder };
	return (
		<a class="button" href={explainHref({ ...who, lane: summary.laneId })}>
			<Icon name="question" />
			{ui.t('explain.again')}
		</a>
	);
}

function Headline({ ui, record: { summary, entry } }: { ui: Ui; record: DecisionRecord }) {
	const { t } = ui;
	const { tone } = outcomeStatus(summary);
	const reason = summary.headline === null ? null : ui.reason(summary.headline);
	const failed = entry.decision.verdicts.find(({ rule }) => rule === summary.headline)?.verdict;
	return (
		<section class={`verdict-head card verdict-head--${tone}`}>
			<p class="verdict-head__line">
				<OutcomePill ui={ui} decision={summary} />
				<span class="subject">
					<Untrusted ui={ui} text={summary.subject === '' ? '—' : summary.subject} />
				</span>
			</p>
			<h2 class="verdict-head__cause">{reason?.cause ?? t('decision.granted')}</h2>
			{failed?.result === 'fail' && failed.detail && <Detail ui={ui} detail={failed.detail} facts={entry.facts} />}
			{reason === null ? (
				<p class="verdict-head__note">{t('decision.grantedCause')}</p>
			) : (
				<p class="verdict-head__advice">
					<Icon name="advice" />
					<span>
						<strong>{t('decision.advice')}</strong>
						{' — '}
						{reason.advice}
					</span>
				</p>
			)}
			{entry.journalledLate && (
				<p class="verdict-head__note">
					<Icon name="warning" size="small" />
					{t('decision.late')}
				</p>
			)}
		</section>
	);
}

function Facts({ ui, record: { summary, entry } }: { ui: Ui; record: DecisionRecord }) {
	const { t } = ui;
	const right = entry.facts.rights.find((fact) => fact.right.id === entry.decision.rightId);
	return (
		<section class="card" aria-labelledby="facts-title">
			<h2 class="card__title" id="facts-title">
				{t('decision.facts')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('decision.when')}</dt>
					<dd>
						<Moment ui={ui} atMs={summary.atMs} long />
					</dd>
				</div>
				<div>
					<dt>{t('decision.lane')}</dt>
					<dd>{`${summary.laneName} · ${t(`direction.${summary.direction}`)}`}</dd>
				</div>
				<div>
					<dt>{t('decision.holder')}</dt>
					<dd>{summary.holderName === null ? t('log.nobody') : <Untrusted ui={ui} text={summary.holderName} />}</dd>
				</div>
				{right !== undefined && (
					<div>
						<dt>{t('decision.right')}</dt>
						<dd>
							<Untrusted ui={ui} text={right.specification?.name ?? right.right.specificationId} />
						</dd>
					</div>
				)}
				{summary.headline !== null && <Nearest ui={ui} headline={summary.headline} />}
				<div>
					<dt>{t('decision.number')}</dt>
					<dd class="figures">{ui.formats.number(summary.seq)}</dd>
				</div>
			</dl>
		</section>
	);
}

/** The nearest reason of systems that are integrated with. */
export function Nearest({ ui, headline }: { ui: Ui; headline: ReasonCode }) {
	const { onvif, bacnet } = NEAREST_REASON[headline];
	return (
		<div>
			<dt>{ui.t('standard.title')}</dt>
			<dd>
				<code>{`ONVIF ${onvif}`}</code>
				<br />
				<code>{`BACnet ${bacnet}`}</code>
			</dd>
		</div>
	);
}

function WhatWasRead({ ui, presented }: { ui: Ui; presented: readonly PresentedFact[] }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="read-title">
			<h2 class="card__title" id="read-title">
				{t('decision.read')}
			</h2>
			{presented.length === 0 ? (
				<p class="muted">{t('decision.nothingRead')}</p>
			) : (
				<ul class="reads">
					{presented.map((read) => (
						<li class="read">
							<Icon name={read.kind === 'pin' ? 'lock' : read.kind} />
							<div>
								<p class="read__line">
									<span class="muted">{t(`decision.${read.kind}`)}</span>
									<span class="subject">
										<Untrusted ui={ui} text={read.value} />
									</span>
								</p>
								<p class="muted">
									{[
										t('decision.by', { device: read.deviceId }),
										read.kind === 'plate' && t('decision.confidence', { percent: ui.formats.percent(read.confidence) }),
										read.reads > 1 && t('decision.reads', { count: read.reads }),
									]
										.filter((part) => part !== false)
										.join(' · ')}
								</p>
								<Match ui={ui} match={read.match} />
							</div>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function Match({ ui, match }: { ui: Ui; match: PresentedFact['match'] }) {
	const { t } = ui;
	if (match.how === 'ambiguous') return <p>{t('match.ambiguous', { count: match.count })}</p>;
	if (match.how === 'none' || match.how === 'invalid') return <p>{t(`match.${match.how}`)}</p>;
	const { credential, holder } = match;
	return (
		<p>
			{t(`match.${match.how}`)}
			{' · '}
			<Untrusted ui={ui} text={holder?.name ?? credential.holderId} />
			{credential.label !== null && (
				<>
					{' · '}
					<Untrusted ui={ui} text={credential.label} />
				</>
			)}
		</p>
	);
}
