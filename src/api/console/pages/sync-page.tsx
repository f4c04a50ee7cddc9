import type { ConnectionTest } from '../../../gateway/services/connection-test.ts';
import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { Connection } from '../components/connection.tsx';
import { Notice } from '../components/notice.tsx';
import { Pill } from '../components/status.tsx';
import { Moment, SystemWords } from '../components/text.tsx';
import { Page } from '../layout/page.tsx';
import type { Ui } from '../ui.ts';
import { ConnectionTestPanel } from './sync-connection-test.tsx';
import { DeadLetterList } from './sync-dead-letters.tsx';
import { RefusedMessages } from './sync-refused-messages.tsx';
import { SyncStreams } from './sync-streams.tsx';

const HISTORY_REASON = {
	restored: 'sync.historyRestored',
	salvaged: 'sync.historySalvaged',
	ackAhead: 'sync.historyAckAhead',
	chainMismatch: 'sync.historyMismatch',
} as const;

export function SyncPage({ ui, sync, test }: { ui: Ui; sync: SyncStatus; test: ConnectionTest | null }) {
	return (
		<Page ui={ui} title={ui.t('sync.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<SyncDetail ui={ui} sync={sync} />
			{sync.configured && <ConnectionTestPanel ui={ui} test={test} />}
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
			{sync.configured && sync.connected && sync.problem !== null && (
				<Notice tone="warning" title={t('linkTest.problem')}>
					<p>
						<SystemWords ui={ui} text={sync.problem} />
					</p>
				</Notice>
			)}
			{sync.disk.room !== 'ample' && (
				<Notice tone="bad" title={t('sync.diskTitle')}>
					<p>{t(sync.disk.room === 'low' ? 'sync.diskLow' : 'sync.diskShort')}</p>
				</Notice>
			)}
			<div class="two-columns">
				{sync.configured && (
					<div class="stack">
						<Link ui={ui} sync={sync} />
						<RefusedMessages ui={ui} refused={sync.refused} />
					</div>
				)}
				<SyncStreams ui={ui} sync={sync} />
			</div>
			<DeadLetterList ui={ui} letters={sync.deadLetters} />
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
				{sync.history.reason !== 'new' && (
					<div>
						<dt>{t('sync.history')}</dt>
						<dd>
							<Moment ui={ui} atMs={sync.history.sinceMs} long />
							<br />
							<span class="muted">{t(HISTORY_REASON[sync.history.reason])}</span>
						</dd>
					</div>
				)}
			</dl>
		</section>
	);
}
