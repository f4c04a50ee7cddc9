import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import { choice, count, key, optional, otherwise, reference, text, words } from './field.ts';

/** Holders and operators that belong together; `tenant` and `sharing` share places and vehicles. */
export const groups = defineAggregate({
	name: 'groups',
	sqlName: 'groups',
	stream: 'people',
	fields: {
		id: key(),
		name: text(200),
		kind: choice(['role', 'region', 'partnerType', 'site', 'company', 'tenant', 'sharing'], 'company'),
		parentId: optional(reference('groups', 'refuse')),
		tags: otherwise(words(50), []),
		/** Places its members take together; null: as many as there are. */
		capacity: optional(count(0, 100_000)),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [
		{ name: 'groups_by_name', columns: ['name_key', 'id'] },
		{ name: 'groups_by_parent', columns: ['parent_id'], where: 'parent_id IS NOT NULL' },
	],
	words: ['name'],
	check: ({ id, parentId }) => (parentId === id ? 'parentId: is the group itself' : undefined),
	faces: [
		{
			path: 'groups',
			columns: ['name', 'kind', 'parentId', 'capacity', 'tags'],
			filters: ['kind', 'parentId', 'tags'],
			form: [{ group: 'identity', fields: ['name', 'kind', 'parentId', 'capacity', 'tags'] }],
		},
	],
});
