import type { ImportStage } from '../../../../gateway/services/imports/imports.ts';
import type { IconName } from '../../components/icon.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import type { Ui } from '../../ui.ts';

const LOOKS: Readonly<Record<ImportStage, readonly [Tone, IconName]>> = {
	reading: ['active', 'clock'],
	previewed: ['warning', 'eye'],
	unreadable: ['bad', 'cross'],
	confirmed: ['active', 'clock'],
	stale: ['warning', 'warning'],
	applying: ['active', 'clock'],
	applied: ['good', 'check'],
	rollingBack: ['active', 'undo'],
	rolledBack: ['bad', 'cross'],
	undoing: ['active', 'undo'],
	undone: ['quiet', 'undo'],
};

export function StagePill({ ui, stage }: { ui: Ui; stage: ImportStage }) {
	const [tone, icon] = LOOKS[stage];
	return (
		<Pill tone={tone} icon={icon}>
			{ui.t(`import.stage.${stage}`)}
		</Pill>
	);
}

/** It goes on without anybody. */
export function isMoving(stage: ImportStage): boolean {
	return LOOKS[stage][0] === 'active';
}
