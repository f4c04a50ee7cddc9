import { defineAggregate } from './aggregate.ts';
import { isBackwards } from './credentials.ts';
import { choice, instant, key, nullable, optional, reference, wired } from './field.ts';

/** The grant of one specification to one holder. */
export const assignedRights = defineAggregate({
	name: 'assignedRights',
	sqlName: 'assigned_rights',
	stream: 'access',
	fields: {
		id: key(),
		holderId: reference('holders', 'cascade'),
		specificationId: reference('rightSpecifications', 'refuse'),
		state: choice(['active', 'suspended'], 'suspended'),
		validFromMs: nullable(instant()),
		validToMs: nullable(instant()),
		/** Whose shared places it takes. */
		poolId: optional(reference('pools', 'refuse')),
		/** The space that is kept for it. */
		spaceId: optional(wired('space')),
		/** The bundle that gave it. */
		bundleId: optional(reference('bundles', 'clear')),
	},
	title: 'specificationId',
	order: 'id',
	indexes: [
		{
			name: 'assigned_rights_by_holder',
			columns: ['holder_id', 'id', 'specification_id', 'state', 'valid_from_ms', 'valid_to_ms', 'pool_id'],
		},
		{ name: 'assigned_rights_by_pool', columns: ['pool_id'], where: 'pool_id IS NOT NULL' },
		{ name: 'assigned_rights_by_bundle', columns: ['bundle_id'], where: 'bundle_id IS NOT NULL' },
		{ name: 'assigned_rights_by_specification', columns: ['specification_id', 'id'] },
		{ name: 'assigned_rights_by_state', columns: ['state', 'id'], where: 'state > 0' },
	],
	check: ({ validFromMs, validToMs }) =>
		isBackwards(validFromMs, validToMs) ? 'validToMs: is not after validFromMs' : undefined,
	faces: [
		{
			path: 'rights',
			columns: ['specificationId', 'holderId', 'state', 'validFromMs', 'validToMs', 'poolId'],
			filters: ['specificationId', 'state', 'poolId'],
			form: [
				{ group: 'identity', fields: ['holderId', 'specificationId', 'state'] },
				{ group: 'validity', fields: ['validFromMs', 'validToMs'] },
				{ group: 'sharing', fields: ['poolId', 'spaceId'] },
			],
		},
	],
});
