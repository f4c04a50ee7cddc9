import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import { flag, key, otherwise, references, text } from './field.ts';

/** Mobility bundles: everybody with the tag gets these rights. */
export const bundles = defineAggregate({
	name: 'bundles',
	sqlName: 'bundles',
	stream: 'access',
	fields: {
		id: key(),
		name: text(200),
		/** Of holders, as it stands in their `tags`. */
		tag: text(40),
		specificationIds: references('rightSpecifications', 50),
		/** Given to new holders without a tag of another bundle; one at most. */
		isDefault: otherwise(flag(), false),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [{ name: 'bundles_by_name', columns: ['name_key', 'id'] }],
	words: ['name', 'tag'],
	unique: [['tag']],
	faces: [
		{
			path: 'bundles',
			columns: ['name', 'tag', 'specificationIds', 'isDefault'],
			filters: ['specificationIds'],
			form: [{ group: 'identity', fields: ['name', 'tag', 'specificationIds', 'isDefault'] }],
		},
	],
});
