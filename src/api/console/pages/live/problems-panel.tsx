import type { ClockTrust } from '../../../../gateway/core/clock.ts';
import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import type { SyncStatus } from '../../../../gateway/services/sync-status.ts';
import { Icon } from '../../components/icon.tsx';
import { deviceStatus } from '../../components/status.tsx';
import { SystemWords } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { ReportFault } from '../maintenance/report-fault.tsx';
import { ClockNotice } from './clock-views.tsx';

interface ProblemsProps {
	readonly ui: Ui;
	/** Those the reader may see; empty without the permission. */
	readonly devices: readonly DeviceStatus[];
	/** null: the reader may not see it. */
	readonly sync: SyncStatus | null;
	readonly clockTrust: ClockTrust;
}

/** What does not work, above everything else. Stays in place while its content is fetched anew, so that changes are read out. */
export function ProblemsPanel(props: ProblemsProps) {
	return (
		<section
			class="problems"
			id="problems"
			aria-live="polite"
			hx-get="/live/problems"
			hx-trigger="parkgate:device from:body, parkgate:resync from:body, every 20s"
		>
			<Problems {...props} />
		</section>
	);
}

/** One quiet line when all is well. */
export function Problems({ ui, devices, sync, clockTrust }: ProblemsProps) {
	const { t } = ui;
	const isTimeLost = clockTrust === 'untrusted';
	const broken = devices.filter(({ state }) => state !== 'online');
	const cutOff = sync?.configured === true && !sync.connected ? sync : null;
	const count = broken.length + (cutOff === null ? 0 : 1);
	// Who may not see all of it is not told that all is well.
	const isCalm = count === 0 && !isTimeLost && ui.may('devices:read') && ui.may('sync:read');
	return (
		<>
			{isTimeLost && <ClockNotice ui={ui} />}
			{isCalm && (
				<p class="problems__calm">
					<Icon name="check" size="small" />
					{t('live.allWell')}
				</p>
			)}
			{count > 0 && (
				<div class="problems__box">
					<h2 class="problems__title">
						<Icon name="warning" />
						{t('live.problems', { count })}
					</h2>
					<ul class="problems__list">
						{cutOff && (
							<li>
								<a class="problems__what" href="/sync">
									{t('live.syncProblem')}
								</a>
								<span class="problems__why">{t('live.syncQueue', { count: cutOff.outboxDepth })}</span>
							</li>
						)}
						{broken.map((device) => (
							<li>
								<a class="problems__what" href={`/devices/${encodeURIComponent(device.id)}`}>
									{`${device.id} · ${t(deviceStatus(device.state).label)}`}
								</a>
								{device.problem !== undefined && (
									<span class="problems__why">
										<SystemWords ui={ui} text={device.problem} />
									</span>
								)}
								<ReportFault ui={ui} device={device.id} title={t(deviceStatus(device.state).label)} />
							</li>
						))}
					</ul>
				</div>
			)}
		</>
	);
}
