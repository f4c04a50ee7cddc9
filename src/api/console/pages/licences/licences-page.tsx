import type { LicenceOverview } from '../../../../gateway/services/licensing/licence-overview.ts';
import type {
	CameraLicence,
	LicenceChange,
	ParkState,
} from '../../../../gateway/services/licensing/licence-standing.ts';
import { FieldError } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { ProductLicenceCard } from './product-licence-card.tsx';

export interface LicencesProps {
	readonly ui: Ui;
	readonly overview: LicenceOverview;
	readonly cameras: readonly CameraLicence[];
	readonly parks: readonly ParkState[];
	/** The newest first. */
	readonly history: readonly LicenceChange[];
	readonly operatorName: (operatorId: string) => string | null;
	/** What came of the last thing that was asked for. */
	readonly answer?: { readonly tone: 'good' | 'bad'; readonly title: string; readonly detail?: string };
	/** What was sent and refused. */
	readonly document?: string;
}

export const LICENCES_PATH = '/licences';

/** What the gateway, its cameras and its parks may do. */
export function LicencesPage(props: LicencesProps) {
	const { ui, overview, answer } = props;
	return (
		<Page ui={ui} title={ui.t('licences.title')}>
			<div class="config-stack">
				{answer !== undefined && (
					<Notice tone={answer.tone} title={answer.title} announce>
						{answer.detail !== undefined && (
							<p>
								<SystemWords ui={ui} text={answer.detail} />
							</p>
						)}
					</Notice>
				)}
				<ProductLicenceCard ui={ui} overview={overview} />
				<Cameras {...props} />
				<Parks {...props} />
				{ui.may('licences:write') && <InstallForm {...props} />}
				<History {...props} />
			</div>
		</Page>
	);
}

function Cameras({ ui, cameras, overview }: LicencesProps) {
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
					<form method="post" action={`${LICENCES_PATH}/cameras/${encodeURIComponent(cameraId)}`}>
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

function Parks({ ui, parks }: LicencesProps) {
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

function InstallForm({ ui, document, answer }: LicencesProps) {
	const { t } = ui;
	const isRefused = document !== undefined;
	return (
		<section class="card" aria-labelledby="install-title">
			<h2 class="card__title" id="install-title">
				{t('licences.install')}
			</h2>
			<form method="post" action={LICENCES_PATH}>
				<CsrfField ui={ui} />
				<div class="field">
					<label class="field__label" for="document">
						{t('licences.document')}
					</label>
					<div class="field__frame">
						<textarea
							class="field__input field__text"
							id="document"
							name="document"
							rows={5}
							required
							spellcheck={false}
							autocomplete="off"
							aria-describedby={isRefused ? 'document-error' : 'document-hint'}
							aria-invalid={isRefused ? 'true' : undefined}
						>
							{document}
						</textarea>
					</div>
					<p class="field__hint" id="document-hint">
						{t('licences.documentHint')}
					</p>
					<FieldError id="document-error" error={isRefused ? answer?.detail : undefined} />
				</div>
				<div class="dialog__actions">
					<button class="button button--primary" type="submit">
						{t('licences.installButton')}
					</button>
				</div>
			</form>
		</section>
	);
}

function History({ ui, history, operatorName }: LicencesProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="history-title">
			<h2 class="card__title" id="history-title">
				{t('licences.history')}
			</h2>
			{history.length === 0 ? (
				<p class="muted">{t('licences.noHistory')}</p>
			) : (
				<div class="config-scroll">
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('licences.at')}</th>
								<th scope="col">{t('licences.what')}</th>
								<th scope="col">{t('licences.by')}</th>
							</tr>
						</thead>
						<tbody>
							{history.map(({ atMs, what, subject, operatorId }) => (
								<tr>
									<th scope="row">
										<Moment ui={ui} atMs={atMs} long />
									</th>
									<td>
										<Untrusted ui={ui} text={t(`licences.${what}`, { subject })} />
									</td>
									<td>
										{operatorId === null ? (
											t('licences.gateway')
										) : (
											<Untrusted ui={ui} text={operatorName(operatorId) ?? operatorId} />
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}
