import type { Child } from 'hono/jsx';
import { devicesOfLane } from '../../../../gateway/core/lane/lane-devices.ts';
import { mayAtDevice } from '../../../../gateway/core/permission/device-place.ts';
import { type Lane, OUTSIDE } from '../../../../gateway/core/site.ts';
import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import type { RecordGrant } from '../../../../gateway/services/operators/record-grants.ts';
import { Icon } from '../../components/icon.tsx';
import { Pill, phaseStatus } from '../../components/status.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { RecordSide, territoryHref } from './site-links.tsx';

interface LanePageProps {
	readonly ui: Ui;
	readonly lane: Lane;
	/** As it is now. */
	readonly view: LaneView | undefined;
	readonly grants: readonly RecordGrant[];
}

/** What one lane is, what stands at it, and who may see and change it; how it is now is on Live. */
export function LanePage({ ui, lane, view, grants }: LanePageProps) {
	const { t } = ui;
	const phase = view && phaseStatus(view.phase);
	return (
		<Page
			ui={ui}
			title={lane.name}
			back={{ href: '/', label: t('live.title') }}
			aside={
				phase && (
					<Pill tone={phase.tone} icon={phase.icon}>
						{t(phase.label)}
					</Pill>
				)
			}
		>
			<div class="config-stack">
				<section class="card" aria-label={lane.name}>
					<dl class="pairs pairs--wide">
						<Pair label={t('site.direction')}>{t(`lane.kind.${lane.kind}`)}</Pair>
						<Pair label={t('site.from')}>
							<AreaLink ui={ui} areaId={lane.from} />
						</Pair>
						<Pair label={t('site.to')}>
							<AreaLink ui={ui} areaId={lane.to} />
						</Pair>
						<Pair label={t('site.equipment')}>
							<DeviceLinks ui={ui} lane={lane} />
						</Pair>
					</dl>
					{ui.may('decisions:read', { kind: 'lane', id: lane.id }) && (
						<p>
							<a class="panel__link" href={`/log?${new URLSearchParams({ lane: lane.id })}`}>
								{t('site.log')}
								<Icon name="chevron-right" size="small" />
							</a>
						</p>
					)}
				</section>
				<RecordSide ui={ui} record={`lanes/${lane.id}`} target={lane.id} grants={grants} />
			</div>
		</Page>
	);
}

function AreaLink({ ui, areaId }: { readonly ui: Ui; readonly areaId: string }) {
	const name = ui.areaName(areaId);
	if (areaId === OUTSIDE || !ui.may('occupancy:read', { kind: 'area', id: areaId })) return <>{name}</>;
	return <a href={territoryHref('area', areaId)}>{name}</a>;
}

function DeviceLinks({ ui, lane }: { readonly ui: Ui; readonly lane: Lane }) {
	const ids = devicesOfLane(lane);
	if (ids.length === 0) return <span class="muted">{ui.t('site.noEquipment')}</span>;
	return (
		<span class="site-links">
			{ids.map((id) =>
				mayAtDevice(ui, ui.site.lanes, id) ? (
					<a href={`/devices/${encodeURIComponent(id)}`}>{id}</a>
				) : (
					<span>{id}</span>
				),
			)}
		</span>
	);
}

export function Pair({ label, children }: { readonly label: string; readonly children?: Child }) {
	return (
		<div>
			<dt>{label}</dt>
			<dd>{children}</dd>
		</div>
	);
}
