import type { SyncedStream, SyncStatus } from '../../../gateway/services/sync-status.ts';
import { Pill } from '../components/status.tsx';
import { Moment } from '../components/text.tsx';
import type { Ui } from '../ui.ts';

const DIGEST = {
	same: { tone: 'good', icon: 'check', text: 'sync.digestSame' },
	differs: { tone: 'warning', icon: 'warning', text: 'sync.digestDiffers' },
	unknown: { tone: 'quiet', icon: 'clock', text: 'sync.digestUnknown' },
} as const;

/** What central keeps here, and whether it is what central has. */
export function SyncStreams({ ui, sync }: { ui: Ui; sync: SyncStatus }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="streams-title">
			<h2 class="card__title" id="streams-title">
				{t('sync.streams')}
			</h2>
			{sync.streams.length === 0 ? (
				<p class="muted">{t('sync.noStreams')}</p>
			) : (
				<table class="plain-table sync-streams">
					<thead>
						<tr>
							<th scope="col">{t('sync.stream')}</th>
							<th scope="col" class="figures">
								{t('sync.revision')}
							</th>
							<th scope="col">{t('sync.syncedAt')}</th>
							<th scope="col">{t('sync.digest')}</th>
						</tr>
					</thead>
					<tbody>
						{sync.streams.map((stream) => (
							<StreamRow ui={ui} {...stream} />
						))}
					</tbody>
				</table>
			)}
			{sync.repairs.atMs !== null && (
				<p class="muted">
					{t('sync.repaired', { count: sync.repairs.rows })} <Moment ui={ui} atMs={sync.repairs.atMs} />
				</p>
			)}
		</section>
	);
}

function StreamRow({ ui, stream, rev, syncedAtMs, digest, parked }: SyncedStream & { ui: Ui }) {
	const { tone, icon, text } = DIGEST[digest];
	return (
		<tr>
			<th scope="row">{stream}</th>
			<td class="figures" data-label={ui.t('sync.revision')}>
				{ui.formats.number(rev)}
			</td>
			<td data-label={ui.t('sync.syncedAt')}>
				{syncedAtMs === null ? ui.t('sync.never') : <Moment ui={ui} atMs={syncedAtMs} />}
			</td>
			<td>
				<Pill tone={tone} icon={icon}>
					{ui.t(text)}
				</Pill>
				{parked > 0 && (
					<>
						<br />
						<span class="muted">{ui.t('sync.parked', { count: parked })}</span>
					</>
				)}
			</td>
		</tr>
	);
}
