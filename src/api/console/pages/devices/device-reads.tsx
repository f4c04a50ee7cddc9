import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import type { ReadState, RecentRead } from '../../../../gateway/services/observations/recent-reads.ts';
import type { IconName } from '../../components/icon.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { DeviceSection } from './device-section.tsx';

const STATES: Readonly<Record<ReadState, { readonly tone: Tone; readonly icon: IconName }>> = {
	granted: { tone: 'good', icon: 'check' },
	refused: { tone: 'bad', icon: 'cross' },
	unlicensed: { tone: 'warning', icon: 'warning' },
	waiting: { tone: 'quiet', icon: 'clock' },
	unused: { tone: 'quiet', icon: 'dash' },
	historical: { tone: 'quiet', icon: 'clock' },
	enrolled: { tone: 'quiet', icon: 'tag' },
	noLane: { tone: 'warning', icon: 'warning' },
};

/** What a reader or camera read last, and what became of it: the first thing to look at when a barrier stays closed. */
export function DeviceReads({ ui, device, reads }: { ui: Ui; device: DeviceStatus; reads: readonly RecentRead[] }) {
	const { t } = ui;
	if (!device.capabilities.some((capability) => capability.startsWith('reads t') || capability === 'reads plates')) {
		return null;
	}
	return (
		<DeviceSection title={t('device.reads')} id="reads-title">
			{reads.length === 0 ? (
				<p class="muted">{t('device.noReads')}</p>
			) : (
				<table class="decisions">
					<caption class="visually-hidden">{t('device.reads')}</caption>
					<thead>
						<tr>
							<th scope="col">{t('log.time')}</th>
							<th scope="col">{t('device.read')}</th>
							<th scope="col">{t('device.readState')}</th>
						</tr>
					</thead>
					<tbody>
						{reads.map((read) => (
							<ReadRow ui={ui} read={read} />
						))}
					</tbody>
				</table>
			)}
		</DeviceSection>
	);
}

function ReadRow({ ui, read }: { ui: Ui; read: RecentRead }) {
	const { t } = ui;
	const { atMs, value, label, state, cameraTimeMs, reason, decisionId } = read;
	const { tone, icon } = STATES[state];
	return (
		<tr class="decision-row">
			<td class="decision-row__time">
				<Moment ui={ui} atMs={atMs} />
			</td>
			<td class="decision-row__who">
				<span class="subject">
					<Untrusted ui={ui} text={label ?? value} />
				</span>
				{state === 'historical' && cameraTimeMs !== null && (
					<span class="advice">{t('device.readOf', { time: ui.formats.full(cameraTimeMs) })}</span>
				)}
			</td>
			<td class="decision-row__what">
				<Pill tone={tone} icon={icon}>
					{t(`read.${state}`)}
				</Pill>
				{reason !== null && <span class="consequence">{ui.reason(reason).cause}</span>}
				{(state === 'unused' || state === 'historical') && <span class="advice">{t(`read.${state}Hint`)}</span>}
				{decisionId !== null && ui.may('decisions:read') && (
					<a href={`/log/${encodeURIComponent(decisionId)}`}>{t('device.readDecision')}</a>
				)}
			</td>
		</tr>
	);
}
