import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import { centrals, count, key, optional, reference, text, wired } from './field.ts';

/** Places that a tenant or another circle shares. */
export const pools = defineAggregate({
	name: 'pools',
	sqlName: 'pools',
	stream: 'access',
	fields: {
		id: key(),
		name: text(200),
		capacity: centrals(count(0, 100_000)),
		/** Where its places are; null: anywhere on the site. */
		areaId: optional(wired('area')),
		/** The tenant. */
		holderId: optional(reference('holders', 'clear')),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [{ name: 'pools_by_name', columns: ['name_key', 'id'] }],
	words: ['name'],
	faces: [
		{
			path: 'pools',
			columns: ['name', 'capacity', 'areaId', 'holderId'],
			filters: ['areaId', 'holderId'],
			form: [{ group: 'identity', fields: ['name', 'capacity', 'areaId', 'holderId'] }],
		},
	],
});
