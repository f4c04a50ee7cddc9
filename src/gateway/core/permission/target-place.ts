import type { InterventionTarget } from '../maintenance/intervention.ts';
import type { Permission } from '../permission.ts';
import type { Lane } from '../site.ts';
import type { Access } from './access.ts';
import { mayAtDevice } from './device-place.ts';

/** May they, for work on this? On a lane where it is, on a device as devices are theirs, on the site where all of it is. */
export function mayAtTarget(
	access: Pick<Access, 'may'>,
	lanes: readonly Lane[],
	target: InterventionTarget,
	permission: Permission,
): boolean {
	if (target.kind === 'device') return mayAtDevice(access, lanes, target.id, permission);
	return access.may(permission) || (target.kind === 'lane' && access.may(permission, { kind: 'lane', id: target.id }));
}
