import type { Tone } from '../../console/components/status.tsx';
import { Pill } from '../../console/components/status.tsx';
import type { Fleet, FleetSite } from '../fleet.ts';
import { behind } from '../routes/site-routes.ts';
import type { CentralUi } from './central-ui.ts';

export function OnlinePill({ ui, online }: { readonly ui: CentralUi; readonly online: boolean }) {
	return (
		<Pill tone={online ? 'good' : 'bad'} icon={online ? 'check' : 'offline'}>
			{ui.t(online ? 'fleet.online' : 'fleet.offline')}
		</Pill>
	);
}

/** How far a site is behind what central has, of the stream that is furthest. */
export function DataPill({
	ui,
	fleet,
	site,
}: {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly site: FleetSite;
}) {
	if (site.streams.length === 0) return <span class="muted">{ui.t('fleet.queueUnknown')}</span>;
	const lags = site.streams.map((stream) => behind(fleet, stream));
	if (lags.includes(null)) {
		return (
			<Pill tone="warning" icon="sync">
				{ui.t('fleet.otherHistory')}
			</Pill>
		);
	}
	const most = Math.max(...lags.map((lag) => lag ?? 0));
	return (
		<Pill tone={most === 0 ? 'good' : 'active'} icon={most === 0 ? 'check' : 'sync'}>
			{most === 0 ? ui.t('fleet.current') : ui.t('fleet.behind', { count: most })}
		</Pill>
	);
}

const CLOCK_TONES = { synced: 'good', held: 'quiet', untrusted: 'warning' } as const satisfies Record<string, Tone>;

export function ClockPill({ ui, clock }: { readonly ui: CentralUi; readonly clock: FleetSite['clock'] }) {
	if (clock === null) return <span class="muted">{ui.t('fleet.queueUnknown')}</span>;
	return (
		<Pill tone={CLOCK_TONES[clock]} icon="clock">
			{ui.t(`fleet.clock.${clock}`)}
		</Pill>
	);
}

export function QueueText({ ui, depth }: { readonly ui: CentralUi; readonly depth: number | null }) {
	if (depth === null) return <span class="muted">{ui.t('fleet.queueUnknown')}</span>;
	return <>{ui.t('sync.events', { count: depth })}</>;
}

/** What somebody should look at, each in words; empty: nothing. */
export function doubtsOf(ui: CentralUi, { ahead, rejected, problem }: FleetSite): readonly string[] {
	return [
		...(ahead > 0 ? [ui.t('fleet.ahead', { count: ahead })] : []),
		...(rejected > 0 ? [ui.t('fleet.rejected', { count: rejected })] : []),
		...(problem === null ? [] : [`${ui.t('fleet.problem')}: ${problem}`]),
	];
}

export function Doubts({ ui, site }: { readonly ui: CentralUi; readonly site: FleetSite }) {
	const doubts = doubtsOf(ui, site);
	if (doubts.length === 0) return <span class="muted">{ui.t('fleet.noDoubts')}</span>;
	return (
		<>
			{doubts.map((doubt) => (
				<Pill tone="warning" icon="warning">
					{doubt}
				</Pill>
			))}
		</>
	);
}
