import type { DeviceStatus } from '../../../../gateway/core/device.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Pill } from '../../components/status.tsx';
import type { Ui } from '../../ui.ts';
import { DeviceSection } from './device-section.tsx';

interface Figure {
	/** As drivers and lanes count it; see docs/drivers/push-cameras.md. */
	readonly statistic: string;
	readonly label: LabelKey;
	readonly hint: LabelKey;
	readonly isPoor: (value: number) => boolean;
	readonly show: (ui: Ui, value: number) => string;
}

const percent = (ui: Ui, value: number) => ui.formats.percent(value / 100);

const FIGURES: readonly Figure[] = [
	{
		...{ statistic: 'misreadPercent', label: 'camera.misread', hint: 'camera.misreadHint', show: percent },
		isPoor: (share) => share > 5,
	},
	{
		...{ statistic: 'nearlyReadPercent', label: 'camera.nearlyRead', hint: 'camera.nearlyReadHint', show: percent },
		isPoor: (share) => share > 5,
	},
	{
		...{ statistic: 'tagMismatchPercent', label: 'camera.tagMismatch', hint: 'camera.tagMismatchHint', show: percent },
		isPoor: (share) => share > 2,
	},
	{
		...{ statistic: 'plateWidthPx', label: 'camera.plateWidth', hint: 'camera.plateWidthHint' },
		isPoor: (px) => px < 100,
		show: (ui, px) => ui.t('camera.pixels', { count: px }),
	},
	{
		...{ statistic: 'clockOffsetMs', label: 'camera.clock', hint: 'camera.clockHint' },
		isPoor: (offsetMs) => Math.abs(offsetMs) > 5_000,
		show(ui, offsetMs) {
			if (Math.abs(offsetMs) < 1_000) return ui.t('camera.clockRight');
			const by = ui.formats.duration(Math.abs(offsetMs));
			return offsetMs < 0 ? ui.t('camera.clockBehind', { by }) : ui.t('camera.clockAhead', { by });
		},
	},
];

/** How well a camera sees, over its last hundred vehicles, and what to look at where it does not. */
export function CameraSight({ ui, device }: { ui: Ui; device: DeviceStatus }) {
	if (!device.capabilities.includes('reads plates')) return null;
	const { t } = ui;
	const known = FIGURES.flatMap((figure) => {
		const value = device.statistics[figure.statistic];
		return value === undefined ? [] : [{ figure, value }];
	});
	return (
		<DeviceSection title={t('camera.title')} id="sight-title">
			{known.length === 0 ? (
				<p class="muted">{t('camera.nothingYet')}</p>
			) : (
				<dl class="pairs pairs--wide">
					{known.map(({ figure, value }) => (
						<div>
							<dt>{t(figure.label)}</dt>
							<dd>
								{figure.isPoor(value) ? (
									<>
										<Pill tone="warning" icon="warning">
											{figure.show(ui, value)}
										</Pill>
										<p class="muted">{t(figure.hint)}</p>
									</>
								) : (
									<Pill tone="good" icon="check">
										{figure.show(ui, value)}
									</Pill>
								)}
							</dd>
						</div>
					))}
				</dl>
			)}
		</DeviceSection>
	);
}
