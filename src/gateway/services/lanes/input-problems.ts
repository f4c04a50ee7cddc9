import type { ArmFault, ArmState, LaneState } from '../../core/lane/lane-state.ts';
import type { InputRef, Lane } from '../../core/site.ts';
import type { LaneView } from './lane-view.ts';

/** Only limit switches tell; one missing says nothing, both at once can't be. */
export function armPosition({ open, closed, fault }: ArmState): LaneView['barrier'] {
	if (fault !== null) return 'fault';
	if (open === closed) return open === false ? 'moving' : 'unknown';
	if (open === true) return 'open';
	return closed === true ? 'closed' : 'unknown';
}

/** What a technician should look at, input by input. */
export function inputProblems({ arm, loopWatch }: LaneState, lane: Lane): readonly string[] {
	const minutes = Math.round(lane.rules.stuckLoopMs / 60_000);
	const stuck = (['arming', 'safety', 'closing'] as const).filter((loop) => loopWatch[loop].isStuck);
	return [
		...(arm.fault === null ? [] : [armProblem(arm.fault, lane)]),
		...stuck.map(
			(loop) =>
				`${nameOf(lane.loops[loop])}: the ${loop} loop has been on for over ${minutes} min; look for a vehicle, then at the detector and at invert`,
		),
	];
}

function armProblem(fault: ArmFault, { position, barrier, rules }: Lane): string {
	const seconds = Math.round(rules.travelMs / 1_000);
	switch (fault) {
		case 'bothLimits':
			return `${nameOf(position.open)}, ${nameOf(position.closed)}: both limit switches are on; check their wiring and invert`;
		case 'betweenLimits':
			return `${nameOf(position.open)}, ${nameOf(position.closed)}: the arm has been between its limit switches for over ${seconds} s; look at it`;
		case 'didNotOpen':
			return `${barrier?.deviceId ?? 'barrier'}: it was told to open and the arm stayed down for over ${seconds} s; check the barrier's power, lock and input`;
	}
}

function nameOf(ref: InputRef | undefined): string {
	return ref === undefined ? 'input' : `${ref.deviceId}.${ref.input}`;
}
