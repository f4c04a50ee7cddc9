import { Pill, type Tone } from '../../console/components/status.tsx';
import type { CommandAnswer } from '../fleet.ts';
import type { CentralUi } from './central-ui.ts';

export const OUTCOME_TONES: Readonly<Record<CommandAnswer['outcome'], Tone>> = {
	done: 'good',
	refused: 'bad',
	expired: 'warning',
	failed: 'bad',
	unknown: 'warning',
};

function isOutcome(outcome: string): outcome is CommandAnswer['outcome'] {
	return Object.hasOwn(OUTCOME_TONES, outcome);
}

/** What became of a command; null: it is under way. */
export function OutcomePill({ ui, outcome }: { readonly ui: CentralUi; readonly outcome: string | null }) {
	if (outcome === null) {
		return (
			<Pill tone="active" icon="clock">
				{ui.t('fleet.outcome.none')}
			</Pill>
		);
	}
	const tone = isOutcome(outcome) ? OUTCOME_TONES[outcome] : 'quiet';
	return (
		<Pill tone={tone} icon={tone === 'good' ? 'check' : 'warning'}>
			{isOutcome(outcome) ? ui.t(`fleet.outcome.${outcome}`) : outcome}
		</Pill>
	);
}
