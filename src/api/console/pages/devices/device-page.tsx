import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import { devicesOfLane } from '../../../../gateway/core/lane/lane-devices.ts';
import type { Intervention } from '../../../../gateway/services/maintenance/interventions.ts';
import type { RecentRead } from '../../../../gateway/services/observations/recent-reads.ts';
import type { RecordGrant } from '../../../../gateway/services/operators/record-grants.ts';
import { createSight } from '../../../http/seen-in-parts.ts';
import { Connection } from '../../components/connection.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { deviceStatus, Pill } from '../../components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { LaneLinks, RecordSide } from '../site/site-links.tsx';
import { CameraSight } from './camera-sight.tsx';
import { capabilityLabel } from './device-list.tsx';
import { DeviceReads } from './device-reads.tsx';
import { DeviceSection } from './device-section.tsx';
import { DeviceWork } from './device-work.tsx';

interface DeviceProps {
	readonly ui: Ui;
	readonly device: DeviceStatus;
	/** Newest first. */
	readonly reads: readonly RecentRead[];
	/** What is to be done to it. */
	readonly work: readonly Intervention[];
	/** To whom it is given by itself. */
	readonly grants: readonly RecordGrant[];
}

export function DevicePage({ ui, device, reads, work, grants }: DeviceProps) {
	return (
		<Page
			ui={ui}
			title={device.id}
			back={{ href: '/devices', label: ui.t('devices.title') }}
			islands={['live']}
			aside={<Connection ui={ui} />}
		>
			<DeviceDetail ui={ui} device={device} reads={reads} />
			<DeviceWork ui={ui} deviceId={device.id} work={work} />
			<RecordSide ui={ui} record={`devices/${device.id}`} target={device.id} grants={grants} />
		</Page>
	);
}

/** All that is known of one device; fetched again when it changes. */
export function DeviceDetail({ ui, device, reads }: Omit<DeviceProps, 'work' | 'grants'>) {
	const { t } = ui;
	return (
		<div
			id="device"
			hx-get={`/live/devices/${encodeURIComponent(device.id)}`}
			hx-trigger={`parkgate:device-${device.id} from:body, parkgate:resync from:body, every 10s`}
			hx-swap="outerHTML"
		>
			{device.problem !== undefined && (
				<Notice
					tone={device.state === 'offline' || device.alarm !== undefined ? 'bad' : 'warning'}
					title={t('device.problem')}
				>
					<p>
						<SystemWords ui={ui} text={device.problem} />
					</p>
				</Notice>
			)}
			<div class="device-detail">
				<Overview ui={ui} device={device} />
				<CameraSight ui={ui} device={device} />
				<DeviceReads ui={ui} device={device} reads={reads} />
				<DeviceSection title={t('device.inputs')} id="inputs-title">
					<Inputs ui={ui} inputs={device.inputs} />
				</DeviceSection>
				<KeyWindow ui={ui} device={device} />
				<DeviceSection title={t('device.identity')} id="identity-title">
					<Table ui={ui} rows={Object.entries(device.identity)} empty={t('device.noIdentity')} />
				</DeviceSection>
				<DeviceSection title={t('device.statistics')} id="statistics-title">
					<Table
						ui={ui}
						rows={Object.entries(device.statistics).map(([name, count]) => [name, ui.formats.number(count)] as const)}
						empty={t('device.noStatistics')}
						figures
					/>
				</DeviceSection>
			</div>
		</div>
	);
}

function keyWindowPath(deviceId: string): string {
	return `/devices/${encodeURIComponent(deviceId)}/key-window`;
}

/** Giving a new reader its key: asked for here, carried out by the reader's driver. */
function KeyWindow({ ui, device: { id, capabilities, keyWindowEndMs } }: { ui: Ui; device: DeviceStatus }) {
	const { t } = ui;
	if (!capabilities.includes('takes a key') || !createSight(ui.site).device(ui, id, 'devices:install')) return null;
	const isOpen = keyWindowEndMs !== undefined;
	return (
		<DeviceSection title={t('device.key')} id="key-title">
			<p>{isOpen ? t('device.keyOpen', { time: ui.formats.full(keyWindowEndMs) }) : t('device.keyHint')}</p>
			<form method="post" action={isOpen ? `${keyWindowPath(id)}/close` : keyWindowPath(id)}>
				<CsrfField ui={ui} />
				<button class="button" type="submit">
					{t(isOpen ? 'device.keyStop' : 'device.keyAllow')}
				</button>
			</form>
		</DeviceSection>
	);
}

function Overview({ ui, device }: { ui: Ui; device: DeviceStatus }) {
	const { t } = ui;
	const { tone, icon, label } = deviceStatus(device.state);
	const lanes = ui.site.lanes.filter((lane) => devicesOfLane(lane).includes(device.id));
	return (
		<DeviceSection title={t('device.state')} id="state-title">
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('device.state')}</dt>
					<dd>
						<Pill tone={tone} icon={icon}>
							{t(label)}
						</Pill>
					</dd>
				</div>
				<div>
					<dt>{t('device.since')}</dt>
					<dd>
						<Moment ui={ui} atMs={device.sinceMs} long />
					</dd>
				</div>
				<div>
					<dt>{t('device.lastSeen')}</dt>
					<dd>
						{device.lastSeenMs === undefined ? t('device.neverSeen') : <Moment ui={ui} atMs={device.lastSeenMs} long />}
					</dd>
				</div>
				<div>
					<dt>{t('device.driver')}</dt>
					<dd>
						<code>{device.driver}</code>
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
				<div>
					<dt>{t('device.lanes')}</dt>
					<dd>{lanes.length === 0 ? t('device.noLanes') : <LaneLinks ui={ui} lanes={lanes} />}</dd>
				</div>
			</dl>
		</DeviceSection>
	);
}

function Inputs({ ui, inputs }: { ui: Ui; inputs: DeviceStatus['inputs'] }) {
	const { t } = ui;
	const named = Object.entries(inputs);
	if (named.length === 0) return <p class="muted">{t('device.noInputs')}</p>;
	return (
		<ul class="inputs">
			{named.map(([name, active]) => (
				<li class={active ? 'input-level is-active' : 'input-level'}>
					<span>{name}</span>
					<span class="input-level__state">
						<Icon name={active ? 'check' : 'dash'} size="small" />
						{t(active ? 'device.inputOn' : 'device.inputOff')}
					</span>
				</li>
			))}
		</ul>
	);
}

interface TableProps {
	readonly ui: Ui;
	readonly rows: readonly (readonly [string, string])[];
	readonly empty: string;
	readonly figures?: boolean;
}

function Table({ ui, rows, empty, figures = false }: TableProps) {
	if (rows.length === 0) return <p class="muted">{empty}</p>;
	return (
		<dl class={figures ? 'pairs pairs--wide pairs--figures' : 'pairs pairs--wide'}>
			{rows.map(([name, value]) => (
				<div>
					<dt>
						<SystemWords ui={ui} text={spacedWords(name)} />
					</dt>
					<dd>
						<Untrusted ui={ui} text={value} />
					</dd>
				</div>
			))}
		</dl>
	);
}

/** `frameErrors` as a device's driver counts it reads `frame errors`. */
function spacedWords(name: string): string {
	return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
