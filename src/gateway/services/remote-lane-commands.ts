import type { Lanes, ModeChange } from './lanes/lane-view.ts';
import { CENTRAL_OPERATOR, type LaneCommand, type RemoteOutcome } from './remote-commands.ts';

/** Opens, holds, closes, locks down or releases a lane for central; an exit is never closed by it. */
export async function actOnLane(
	lanes: Pick<Lanes, 'get' | 'vend' | 'changeMode'>,
	command: LaneCommand,
	actUntilMs: number,
): Promise<RemoteOutcome> {
	const { op, target: laneId, reason, untilMs } = command;
	if (lanes.get(laneId) === undefined) return { outcome: 'refused', because: `there is no lane ${laneId}` };
	const by = { laneId, operatorId: CENTRAL_OPERATOR, reason };
	if (op === 'vend') {
		const answer = await lanes.vend({ ...by, deadlineMonotonicMs: actUntilMs });
		switch (answer.result) {
			case 'opened':
				return { outcome: 'done', because: null };
			case 'refused':
				return { outcome: 'refused', because: answer.because };
			case 'failed':
			case 'unknown':
			case 'expired':
				return { outcome: answer.result, because: answer.problem };
		}
	}
	const change: ModeChange = op;
	const answer = await lanes.changeMode({ ...by, change, untilMs, mayCloseExits: false });
	return answer.result === 'changed'
		? { outcome: 'done', because: null }
		: { outcome: 'refused', because: answer.because };
}
