import { GatewayError } from '../../core/gateway-error.ts';
import type { Access } from '../../core/permission/access.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import type { Permission } from '../../core/permission.ts';
import type { StayDurations } from './stay-durations.ts';

export interface SeenDurationsDeps {
	readonly stayDurations: StayDurations;
	readonly rowLook: () => RowLook;
}

/** How long on-the-fly stays last, as one reader may see and choose it; another stay is as if nobody were inside. */
export interface SeenDurations extends Pick<StayDurations, 'of' | 'choose'> {
	mayChoose(stayId: string): boolean;
}

export function seenDurations(
	{ stayDurations, rowLook }: SeenDurationsDeps,
	access: Pick<Access, 'may'>,
): SeenDurations {
	const isAt = (permission: Permission, stayId: string) => {
		if (access.may(permission)) return true;
		const place = stayDurations.placeOf(stayId, rowLook());
		return place !== undefined && access.may(permission, place);
	};
	const sees = (stayId: string) => isAt('parkingSessions:read', stayId) || isAt('parkingSessions:write', stayId);
	const noSuchStay = { result: 'refused', because: 'noSuchStay' } as const;
	const mayChoose = (stayId: string) => isAt('parkingSessions:write', stayId);
	return {
		of: (stayId) => (sees(stayId) ? stayDurations.of(stayId) : noSuchStay),
		mayChoose,
		choose(choice) {
			if (mayChoose(choice.stayId)) return stayDurations.choose(choice);
			if (!sees(choice.stayId)) return noSuchStay;
			throw new GatewayError('FORBIDDEN', 'You see this stay, and may not say how long it lasts.');
		},
	};
}
