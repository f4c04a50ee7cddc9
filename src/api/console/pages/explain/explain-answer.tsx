import type { Decision } from '../../../../gateway/core/access/decision.ts';
import type { ReasonCode } from '../../../../gateway/core/reason.ts';
import type { WhatIfAnswer } from '../../../../gateway/services/decisions/what-if.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Icon } from '../../components/icon.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { ClockNotice } from '../live/clock-views.tsx';
import { Nearest } from '../log/decision-page.tsx';
import { VerdictColumn } from '../log/verdict-column.tsx';
import type { ExplainQuestion } from './explain-question.ts';

interface AnswerProps {
	readonly ui: Ui;
	readonly question: ExplainQuestion;
	readonly answer: WhatIfAnswer;
	readonly holder: HolderHit | undefined;
	readonly isClockTrusted: boolean;
}

const HEADLINES = {
	entry: { granted: 'explain.mayEnter', refused: 'explain.mayNotEnter' },
	exit: { granted: 'explain.mayLeave', refused: 'explain.mayNotLeave' },
} as const satisfies Record<'entry' | 'exit', Record<Decision['outcome'], LabelKey>>;

/** May they pass, why, what to change, and every rule; made to be printed too. */
export function ExplainedAnswer({ ui, question, answer, holder, isClockTrusted }: AnswerProps) {
	const { t } = ui;
	const { decision, facts } = answer;
	return (
		<div class="explained">
			{!isClockTrusted && <ClockNotice ui={ui} />}
			<Headline ui={ui} answer={answer} />
			<div class="decision">
				<div class="decision__main">
					<VerdictColumn ui={ui} decision={decision} facts={facts} />
				</div>
				<div class="decision__side">
					<WhatToChange ui={ui} decision={decision} />
					<Asked ui={ui} question={question} answer={answer} holder={holder} />
				</div>
			</div>
			<p class="explained__foot">
				{t('explain.printedAt', { time: ui.formats.full(ui.nowMs), name: ui.login?.operator.name ?? '' })}
			</p>
		</div>
	);
}

function Headline({ ui, answer: { decision, facts } }: Pick<AnswerProps, 'ui' | 'answer'>) {
	const { t } = ui;
	const isGranted = decision.outcome === 'granted';
	const reason = decision.headline === null ? null : ui.reason(decision.headline);
	return (
		<section class={`verdict-head card verdict-head--${isGranted ? 'good' : 'bad'}`}>
			<p class="verdict-head__line">
				<Pill tone={isGranted ? 'good' : 'bad'} icon={isGranted ? 'check' : 'cross'}>
					{t(isGranted ? 'outcome.granted' : 'outcome.refused')}
				</Pill>
				<button class="button explained__print" type="button" data-prints hidden>
					<Icon name="printer" size="small" />
					{t('explain.print')}
				</button>
			</p>
			<h2 class="verdict-head__cause">{t(HEADLINES[facts.direction][decision.outcome])}</h2>
			<p class="verdict-head__note">{reason?.cause ?? t('decision.grantedCause')}</p>
		</section>
	);
}

/** Every failing rule with its advice: all of them stand between the person and the barrier. */
function WhatToChange({ ui, decision }: { ui: Ui; decision: Decision }) {
	const { t } = ui;
	const failing = decision.verdicts.filter(({ verdict }) => verdict.result === 'fail').map(({ rule }) => rule);
	return (
		<section class="card" aria-labelledby="change-title">
			<h2 class="card__title" id="change-title">
				{t('explain.change')}
			</h2>
			{failing.length === 0 ? (
				<p class="muted">{t('explain.nothingToChange')}</p>
			) : (
				<>
					<p class="card__note">{t('explain.changeNote', { count: failing.length })}</p>
					<ol class="changes">
						{failing.map((rule) => (
							<Change ui={ui} rule={rule} />
						))}
					</ol>
				</>
			)}
		</section>
	);
}

function Change({ ui, rule }: { ui: Ui; rule: ReasonCode }) {
	const { cause, advice } = ui.reason(rule);
	return (
		<li class="change">
			<Icon name="advice" />
			<div>
				<p>{advice}</p>
				<p class="muted">{cause}</p>
			</div>
		</li>
	);
}

function Asked({ ui, question, answer, holder }: Omit<AnswerProps, 'isClockTrusted'>) {
	const { t } = ui;
	const { decision, facts, holderName } = answer;
	const name = holder?.name ?? holderName;
	const right = facts.rights.find((fact) => fact.right.id === decision.rightId);
	return (
		<section class="card" aria-labelledby="asked-title">
			<h2 class="card__title" id="asked-title">
				{t('explain.question')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('decision.holder')}</dt>
					<dd>{name === null ? t('explain.unknown') : <Untrusted ui={ui} text={name} />}</dd>
				</div>
				{facts.presented.map(({ kind, value }) => (
					<div>
						<dt>{t(`decision.${kind}`)}</dt>
						<dd class="subject">
							<Untrusted ui={ui} text={value} />
						</dd>
					</div>
				))}
				<div>
					<dt>{t('decision.lane')}</dt>
					<dd>{`${question.lane?.name ?? ''} · ${t(`direction.${facts.direction}`)}`}</dd>
				</div>
				<div>
					<dt>{t('decision.when')}</dt>
					<dd>
						<Moment ui={ui} atMs={facts.atMs} long />
					</dd>
				</div>
				{right !== undefined && (
					<div>
						<dt>{t('decision.right')}</dt>
						<dd>
							<Untrusted ui={ui} text={right.specification?.name ?? right.right.specificationId} />
						</dd>
					</div>
				)}
				{decision.headline !== null && <Nearest ui={ui} headline={decision.headline} />}
			</dl>
			{question.isOtherTime && <p class="muted explained__presently">{t('explain.presently')}</p>}
		</section>
	);
}
