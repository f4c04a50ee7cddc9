import type { Child } from 'hono/jsx';
import type { DeviceState } from '../../../gateway/core/device.ts';
import type { LanePhase } from '../../../gateway/core/lane/lane-state.ts';
import type { DecisionSummary } from '../../../gateway/services/access-log.ts';
import type { LabelKey } from '../catalogue/translator.ts';
import { Icon, type IconName } from './icon.tsx';

/** What a state means to the reader; colour, icon and words always come together. */
export type Tone = 'good' | 'bad' | 'warning' | 'active' | 'quiet';

export interface Status {
	readonly tone: Tone;
	readonly icon: IconName;
	readonly label: LabelKey;
}

export function Pill({ tone, icon, children }: { tone: Tone; icon: IconName; children?: Child }) {
	return (
		<span class={`pill pill--${tone}`}>
			<Icon name={icon} size="small" />
			{children}
		</span>
	);
}

const PHASES: Readonly<Record<LanePhase, Status>> = {
	idle: { tone: 'quiet', icon: 'check', label: 'phase.idle' },
	arrived: { tone: 'active', icon: 'car', label: 'phase.arrived' },
	identifying: { tone: 'active', icon: 'search', label: 'phase.identifying' },
	refused: { tone: 'bad', icon: 'cross', label: 'phase.refused' },
	opening: { tone: 'good', icon: 'barrier', label: 'phase.opening' },
	openWait: { tone: 'good', icon: 'barrier', label: 'phase.openWait' },
	passing: { tone: 'good', icon: 'car', label: 'phase.passing' },
	faulted: { tone: 'warning', icon: 'warning', label: 'phase.faulted' },
	heldOpen: { tone: 'warning', icon: 'held', label: 'phase.heldOpen' },
	closedToAll: { tone: 'bad', icon: 'stop', label: 'phase.closedToAll' },
};

export function phaseStatus(phase: LanePhase): Status {
	return PHASES[phase];
}

const DEVICE_STATES: Readonly<Record<DeviceState, Status>> = {
	starting: { tone: 'active', icon: 'clock', label: 'device.state.starting' },
	online: { tone: 'good', icon: 'check', label: 'device.state.online' },
	offline: { tone: 'bad', icon: 'offline', label: 'device.state.offline' },
	faulted: { tone: 'warning', icon: 'warning', label: 'device.state.faulted' },
};

export function deviceStatus(state: DeviceState): Status {
	return DEVICE_STATES[state];
}

/** Denied (policy) and failed (hardware) are different outcomes everywhere. */
export function outcomeStatus({ outcome, sequel }: Pick<DecisionSummary, 'outcome' | 'sequel'>): Status {
	if (outcome === 'refused') return { tone: 'bad', icon: 'cross', label: 'outcome.refused' };
	if (sequel === 'openFailed') return { tone: 'warning', icon: 'warning', label: 'outcome.failed' };
	if (sequel === 'openUnknown') return { tone: 'warning', icon: 'question', label: 'outcome.unconfirmed' };
	return { tone: 'good', icon: 'check', label: 'outcome.granted' };
}
