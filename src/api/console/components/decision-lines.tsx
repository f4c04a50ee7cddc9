import type { DecisionSummary } from '../../../gateway/services/access-log.ts';
import { newVisitorHref } from '../pages/visitors/visitor-paths.ts';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';
import { outcomeStatus, Pill } from './status.tsx';
import { Moment, Untrusted } from './text.tsx';

export function OutcomePill({ ui, decision }: { ui: Ui; decision: Pick<DecisionSummary, 'outcome' | 'sequel'> }) {
	const { tone, icon, label } = outcomeStatus(decision);
	return (
		<Pill tone={tone} icon={icon}>
			{ui.t(label)}
		</Pill>
	);
}

/** Who or what was read, and whom it belongs to. */
export function SubjectAndHolder({ ui, decision }: { ui: Ui; decision: DecisionSummary }) {
	return (
		<>
			<span class="subject">
				<Untrusted ui={ui} text={decision.subject === '' ? '—' : decision.subject} />
			</span>
			{decision.holderName === null ? (
				<span class="holder holder--nobody">{ui.t('log.nobody')}</span>
			) : (
				<span class="holder">
					<Untrusted ui={ui} text={decision.holderName} />
				</span>
			)}
		</>
	);
}

/** Why it was refused, or what became of the grant. */
export function Consequence({ ui, decision, advice }: { ui: Ui; decision: DecisionSummary; advice: boolean }) {
	if (decision.headline === null) return <span class="consequence">{ui.t(`sequel.${decision.sequel}`)}</span>;
	const reason = ui.reason(decision.headline);
	return (
		<>
			<span class="consequence">{reason.cause}</span>
			{advice && <span class="advice">{reason.advice}</span>}
		</>
	);
}

/** Of a read that is nobody's. */
function MakeVisitor({ ui, decision }: { ui: Ui; decision: DecisionSummary }) {
	if (decision.headline !== 'UNKNOWN_CREDENTIAL' || !ui.may('visitors:write')) return null;
	return (
		<a class="decision-row__act" href={newVisitorHref(decision.id)}>
			{ui.t('visitor.make')}
		</a>
	);
}

interface DecisionTableProps {
	readonly ui: Ui;
	readonly decisions: readonly DecisionSummary[];
	/** Named for those who hear the page. */
	readonly caption: string;
	/** Say what to do about refusals. */
	readonly advice?: boolean;
}

/** Decisions, newest first; on a narrow screen each becomes a card. Each leads to its explanation. */
export function DecisionTable({ ui, decisions, caption, advice = false }: DecisionTableProps) {
	const { t } = ui;
	return (
		<table class="decisions">
			<caption class="visually-hidden">{caption}</caption>
			<thead>
				<tr>
					<th scope="col">{t('log.time')}</th>
					<th scope="col">{t('log.outcome')}</th>
					<th scope="col">{t('log.subject')}</th>
					<th scope="col">{t('log.lane')}</th>
					<th scope="col">{t('log.what')}</th>
				</tr>
			</thead>
			<tbody>
				{decisions.map((decision) => (
					<tr class="decision-row" data-decision={decision.id}>
						<td class="decision-row__time">
							<a
								class="decision-row__link"
								id={`decision-${decision.id}`}
								href={`/log/${encodeURIComponent(decision.id)}`}
							>
								<Moment ui={ui} atMs={decision.atMs} />
							</a>
						</td>
						<td class="decision-row__outcome">
							<OutcomePill ui={ui} decision={decision} />
						</td>
						<td class="decision-row__who">
							<SubjectAndHolder ui={ui} decision={decision} />
						</td>
						<td class="decision-row__lane">{decision.laneName}</td>
						<td class="decision-row__what">
							<Consequence ui={ui} decision={decision} advice={advice} />
							<MakeVisitor ui={ui} decision={decision} />
							<Icon name="chevron-right" size="small" />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
