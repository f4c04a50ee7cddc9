import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

/** What outranks the usual way of a lane: fire, and what an operator made of it, with its end and reason. */
export function LaneModeNotice({ ui, lane: { mode, fire } }: { ui: Ui; lane: LaneView }) {
	const { t } = ui;
	return (
		<>
			{fire && <Notice tone="bad" icon="warning" title={t('lane.fire')} />}
			{mode.kind !== 'normal' && (
				<Notice
					tone={mode.kind === 'heldOpen' ? 'warning' : 'bad'}
					icon={mode.kind === 'heldOpen' ? 'held' : 'stop'}
					title={t(`lane.mode.${mode.kind}`)}
				>
					<p>
						<Untrusted ui={ui} text={mode.reason} />
					</p>
					<p class="muted">
						{mode.untilMs === null
							? t('lane.mode.untilReleased')
							: t('lane.mode.until', { time: ui.formats.moment(mode.untilMs) })}
					</p>
					{!mode.confirmed && <p class="muted">{t('lane.mode.unconfirmed')}</p>}
				</Notice>
			)}
		</>
	);
}
