import { GatewayError } from '../../core/gateway-error.ts';
import type { Access } from '../../core/permission/access.ts';
import type { Permission } from '../../core/permission.ts';
import type { Evidence } from './evidence.ts';
import type { Moderation } from './moderation.ts';

/** What one reader may do with pictures: with those whose every read was at a lane of theirs. */
export function seenModeration(
	moderation: Moderation,
	{ evidence }: { readonly evidence: Pick<Evidence, 'get'> },
	{ may }: Pick<Access, 'may'>,
): Moderation {
	function isAt(permission: Permission, imageId: string): boolean {
		const reads = evidence.get(imageId)?.reads ?? [];
		return (
			reads.length > 0 && reads.every(({ laneId }) => laneId !== null && may(permission, { kind: 'lane', id: laneId }))
		);
	}
	/** Throws FORBIDDEN for a picture that they only see. */
	function ofPicture<T>(imageId: string, act: () => T) {
		if (may('evidence:moderate') || isAt('evidence:moderate', imageId)) return act();
		if (!may('evidence:read') && !isAt('evidence:read', imageId)) return NOT_THERE;
		throw new GatewayError('FORBIDDEN', 'You see this picture, and may not change it: that needs evidence:moderate.');
	}
	return {
		blur: async (id, areas, by) => ofPicture(id, () => moderation.blur(id, areas, by)),
		delete: async (id, reason, by) => ofPicture(id, () => moderation.delete(id, reason, by)),
		hold: (id, untilMs, reason, by) => ofPicture(id, () => moderation.hold(id, untilMs, reason, by)),
		release: (id, by) => ofPicture(id, () => moderation.release(id, by)),
	};
}

const NOT_THERE = { result: 'refused', because: 'notFound' } as const;
