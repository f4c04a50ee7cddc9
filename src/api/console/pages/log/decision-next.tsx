import { type NextActionName, nextActions } from '../../../../gateway/core/access/next-actions.ts';
import type { DecisionRecord } from '../../../../gateway/services/access-log.ts';
import type { PlateHint } from '../../../../gateway/services/decisions/nearest-plate.ts';
import type { Replayed } from '../../../../gateway/services/decisions/replay.ts';
import { OPENING } from '../../../http/explain-decision.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { opensDialog } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { explainHref } from '../explain/explain-link.ts';
import { laneModePath } from '../live/lane-mode-views.tsx';
import { adjustPath, presencePath } from '../occupancy/occupancy-paths.ts';
import { newVisitorHref } from '../visitors/visitor-paths.ts';
import type { StayDurationState } from './stay-duration-card.tsx';

/** What a decision's page tells besides what is stored. */
export interface DecisionContext {
	/** Nothing newer was decided at its lane: whoever it is about may still stand there. */
	readonly isNewest: boolean;
	/** What an unknown plate may have been. */
	readonly hints: readonly PlateHint[];
	/** undefined: the reader may not replay. */
	readonly replayed: Replayed | undefined;
	/** Of the on-the-fly stay that it let in. */
	readonly stay: StayDurationState | undefined;
}

/** What can be done about it, by whom; linked where it is done here. */
export function NextActions({ ui, record, isNewest }: { ui: Ui; record: DecisionRecord; isNewest: boolean }) {
	const { t } = ui;
	const { summary, entry } = record;
	const actions = nextActions(entry.decision, { may: ui.may, opening: OPENING[summary.sequel] });
	if (actions.length === 0) return null;
	return (
		<section class="card" aria-labelledby="next-title">
			<h2 class="card__title" id="next-title">
				{t('next.title')}
			</h2>
			<ul class="next-actions">
				{actions.map(({ action, who }) => {
					const link = whereDone(action, record, isNewest);
					return (
						<li class="next-action">
							<span class="next-action__who">{t(`next.${who}`)}</span>
							{link === undefined ? (
								<span>{t(`action.${action}`)}</span>
							) : (
								<a href={link.href} {...(link.isPage ? {} : opensDialog(link.href))}>
									{t(`action.${action}`)}
								</a>
							)}
						</li>
					);
				})}
			</ul>
		</section>
	);
}

/** Opening is only offered while the vehicle may still be there. */
function whereDone(
	action: NextActionName,
	{ summary, entry }: DecisionRecord,
	isNewest: boolean,
): { readonly href: string; readonly isPage?: true } | undefined {
	switch (action) {
		case 'vend':
			return isNewest ? { href: `/lanes/${encodeURIComponent(summary.laneId)}/vend` } : undefined;
		case 'makeVisitor':
			return { href: newVisitorHref(summary.id), isPage: true };
		case 'releaseLane':
			return { href: laneModePath(summary.laneId) };
		case 'resetPresence':
			return { href: presencePath(entry.decision.holderId ?? undefined) };
		case 'correctOccupancy': {
			const full = entry.facts.areas.find(({ capacity, occupied }) => capacity !== null && occupied >= capacity);
			const area = full ?? entry.facts.areas[0];
			return area === undefined ? undefined : { href: adjustPath(area.areaId) };
		}
		default:
			return undefined;
	}
}

/** Known plates one character away from an unknown one. */
export function MisreadHint({ ui, hints, laneId }: { ui: Ui; hints: readonly PlateHint[]; laneId: string }) {
	const { t } = ui;
	if (hints.length === 0) return null;
	return (
		<div class="misread">
			<Notice tone="active" icon="plate" title={t('hint.title')}>
				<ul class="misread__plates">
					{hints.map(({ plate, holderId, holderName }) => (
						<li>
							<span class="muted">{t('hint.known')}</span>{' '}
							<span class="subject">
								<Untrusted ui={ui} text={plate} />
							</span>
							{', '}
							{holderName === null ? (
								<span class="holder holder--nobody">{t('log.nobody')}</span>
							) : (
								<Untrusted ui={ui} text={holderName} />
							)}
							{ui.may('decisions:check', { kind: 'lane', id: laneId }) && (
								<>
									{' · '}
									<a href={explainHref({ holder: holderId, lane: laneId })}>{t('hint.ask')}</a>
								</>
							)}
						</li>
					))}
				</ul>
				<p class="muted">{t('hint.note')}</p>
			</Notice>
		</div>
	);
}

/** Whether the stored facts still give the stored decision. */
export function ReplayLine({ ui, replayed }: { ui: Ui; replayed: Replayed | undefined }) {
	const { t } = ui;
	if (replayed === undefined) return null;
	const isSame = replayed.result === 'identical';
	return (
		<p class={`replay replay--${isSame ? 'good' : 'warning'}`}>
			<Icon name={isSame ? 'replay' : 'warning'} size="small" />
			<span>
				{replayed.result === 'changed'
					? t('replay.changed', { outcome: outcomeWords(ui, replayed) })
					: t(`replay.${replayed.result}`)}
			</span>
		</p>
	);
}

function outcomeWords(ui: Ui, { after, because }: Replayed & { readonly result: 'changed' }): string {
	const label: LabelKey = `outcome.${after.outcome}`;
	const reason = after.headline === null ? [] : [ui.reason(after.headline).cause];
	return [ui.t(label), ...reason, because.map((rule) => ui.rule(rule)).join(', ')].filter(Boolean).join(' · ');
}
