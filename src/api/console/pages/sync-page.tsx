import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { Connection } from '../components/connection.tsx';
import { Notice } from '../components/notice.tsx';
import { Pill } from '../components/status.tsx';
import { Moment, SystemWords } from '../components/text.tsx';
import { Page } from '../layout/page.tsx';
import type { Ui } from '../ui.ts';

export function SyncPage({ ui, sync }: { ui: Ui; sync: SyncStatus }) {
	return (
		<Page ui={ui} title={ui.t('sync.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<SyncDetail ui={ui} sync={sync} />
		</Page>
	);
}

/** How the site stands with central; fetched again every few seconds. */
export function SyncDetail({ ui, sync }: { ui: Ui; sync: SyncStatus }) {
	const { t } = ui;
	return (
		<div id="sync" hx-get="/live/sync" hx-trigger="parkgate:resync from:body, every 5s" hx-swap="outerHTML">
			{!sync.configured && (
				<Notice tone="quiet" title={t('sync.standalone')}>
					<p>{t('sync.standaloneHint')}</p>
				</Notice>
			)}
			{sync.configured && !sync.connected && (
				<Notice tone="bad" icon="offline" title={t('sync.disconnected')}>
					{sync.problem !== null && (
						<p>
							<SystemWords ui={ui} text={sync.problem} />
						</p>
					)}
					<p>{t('sync.disconnectedHint')}</p>
				</Notice>
			)}
			<div class="two-columns">
				{sync.configured && <Link ui={ui} sync={sync} />}
				<Streams ui={ui} sync={sync} />
			</div>
		</div>
	);
}

function Link({ ui, sync }: { ui: Ui; sync: SyncStatus }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="link-title">
			<h2 class="card__title" id="link-title">
				{t('device.state')}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('device.state')}</dt>
					<dd>
						<Pill tone={sync.connected ? 'good' : 'bad'} icon={sync.connected ? 'check' : 'offline'}>
							{t(sync.connected ? 'sync.connected' : 'sync.disconnected')}
						</Pill>
					</dd>
				</div>
				<div>
					<dt>{t('device.since')}</dt>
					<dd>
						<Moment ui={ui} atMs={sync.sinceMs} long />
					</dd>
				</div>
				<div>
					<dt>{t('sync.queue')}</dt>
					<dd>{t('sync.events', { count: sync.outboxDepth })}</dd>
				</div>
				<div>
					<dt>{t('sync.lastAck')}</dt>
					<dd>{sync.lastAckAtMs === null ? t('sync.never') : <Moment ui={ui} atMs={sync.lastAckAtMs} long />}</dd>
				</div>
			</dl>
		</section>
	);
}

function Streams({ ui, sync }: { ui: Ui; sync: SyncStatus }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="streams-title">
			<h2 class="card__title" id="streams-title">
				{t('sync.streams')}
			</h2>
			{sync.streams.length === 0 ? (
				<p class="muted">{t('sync.noStreams')}</p>
			) : (
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('sync.stream')}</th>
							<th scope="col" class="figures">
								{t('sync.revision')}
							</th>
							<th scope="col">{t('sync.syncedAt')}</th>
						</tr>
					</thead>
					<tbody>
						{sync.streams.map(({ stream, rev, syncedAtMs }) => (
							<tr>
								<th scope="row">{stream}</th>
								<td class="figures">{ui.formats.number(rev)}</td>
								<td>{syncedAtMs === null ? t('sync.never') : <Moment ui={ui} atMs={syncedAtMs} />}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}
