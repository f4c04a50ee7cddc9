import { describe, expect, test } from 'vitest';
import { type LaneMode, NORMAL } from '../../../../src/gateway/core/lane/lane-mode.ts';
import type { ModeRequest } from '../../../../src/gateway/services/lanes/lane-view.ts';
import { planMode } from '../../../../src/gateway/services/lanes/plan-mode.ts';
import { aLane, TUESDAY_10H } from '../../../support/access-facts.ts';

const entry = aLane();
const holdable = aLane({ hold: { deviceId: 'boom-1', output: 'hold' } });
const exit = aLane({ kind: 'exit', from: 'A1', to: 'outside' });
const strictExit = aLane({ kind: 'exit', from: 'A1', to: 'outside', rules: { strictExit: true } });

const reversible = (change: Parameters<typeof aLane>[0] = {}) => aLane({ kind: 'reversible', ...change });

const mode = (kind: 'heldOpen' | 'closedToAll' | 'lockdown', confirmed = true): LaneMode => ({
	kind,
	ownerId: 'omar',
	reason: 'fire drill',
	sinceMs: TUESDAY_10H - 1_000,
	untilMs: null,
	confirmed,
});

function plan(lane: typeof entry, current: LaneMode, change: ModeRequest['change'], more: Partial<ModeRequest> = {}) {
	const request = { laneId: lane.id, operatorId: 'rita', change, reason: 'delivery', untilMs: null };
	const answer = planMode(lane, current, { ...request, mayCloseExits: false, ...more }, TUESDAY_10H);
	return answer.result === 'changed' ? answer.mode.kind : answer.because;
}

describe('what becomes of a lane when an operator asks', () => {
	const admin = { mayCloseExits: true };
	test.each([
		['a lane with a hold output can be held open', holdable, NORMAL, 'hold', {}, 'heldOpen'],
		['without one it can not: a long pulse is no hold', entry, NORMAL, 'hold', {}, 'noHoldOutput'],
		['an entry can be closed', entry, NORMAL, 'close', {}, 'closedToAll'],
		['an entry can be locked down', entry, NORMAL, 'lockdown', {}, 'lockdown'],
		['an exit stays open to all', exit, NORMAL, 'close', admin, 'exitNotStrict'],
		['a strict exit takes an administrator', strictExit, NORMAL, 'lockdown', {}, 'needsAdministrator'],
		['a strict exit is closed by an administrator', strictExit, NORMAL, 'close', admin, 'closedToAll'],
		['a reversible lane can be closed: who leaves is let out', reversible(), NORMAL, 'close', {}, 'closedToAll'],
		['whichever way it is declared', reversible({ from: 'A1', to: 'outside' }), NORMAL, 'close', {}, 'closedToAll'],
		[
			'one with a strict exit takes an administrator',
			reversible({ rules: { strictExit: true } }),
			NORMAL,
			'lockdown',
			{},
			'needsAdministrator',
		],
		['an end in the past is none', entry, NORMAL, 'close', { untilMs: TUESDAY_10H }, 'endsInThePast'],
		['anybody who may close can reopen', entry, mode('closedToAll'), 'release', {}, 'normal'],
		[
			'a hold of before a restart acts once confirmed',
			holdable,
			mode('heldOpen', false),
			'confirmHold',
			{},
			'heldOpen',
		],
		['a hold that acts needs no confirmation', holdable, mode('heldOpen'), 'confirmHold', {}, 'nothingToConfirm'],
		['nothing held, nothing to confirm', holdable, NORMAL, 'confirmHold', {}, 'nothingToConfirm'],
		['whoever declared a lockdown ends it', entry, mode('lockdown'), 'release', { operatorId: 'omar' }, 'normal'],
		['an administrator ends it', entry, mode('lockdown'), 'release', admin, 'normal'],
		['nobody else ends a lockdown', entry, mode('lockdown'), 'release', {}, 'needsAdministrator'],
		['nor turns it into a closed lane', entry, mode('lockdown'), 'close', {}, 'needsAdministrator'],
		['nor holds the arm up under it', holdable, mode('lockdown'), 'hold', {}, 'needsAdministrator'],
	] as const)('%s', (_title, lane, current, change, more, expected) => {
		expect(plan(lane, current, change, more)).toBe(expected);
	});
});
