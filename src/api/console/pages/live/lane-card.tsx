import type { LaneKind } from '../../../../gateway/core/site.ts';
import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import { Consequence, OutcomePill, SubjectAndHolder } from '../../components/decision-lines.tsx';
import { opensDialog } from '../../components/dialog-frame.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Pill, phaseStatus } from '../../components/status.tsx';
import { Moment, SystemWords } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { ReportFault } from '../maintenance/report-fault.tsx';
import { laneHref } from '../site/site-links.tsx';
import { offeredModes } from './lane-mode-choices.ts';
import { LaneModeNotice } from './lane-mode-notice.tsx';
import { laneModePath } from './lane-mode-views.tsx';
import { LanePicture } from './lane-picture.tsx';

const KIND_ICONS: Readonly<Record<LaneKind, IconName>> = { entry: 'entry', exit: 'exit', reversible: 'both-ways' };

/** One lane as a receptionist sees it; fetched again whenever the lane changes. */
export function LaneCard({ ui, lane }: { ui: Ui; lane: LaneView }) {
	const { t } = ui;
	const phase = phaseStatus(lane.phase);
	const id = `lane-${lane.id}`;
	return (
		<article
			class={`lane card lane--${lane.fire ? 'fire' : phase.tone}`}
			id={id}
			aria-labelledby={`${id}-name`}
			hx-get={`/live/lanes/${encodeURIComponent(lane.id)}`}
			hx-trigger={`parkgate:${id} from:body, parkgate:resync from:body`}
			hx-swap="outerHTML"
		>
			<header class="lane__head">
				<div>
					<h3 class="lane__name" id={`${id}-name`}>
						<a href={laneHref(lane.id)}>{lane.name}</a>
					</h3>
					<p class="lane__route">
						<Icon name={KIND_ICONS[lane.kind]} size="small" />
						<span>{`${t(`lane.kind.${lane.kind}`)} · ${t('lane.route', { from: ui.areaName(lane.from), to: ui.areaName(lane.to) })}`}</span>
					</p>
				</div>
				<div class="lane__phase">
					<Pill tone={phase.tone} icon={phase.icon}>
						{t(phase.label)}
					</Pill>
					<span class="lane__since">{t('lane.since', { time: ui.formats.moment(lane.phaseSinceMs) })}</span>
				</div>
			</header>
			<div class="lane__state">
				<LanePicture barrier={lane.barrier} vehiclePresent={lane.vehiclePresent} />
				<dl class="pairs">
					<div>
						<dt>{t('lane.vehicle')}</dt>
						<dd class={lane.vehiclePresent ? 'is-present' : undefined}>{t(vehicleLabel(lane.vehiclePresent))}</dd>
					</div>
					<div>
						<dt>{t('lane.barrier')}</dt>
						<dd>{t(`lane.barrier.${lane.barrier}`)}</dd>
					</div>
				</dl>
			</div>
			<LaneModeNotice ui={ui} lane={lane} />
			{lane.problems.length > 0 && (
				<ul class="lane__problems">
					{lane.problems.map((problem) => (
						<li>
							<Icon name="warning" size="small" />
							<SystemWords ui={ui} text={problem} />
						</li>
					))}
					<li>
						<ReportFault ui={ui} lane={lane.id} title="" />
					</li>
				</ul>
			)}
			<LastDecision ui={ui} lane={lane} />
			<Actions ui={ui} lane={lane} />
		</article>
	);
}

/** What the reader can do here now: one opens once, the other holds, closes and gives back. */
function Actions({ ui, lane }: { ui: Ui; lane: LaneView }) {
	const { t } = ui;
	const id = `lane-${lane.id}`;
	const mode = offersMode(ui, lane);
	// A lane that is up, or closed to all, opens for nobody in particular.
	const isUsual = lane.phase !== 'heldOpen' && (lane.mode.kind === 'normal' || isUnconfirmed(lane));
	const vends = ui.may('lanes:vend', { kind: 'lane', id: lane.id }) && isUsual;
	if (!vends && mode === undefined) return null;
	return (
		<footer class="lane__actions">
			{vends && (
				<a
					class="button button--wide"
					id={`${id}-vend`}
					aria-label={t('vend.openLane', { lane: lane.name })}
					href={`/lanes/${encodeURIComponent(lane.id)}/vend`}
					{...opensDialog(`/lanes/${encodeURIComponent(lane.id)}/vend`)}
				>
					<Icon name="barrier" />
					{t('vend.open')}
				</a>
			)}
			{mode !== undefined && (
				<a
					class={`button button--wide ${lane.mode.kind === 'normal' ? 'button--quiet' : ''}`}
					id={`${id}-mode`}
					aria-label={t(lane.mode.kind === 'normal' ? 'mode.changeAt' : 'mode.endAt', { lane: lane.name })}
					href={laneModePath(lane.id)}
					{...opensDialog(laneModePath(lane.id))}
				>
					<Icon name={lane.mode.kind === 'normal' ? 'held' : 'replay'} />
					{t(mode)}
				</a>
			)}
		</footer>
	);
}

/** The words of the way to the lane's mode; undefined: nothing may be done about it. */
function offersMode(ui: Ui, lane: LaneView) {
	if (offeredModes(ui, lane).length === 0) return undefined;
	if (lane.mode.kind === 'normal') return 'mode.change';
	return isUnconfirmed(lane) ? 'mode.confirm' : 'mode.end';
}

function isUnconfirmed({ mode }: LaneView): boolean {
	return mode.kind === 'heldOpen' && !mode.confirmed;
}

function vehicleLabel(present: boolean | null) {
	if (present === null) return 'lane.vehicle.unknown';
	return present ? 'lane.vehicle.present' : 'lane.vehicle.absent';
}

function LastDecision({ ui, lane: { id: laneId, lastDecision } }: { ui: Ui; lane: LaneView }) {
	const { t } = ui;
	if (lastDecision === null || !ui.may('decisions:read', { kind: 'lane', id: laneId })) {
		return <p class="lane__decision lane__decision--none">{t('lane.noDecision')}</p>;
	}
	return (
		<section class="lane__decision">
			<h4 class="visually-hidden">{t('lane.lastDecision')}</h4>
			<p class="lane__decision-line">
				<OutcomePill ui={ui} decision={lastDecision} />
				<a
					class="lane__decision-time"
					id={`lane-${laneId}-decision`}
					href={`/log/${encodeURIComponent(lastDecision.id)}`}
				>
					<Moment ui={ui} atMs={lastDecision.atMs} />
				</a>
			</p>
			<p class="lane__decision-who">
				<SubjectAndHolder ui={ui} decision={lastDecision} />
			</p>
			<p class="lane__decision-why">
				<Consequence ui={ui} decision={lastDecision} advice />
			</p>
		</section>
	);
}
