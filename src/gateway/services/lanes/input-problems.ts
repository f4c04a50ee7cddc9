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

/** What a technician should look at. */
export interface InputProblem {
	/** Devices whose page tells it. */
	readonly deviceIds: readonly string[];
	/** What to look at, and how. */
	readonly text: string;
}

export function inputProblems({ arm, loopWatch }: LaneState, lane: Lane): readonly InputProblem[] {
	const minutes = Math.round(lane.rules.stuckLoopMs / 60_000);
	const stuck = (['arming', 'safety', 'closing'] as const).filter((loop) => loopWatch[loop].isStuck);
	return [
		...(arm.fault === null ? [] : [armProblem(arm.fault, lane)]),
		...stuck.map((loop) =>
			problemAt(
				[lane.loops[loop]],
				`the ${loop} loop has been on for over ${minutes} min; look for a vehicle, then at the detector and at invert`,
			),
		),
	];
}

function armProblem(fault: ArmFault, { position: { open, closed }, barrier, rules }: Lane): InputProblem {
	const seconds = Math.round(rules.travelMs / 1_000);
	switch (fault) {
		case 'bothLimits':
			return problemAt([open, closed], 'both limit switches are on; check their wiring and invert');
		case 'betweenLimits':
			return problemAt([open, closed], `the arm has been between its limit switches for over ${seconds} s; look at it`);
		case 'didNotOpen': {
			const deviceId = barrier?.deviceId ?? 'barrier';
			const text = `it was told to open and the arm stayed down for over ${seconds} s; check the barrier's power, lock and input`;
			return { deviceIds: [deviceId], text: `${deviceId}: ${text}` };
		}
	}
}

function problemAt(refs: readonly (InputRef | undefined)[], text: string): InputProblem {
	const wired = refs.filter((ref) => ref !== undefined);
	const names = wired.map(({ deviceId, input }) => `${deviceId}.${input}`).join(', ');
	return { deviceIds: [...new Set(wired.map(({ deviceId }) => deviceId))], text: `${names}: ${text}` };
}

/** By device, over all lanes. */
export function inputWarnings(
	lanes: readonly Lane[],
	state: (laneId: string) => LaneState | undefined,
): ReadonlyMap<string, readonly string[]> {
	const warnings = new Map<string, readonly string[]>();
	for (const lane of lanes) {
		const now = state(lane.id);
		for (const { deviceIds, text } of now === undefined ? [] : inputProblems(now, lane))
			for (const deviceId of deviceIds) warnings.set(deviceId, [...(warnings.get(deviceId) ?? []), text]);
	}
	return warnings;
}
