import type { LaneView } from '../../../../gateway/services/lanes/lane-view.ts';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

/** What outranks the usual way of a lane: fire, and what an operator made of it, with its owner, reason and end. */
export function LaneModeNotice({ ui, lane: { mode, fire } }: { ui: Ui; lane: LaneView }) {
	const { t, formats } = ui;
	return (
		<>
			{fire && <Notice tone="bad" icon="flame" title={t('lane.fire')} />}
			{mode.kind !== 'normal' && (
				<Notice
					tone={mode.kind === 'heldOpen' ? 'warning' : 'bad'}
					icon={mode.kind === 'heldOpen' ? 'held' : mode.kind === 'lockdown' ? 'lock' : 'stop'}
					title={t(`lane.mode.${mode.kind}`)}
				>
					<p>
						<Untrusted ui={ui} text={mode.reason} />
					</p>
					<p class="muted">
						{mode.untilMs === null
							? t('lane.mode.untilReleased')
							: t('lane.mode.until', { time: formats.moment(mode.untilMs) })}
						{' · '}
						{t('mode.since', { time: formats.moment(mode.sinceMs) })} <Owner ui={ui} ownerId={mode.ownerId} />
					</p>
					{!mode.confirmed && <p class="lane__unconfirmed">{t('lane.mode.unconfirmed')}</p>}
				</Notice>
			)}
		</>
	);
}

function Owner({ ui, ownerId }: { ui: Ui; ownerId: string }) {
	if (ui.login?.operator.id === ownerId) return <>{ui.t('mode.byYou')}</>;
	return <Untrusted ui={ui} text={ui.t('mode.by', { name: ui.operatorName(ownerId) })} />;
}
