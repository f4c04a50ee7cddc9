import type { LicenceOverview } from '../../../../gateway/services/licensing/licence-overview.ts';
import type { CameraLicence, ParkState } from '../../../../gateway/services/licensing/licence-standing.ts';
import { Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { type LicenceAnswer, LicencesFrame, tabHref } from './licences-frame.tsx';

export interface EquipmentTabProps {
	readonly ui: Ui;
	readonly overview: LicenceOverview;
	readonly cameras: readonly CameraLicence[];
	/** null: not shown, as parks are not managed without RFID (FEATURES I17). */
	readonly parks: readonly ParkState[] | null;
	readonly answer?: LicenceAnswer | undefined;
}

/** Whose reads may decide, and where vehicles may enter. */
export function EquipmentTab(props: EquipmentTabProps) {
	const { ui, answer, parks } = props;
	return (
		<LicencesFrame ui={ui} tab="equipment" answer={answer}>
			<Cameras {...props} />
			{parks !== null && <Parks ui={ui} parks={parks} />}
		</LicencesFrame>
	);
}

function Cameras({ ui, cameras, overview }: EquipmentTabProps) {
	const { t } = ui;
	const { used, available } = overview.cameras;
	const isEnded = overview.term.stopped.includes('activations');
	return (
		<section class="card" aria-labelledby="cameras-title">
			<h2 class="card__title" id="cameras-title">
				{`${t('licences.cameras')} · ${t('licences.usedOf', { used, available })}`}
			</h2>
			<p class="muted">{t(cameras.length === 0 ? 'licences.noCameras' : 'licences.camerasHint')}</p>
			{isEnded && <Notice tone="warning" title={t('licences.endedHint')} />}
			{!isEnded && used >= available && cameras.some(({ active }) => !active) && (
				<Notice tone="quiet" title={t('licences.poolFull')} />
			)}
			{cameras.length > 0 && (
				<table class="plain-table">
					<tbody>
						{cameras.map((camera) => (
							<CameraRow ui={ui} camera={camera} mayActivate={!isEnded && used < available} />
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}

function CameraRow({ ui, camera, mayActivate }: { ui: Ui; camera: CameraLicence; mayActivate: boolean }) {
	const { t } = ui;
	const { cameraId, active } = camera;
	return (
		<tr>
			<th scope="row">
				<Untrusted ui={ui} text={cameraId} />
			</th>
			<td>
				<Pill tone={active ? 'good' : 'quiet'} icon={active ? 'check' : 'cross'}>
					{t(active ? 'licences.active' : 'licences.inactive')}
				</Pill>
			</td>
			<td class="figures">
				{ui.may('licences:write') && (active || mayActivate) && (
					<form method="post" action={`${tabHref('equipment')}/${encodeURIComponent(cameraId)}`}>
						<CsrfField ui={ui} />
						<button
							class="button"
							type="submit"
							name="active"
							value={active ? 'no' : 'yes'}
							aria-pressed={active ? 'true' : 'false'}
							aria-label={t(active ? 'licences.deactivate' : 'licences.activate', { camera: cameraId })}
						>
							{t(active ? 'licences.take' : 'licences.give')}
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}

function Parks({ ui, parks }: { ui: Ui; parks: readonly ParkState[] }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="parks-title">
			<h2 class="card__title" id="parks-title">
				{t('licences.parks')}
			</h2>
			<p class="muted">{t('licences.parksHint')}</p>
			<table class="plain-table">
				<tbody>
					{parks.map(({ parkId, name, active, statement }) => (
						<tr>
							<th scope="row">{name === parkId ? parkId : `${name} (${parkId})`}</th>
							<td>
								<Pill tone={active ? 'good' : 'bad'} icon={active ? 'check' : 'stop'}>
									{t(active ? 'licences.parkActive' : 'licences.parkInactive')}
								</Pill>
							</td>
							<td>
								{statement?.reason !== undefined && <Untrusted ui={ui} text={statement.reason} />}
								{statement?.support !== undefined && (
									<p class="muted">
										<Untrusted
											ui={ui}
											text={[statement.support.name, statement.support.phone, statement.support.email]
												.filter((part) => part !== undefined)
												.join(', ')}
										/>
									</p>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
