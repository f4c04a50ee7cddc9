import { type LaneMode, NORMAL } from '../../core/lane/lane-mode.ts';
import type { Lane } from '../../core/site.ts';
import type { ModeAnswer, ModeRequest } from './lane-view.ts';
import { directionOf } from './load-facts.ts';

/** What a lane's mode would become, or why not (DOMAIN.md, life of a lane 11). */
export function planMode(lane: Lane, current: LaneMode, request: ModeRequest, atMs: number): ModeAnswer {
	const { change, operatorId: ownerId, reason, untilMs } = request;
	if (current.kind === 'lockdown' && current.ownerId !== ownerId && !request.mayCloseExits) {
		return { result: 'refused', because: 'needsAdministrator' };
	}
	if (change === 'release') return { result: 'changed', mode: NORMAL };
	if (change === 'confirmHold') {
		if (current.kind !== 'heldOpen' || current.confirmed) return { result: 'refused', because: 'nothingToConfirm' };
		return { result: 'changed', mode: { ...current, ownerId, confirmed: true } };
	}
	if (untilMs !== null && untilMs <= atMs) return { result: 'refused', because: 'endsInThePast' };
	if (change === 'hold') {
		if (lane.hold === undefined) return { result: 'refused', because: 'noHoldOutput' };
		return { result: 'changed', mode: { kind: 'heldOpen', ownerId, reason, sinceMs: atMs, untilMs, confirmed: true } };
	}
	// A reversible lane can always be closed to those who enter; who leaves is kept in only where the exit is strict.
	const { strictExit } = lane.rules;
	const isReversible = lane.kind === 'reversible';
	if (!isReversible && directionOf(lane) === 'exit' && !strictExit)
		return { result: 'refused', because: 'exitNotStrict' };
	const closesExit = strictExit && (isReversible || directionOf(lane) === 'exit');
	if (closesExit && !request.mayCloseExits) return { result: 'refused', because: 'needsAdministrator' };
	const kind = change === 'close' ? 'closedToAll' : 'lockdown';
	return { result: 'changed', mode: { kind, ownerId, reason, sinceMs: atMs, untilMs, confirmed: true } };
}
