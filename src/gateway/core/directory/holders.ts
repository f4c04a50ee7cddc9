import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import { choice, key, nullable, optional, otherwise, reference, references, text, wired, words } from './field.ts';

/** Marks people who are here for a visit: neither the default bundle nor one of this tag gives them a right. */
export const VISITOR_TAG = 'visitor';

/** Right holders: people, organisations and vehicles. */
export const holders = defineAggregate({
	name: 'holders',
	sqlName: 'holders',
	stream: 'people',
	fields: {
		id: key(),
		kind: choice(['person', 'organisation', 'vehicle'], 'person'),
		name: text(200, { personal: true }),
		email: nullable(text(254, { personal: true, minLength: 0 })),
		status: choice(['active', 'inactive', 'blocked'], 'blocked'),
		phone: optional(text(40, { personal: true })),
		/** ISO 639-1, of what is written to them. */
		language: optional(choice(['en', 'fr', 'nl'], 'en')),
		/** Their number elsewhere: payroll, tenant list. */
		externalId: optional(text(64)),
		organisationId: optional(reference('holders', 'clear')),
		groupIds: otherwise(references('groups', 50), []),
		tags: otherwise(words(50), []),
		note: optional(text(2_000, { personal: true, lines: 'many' })),
		/** Of vehicles. */
		make: optional(text(60)),
		model: optional(text(60)),
		colour: optional(text(40)),
		/** The space that is kept for this vehicle. */
		spaceId: optional(wired('space')),
		/** Who may book it. */
		sharingGroupId: optional(reference('groups', 'clear')),
		/** Of visitors: the person or organisation they come to see. */
		hostId: optional(reference('holders', 'clear')),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [
		// With what lists are narrowed by, so that they look through the index alone.
		{ name: 'holders_by_name', columns: ['name_key', 'id', 'kind', 'status', 'tags', 'group_ids'] },
		{ name: 'holders_by_external_id', columns: ['external_id'], where: 'external_id IS NOT NULL' },
		{ name: 'holders_by_sharing', columns: ['sharing_group_id'], where: 'sharing_group_id IS NOT NULL' },
		{ name: 'holders_by_organisation', columns: ['organisation_id'], where: 'organisation_id IS NOT NULL' },
		{ name: 'holders_by_host', columns: ['host_id'], where: 'host_id IS NOT NULL' },
	],
	words: ['name', 'email', 'externalId'],
	gathered: ['groupIds', 'sharingGroupId', 'tags'],
	unique: [['externalId']],
	check: ({ id, organisationId }) => (organisationId === id ? 'organisationId: is the holder itself' : undefined),
	faces: [
		{
			path: 'holders',
			columns: ['name', 'kind', 'email', 'status', 'tags'],
			filters: ['kind', 'status', 'groupIds', 'tags'],
			form: [
				{ group: 'identity', fields: ['kind', 'name', 'status'] },
				{ group: 'contact', fields: ['email', 'phone', 'language'] },
				{ group: 'belonging', fields: ['organisationId', 'groupIds', 'tags', 'externalId'] },
				{ group: 'more', fields: ['note'] },
			],
		},
		{
			path: 'vehicles',
			fixed: { kind: 'vehicle' },
			columns: ['name', 'make', 'model', 'colour', 'spaceId', 'status'],
			filters: ['status', 'sharingGroupId', 'tags'],
			form: [
				{ group: 'identity', fields: ['name', 'status', 'make', 'model', 'colour'] },
				{ group: 'sharing', fields: ['organisationId', 'spaceId', 'sharingGroupId'] },
				{ group: 'belonging', fields: ['groupIds', 'tags', 'externalId'] },
				{ group: 'more', fields: ['note'] },
			],
		},
	],
});
