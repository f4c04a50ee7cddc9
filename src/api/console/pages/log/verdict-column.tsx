import type { Decision, RuleVerdict, Verdict } from '../../../../gateway/core/access/decision.ts';
import type { AccessFacts } from '../../../../gateway/core/access/facts.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import type { Tone } from '../../components/status.tsx';
import { SystemWords } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { Detail } from './verdict-detail.tsx';
import { becauseLabel, type VerdictGroup, verdictGroup } from './verdict-groups.ts';

const LOOKS: Readonly<Record<Verdict['result'], { readonly tone: Tone; readonly icon: IconName }>> = {
	pass: { tone: 'good', icon: 'check' },
	fail: { tone: 'bad', icon: 'cross' },
	waived: { tone: 'active', icon: 'shield' },
	notApplicable: { tone: 'quiet', icon: 'dash' },
};

interface VerdictColumnProps {
	readonly ui: Ui;
	readonly decision: Decision;
	readonly facts: AccessFacts;
}

/** Every rule with its verdict, in order, under the steps a reader thinks in. */
export function VerdictColumn({ ui, decision, facts }: VerdictColumnProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="verdicts-title">
			<h2 class="card__title" id="verdicts-title">
				{t('decision.verdicts')}
			</h2>
			<p class="card__note">{t('decision.verdictsHint')}</p>
			{grouped(decision.verdicts).map(({ group, verdicts }) => (
				<section class="verdict-group">
					<h3 class="verdict-group__title">{t(`group.${group}`)}</h3>
					<ul class="verdicts">
						{runsOf(verdicts).map(([first, ...others]) =>
							others.length === 0 ? (
								<VerdictLine ui={ui} rule={first} isHeadline={first.rule === decision.headline} facts={facts} />
							) : (
								<FoldedLine ui={ui} rules={[first, ...others]} />
							),
						)}
					</ul>
				</section>
			))}
		</section>
	);
}

interface VerdictLineProps {
	readonly ui: Ui;
	readonly rule: RuleVerdict;
	readonly isHeadline: boolean;
	readonly facts: AccessFacts;
}

function VerdictLine({ ui, rule: { rule, verdict }, isHeadline, facts }: VerdictLineProps) {
	const { tone, icon } = LOOKS[verdict.result];
	const detail = 'detail' in verdict ? verdict.detail : undefined;
	return (
		<li class={`verdict verdict--${tone} ${isHeadline ? 'is-headline' : ''}`}>
			<Icon name={icon} />
			<div class="verdict__words">
				<p class="verdict__rule">
					{ui.rule(rule)}
					{isHeadline && <span class="verdict__headline">{ui.t('decision.headline')}</span>}
				</p>
				<Why ui={ui} verdict={verdict} />
				{detail && <Detail ui={ui} detail={detail} facts={facts} />}
				<p class="verdict__code">
					<code>{rule}</code>
				</p>
			</div>
			<span class="verdict__result">{ui.t(`verdict.${verdict.result}`)}</span>
		</li>
	);
}

/** Rules that do not apply for one and the same reason, told once. */
function FoldedLine({ ui, rules }: { ui: Ui; rules: Run }) {
	const { t } = ui;
	return (
		<li class="verdict verdict--quiet">
			<Icon name="dash" />
			<div class="verdict__words">
				<details class="verdict__fold">
					<summary>{t('decision.folded', { count: rules.length })}</summary>
					<ul>
						{rules.map(({ rule }) => (
							<li>{ui.rule(rule)}</li>
						))}
					</ul>
				</details>
				<Why ui={ui} verdict={rules[0].verdict} />
			</div>
			<span class="verdict__result">{t('verdict.notApplicable')}</span>
		</li>
	);
}

function Why({ ui, verdict }: { ui: Ui; verdict: Verdict }) {
	const { t } = ui;
	if (verdict.result === 'waived') return <p class="verdict__why">{t(`waived.${verdict.by}`)}</p>;
	if (verdict.result !== 'notApplicable') return null;
	const label = becauseLabel(verdict.because);
	return <p class="verdict__why">{label === undefined ? <SystemWords ui={ui} text={verdict.because} /> : t(label)}</p>;
}

function grouped(
	verdicts: readonly RuleVerdict[],
): readonly { group: VerdictGroup; verdicts: readonly RuleVerdict[] }[] {
	return [...Map.groupBy(verdicts, ({ rule }) => verdictGroup(rule))].map(([group, of]) => ({ group, verdicts: of }));
}

type Run = readonly [RuleVerdict, ...RuleVerdict[]];

/** Neighbours that do not apply for the same reason together, every other rule alone. */
function runsOf(verdicts: readonly RuleVerdict[]): readonly Run[] {
	const runs: [RuleVerdict, ...RuleVerdict[]][] = [];
	for (const rule of verdicts) {
		const run = runs.at(-1);
		const because = becauseOf(rule);
		if (run !== undefined && because !== undefined && because === becauseOf(run[0])) run.push(rule);
		else runs.push([rule]);
	}
	return runs;
}

function becauseOf({ verdict }: RuleVerdict): string | undefined {
	return verdict.result === 'notApplicable' ? verdict.because : undefined;
}
