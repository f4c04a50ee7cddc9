import { LIMITS } from '../../../../gateway/core/limits.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { PRESENTED_PATH, presentHref, SCAN_PATH } from './field-paths.ts';
import { OfflineNotice } from './field-views.tsx';
import { ScanResult, type ShownScan } from './scan-result.tsx';

/** A reader or camera that something can be presented at. */
export interface ScanDevice {
	readonly deviceId: string;
	/** Names of the lanes it reads for. */
	readonly lanes: readonly string[];
}

interface ScanProps {
	readonly ui: Ui;
	readonly q: string;
	readonly answer: ShownScan | undefined;
	readonly devices: readonly ScanDevice[];
}

/** Whose is what somebody holds in their hand; for one thumb, in the rain. */
export function ScanPage({ ui, q, answer, devices }: ScanProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('scan.title')} islands={['field-work']}>
			<div class="field-work">
				<OfflineNotice ui={ui} />
				<search>
					<form class="scan" method="get" action={SCAN_PATH} data-keeps>
						<label class="field__label" for="q">
							{t('scan.text')}
						</label>
						<div class="field__frame scan__frame">
							<input
								class="field__input scan__input"
								id="q"
								name="q"
								type="text"
								value={q}
								required
								maxlength={LIMITS.scanLength}
								autocomplete="off"
								autocapitalize="characters"
								enterkeyhint="search"
								spellcheck={false}
								autofocus={answer === undefined}
							/>
						</div>
						<button class="button button--primary button--wide button--thumb" type="submit">
							<Icon name="search" />
							{t('scan.look')}
						</button>
						<button
							class="button button--wide button--thumb"
							type="button"
							data-camera="#q"
							data-camera-stop={t('scan.cameraStop')}
							hidden
						>
							<Icon name="qr" />
							<span>{t('scan.camera')}</span>
						</button>
						<p class="field__error" data-camera-failed role="alert" hidden>
							{t('scan.cameraFailed')}
						</p>
						<video class="scan__video" data-camera-view muted playsinline hidden />
					</form>
				</search>
				{answer === undefined ? null : <ScanResult ui={ui} q={q} answer={answer} />}
				{ui.mayInParts('personalData:read') && <Present ui={ui} devices={devices} />}
			</div>
		</Page>
	);
}

function Present({ ui, devices }: { ui: Ui; devices: readonly ScanDevice[] }) {
	const { t } = ui;
	return (
		<details class="card field-work__more">
			<summary>{t('scan.present')}</summary>
			{devices.length === 0 ? (
				<p class="muted">{t('scan.noReaders')}</p>
			) : (
				<>
					<p class="muted">{t('scan.presentHint')}</p>
					<ul class="thumb-list">
						{devices.map(({ deviceId, lanes }) => (
							<li>
								<a class="thumb-list__item" href={presentHref(`${SCAN_PATH}/present`, deviceId, ui.nowMs)}>
									<Icon name="tag" />
									<span class="vehicle__words">
										<span class="subject">{deviceId}</span>
										{lanes.length > 0 && <span class="muted">{lanes.join(' · ')}</span>}
									</span>
									<Icon name="chevron-right" size="small" />
								</a>
							</li>
						))}
					</ul>
				</>
			)}
		</details>
	);
}

interface PresentProps {
	readonly ui: Ui;
	readonly deviceId: string;
	readonly afterMs: number;
}

/** Waits for a read at one reader; with scripts it looks by itself. */
export function PresentPage(props: PresentProps) {
	const { ui } = props;
	return (
		<Page ui={ui} title={ui.t('scan.title')} back={{ href: SCAN_PATH, label: ui.t('field.back') }}>
			<div class="card field-work">
				<Presenting {...props} />
			</div>
		</Page>
	);
}

export function Presenting({ ui, deviceId, afterMs }: PresentProps) {
	const { t } = ui;
	const isOver = ui.nowMs - afterMs > LIMITS.presentedReadMs;
	const again = presentHref(`${SCAN_PATH}/present`, deviceId, ui.nowMs);
	if (isOver) {
		return (
			<div id="presenting">
				<Notice tone="warning" title={t('scan.timedOut')} announce>
					<p>
						<a class="button" href={again}>
							{t('scan.again')}
						</a>
					</p>
				</Notice>
			</div>
		);
	}
	return (
		<div
			id="presenting"
			hx-get={presentHref(PRESENTED_PATH, deviceId, afterMs)}
			hx-trigger="every 1s"
			hx-swap="outerHTML"
		>
			<EmptyState icon="tag" title={t('scan.waiting', { reader: deviceId })} hint={t('scan.waitingHint')}>
				<noscript>
					<a class="button" href={presentHref(`${SCAN_PATH}/present`, deviceId, afterMs)}>
						{t('scan.again')}
					</a>
				</noscript>
			</EmptyState>
		</div>
	);
}
