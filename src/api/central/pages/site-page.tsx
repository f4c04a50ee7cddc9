import { Moment } from '../../console/components/text.tsx';
import type { Fleet, FleetSite } from '../fleet.ts';
import { behind } from '../routes/site-routes.ts';
import type { CentralUi } from './central-ui.ts';
import { SiteFrame } from './site-frame.tsx';
import { ClockPill, Doubts, OnlinePill, QueueText } from './site-status.tsx';
import { UnusableRows } from './unusable-rows.tsx';

interface SiteProps {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly site: FleetSite;
}

export function SitePage(props: SiteProps) {
	return (
		<SiteFrame ui={props.ui} site={props.site} part="">
			<SiteDetail {...props} />
		</SiteFrame>
	);
}

/** Fetched again every few seconds. */
export function SiteDetail({ ui, fleet, site }: SiteProps) {
	const live = `/live/sites/${encodeURIComponent(site.site)}`;
	return (
		<div id="site" class="two-columns" hx-get={live} hx-trigger="every 5s" hx-swap="outerHTML">
			<State ui={ui} site={site} />
			<Streams ui={ui} fleet={fleet} site={site} />
		</div>
	);
}

function State({ ui, site }: Omit<SiteProps, 'fleet'>) {
	const { t } = ui;
	const { lastEvent } = site;
	return (
		<section class="card" aria-labelledby="state-title">
			<h2 class="card__title" id="state-title">
				{t('fleet.state')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('fleet.state')}</dt>
					<dd>
						<OnlinePill ui={ui} online={site.online} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.doubts')}</dt>
					<dd>
						<Doubts ui={ui} site={site} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.lastSeen')}</dt>
					<dd>
						<Moment ui={ui} atMs={site.seenAtMs} long />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.queue')}</dt>
					<dd>
						<QueueText ui={ui} depth={site.queueDepth} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.stored')}</dt>
					<dd>{ui.formats.number(site.storedTo)}</dd>
				</div>
				<div>
					<dt>{t('fleet.lastEvent')}</dt>
					<dd>
						{lastEvent === null ? (
							t('fleet.noEvent')
						) : (
							<>
								{lastEvent.type} <Moment ui={ui} atMs={lastEvent.receivedAtMs} />
							</>
						)}
					</dd>
				</div>
				<div>
					<dt>{t('fleet.clock')}</dt>
					<dd>
						<ClockPill ui={ui} clock={site.clock} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.version')}</dt>
					<dd>{site.version ?? ''}</dd>
				</div>
				<div>
					<dt>{t('fleet.epoch')}</dt>
					<dd class="code">{site.gatewayEpoch}</dd>
				</div>
			</dl>
		</section>
	);
}

function Streams({ ui, fleet, site }: SiteProps) {
	const { t, formats } = ui;
	const lagOf = (stream: FleetSite['streams'][number]) => {
		const lag = behind(fleet, stream);
		if (lag === null) return t('fleet.otherHistory');
		return lag === 0 ? t('fleet.current') : t('fleet.behind', { count: lag });
	};
	return (
		<section class="card" aria-labelledby="streams-title">
			<h2 class="card__title" id="streams-title">
				{t('fleet.streams')}
			</h2>
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('fleet.stream')}</th>
						<th scope="col" class="figures">
							{t('fleet.rev')}
						</th>
						<th scope="col">{t('fleet.data')}</th>
					</tr>
				</thead>
				<tbody>
					{site.streams.map((stream) => (
						<tr>
							<th scope="row">{stream.stream}</th>
							<td class="figures">{formats.number(stream.rev)}</td>
							<td>{lagOf(stream)}</td>
						</tr>
					))}
				</tbody>
			</table>
			<p class="fleet-note">{t('fleet.reachedHint')}</p>
			<UnusableRows ui={ui} site={site} />
		</section>
	);
}
