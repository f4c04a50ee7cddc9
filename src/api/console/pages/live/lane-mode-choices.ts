import type { Permission } from '../../../../gateway/core/permission.ts';
import { type LaneKind, OUTSIDE } from '../../../../gateway/core/site.ts';
import type { LaneView, ModeChange } from '../../../../gateway/services/lanes/lane-view.ts';
import type { Ui } from '../../ui.ts';

/** Who looks at the lane. */
export interface ModeAsker {
	readonly operatorId: string;
	may(permission: Permission): boolean;
}

/** What this operator can do about a lane as it is now, the most likely first; what they may not is not offered, and refused by the service. */
export function modeChoices(
	lane: Pick<LaneView, 'kind' | 'to' | 'mode' | 'canHold'> & { readonly strictExit: boolean },
	{ operatorId, may }: ModeAsker,
): readonly ModeChange[] {
	const { mode } = lane;
	if (!may('lanes:hold')) return [];
	const isClosed = mode.kind === 'closedToAll' || mode.kind === 'lockdown';
	if (isClosed && !may('lanes:close')) return [];
	if (mode.kind === 'lockdown' && mode.ownerId !== operatorId && !may('exits:close')) return [];
	const mayClose = may('lanes:close') && (!isExit(lane) || (lane.strictExit && may('exits:close')));
	return [
		...when(mode.kind === 'heldOpen' && !mode.confirmed, 'confirmHold'),
		...when(mode.kind !== 'normal', 'release'),
		...when(lane.canHold && mode.kind !== 'heldOpen', 'hold'),
		...when(mayClose && mode.kind !== 'closedToAll', 'close'),
		...when(mayClose && mode.kind !== 'lockdown', 'lockdown'),
	];
}

/** What the reader of a page can do about a lane. */
export function offeredModes(ui: Ui, lane: LaneView): readonly ModeChange[] {
	const strictExit = ui.site.lanes.find(({ id }) => id === lane.id)?.rules.strictExit ?? false;
	return modeChoices(
		{ ...lane, strictExit },
		{
			operatorId: ui.login?.operator.id ?? '',
			may: (permission) => ui.may(permission, { kind: 'lane', id: lane.id }),
		},
	);
}

function when(isOffered: boolean, change: ModeChange): readonly ModeChange[] {
	return isOffered ? [change] : [];
}

function isExit({ kind, to }: { readonly kind: LaneKind; readonly to: string }): boolean {
	return kind === 'exit' || to === OUTSIDE;
}
