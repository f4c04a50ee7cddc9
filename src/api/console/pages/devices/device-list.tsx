import type { Capability, DeviceStatus } from '../../../../gateway/core/device.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Connection } from '../../components/connection.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { deviceStatus, Pill } from '../../components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';

const CAPABILITIES: Readonly<Record<Capability, LabelKey>> = {
	'reads tags': 'capability.readsTags',
	'reads plates': 'capability.readsPlates',
	opens: 'capability.opens',
	'reads inputs': 'capability.readsInputs',
	shows: 'capability.shows',
	'takes a key': 'capability.takesKey',
	'takes stills': 'capability.takesStills',
};

export function capabilityLabel(capability: Capability): LabelKey {
	return CAPABILITIES[capability];
}

/** What a device is foremost, as a picture. */
function deviceIcon({ capabilities }: Pick<DeviceStatus, 'capabilities'>): IconName {
	if (capabilities.includes('reads plates')) return 'plate';
	if (capabilities.includes('reads tags')) return 'tag';
	return capabilities.includes('opens') ? 'barrier' : 'device';
}

export function DevicesPage({ ui, devices }: { ui: Ui; devices: readonly DeviceStatus[] }) {
	return (
		<Page ui={ui} title={ui.t('devices.title')} islands={['live']} aside={<Connection ui={ui} />}>
			<DeviceList ui={ui} devices={devices} />
		</Page>
	);
}

/** All devices, those with problems first; fetched again when one changes. */
export function DeviceList({ ui, devices }: { ui: Ui; devices: readonly DeviceStatus[] }) {
	const { t } = ui;
	const online = devices.filter(({ state }) => state === 'online').length;
	return (
		<section
			id="devices"
			aria-label={t('devices.title')}
			hx-get="/live/devices"
			hx-trigger="parkgate:device from:body, parkgate:resync from:body, every 30s"
			hx-swap="outerHTML"
		>
			{devices.length === 0 ? (
				<EmptyState icon="device" title={t('devices.empty')} hint={t('devices.emptyHint')} />
			) : (
				<>
					<p class="results-count">{t('devices.summary', { online, total: devices.length })}</p>
					<ul class="device-grid">
						{troubledFirst(devices).map((device) => (
							<DeviceCard ui={ui} device={device} />
						))}
					</ul>
				</>
			)}
		</section>
	);
}

function DeviceCard({ ui, device }: { ui: Ui; device: DeviceStatus }) {
	const { t } = ui;
	const { tone, icon, label } = deviceStatus(device.state);
	const maker = [device.identity['vendor'], device.identity['model']].filter((word) => word !== undefined).join(' ');
	return (
		<li class={`device card device--${tone}`}>
			<header class="device__head">
				<Icon name={deviceIcon(device)} size="large" />
				<div class="device__names">
					<h2 class="device__name">
						<a class="device__link" href={`/devices/${encodeURIComponent(device.id)}`}>
							{device.id}
						</a>
					</h2>
					<p class="muted">{maker === '' ? device.driver : <Untrusted ui={ui} text={maker} />}</p>
				</div>
				<Pill tone={tone} icon={icon}>
					{t(label)}
				</Pill>
			</header>
			{device.problem !== undefined && (
				<p class="device__problem">
					<Icon name="warning" size="small" />
					<SystemWords ui={ui} text={device.problem} />
				</p>
			)}
			<dl class="pairs">
				<div>
					<dt>{t('device.since')}</dt>
					<dd>
						<Moment ui={ui} atMs={device.sinceMs} />
					</dd>
				</div>
				<div>
					<dt>{t('device.address')}</dt>
					<dd class="device__address">{device.address}</dd>
				</div>
				<div>
					<dt>{t('device.can')}</dt>
					<dd>{device.capabilities.map((capability) => t(capabilityLabel(capability))).join(', ')}</dd>
				</div>
			</dl>
		</li>
	);
}

const URGENCY: Readonly<Record<DeviceStatus['state'], number>> = { faulted: 0, offline: 0, starting: 1, online: 2 };

function troubledFirst(devices: readonly DeviceStatus[]): readonly DeviceStatus[] {
	return devices.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state] || a.id.localeCompare(b.id, 'en'));
}
