import { foldText } from '../fold-text.ts';
import { normalisePlate, plateSkeleton } from '../plate.ts';
import { defineAggregate } from './aggregate.ts';
import { choice, instant, key, nullable, optional, reference, text } from './field.ts';

/** What a holder is known by at a lane. */
export const credentials = defineAggregate({
	name: 'credentials',
	sqlName: 'credentials',
	stream: 'access',
	fields: {
		id: key(),
		holderId: reference('holders', 'cascade'),
		kind: choice(['tag', 'plate', 'pin', 'qr'], 'tag'),
		/** What is matched: `TagValue` for tags, the normalised plate for plates. */
		value: text(128, { personal: true }),
		/** As it is written on it. */
		label: nullable(text(200, { personal: true, minLength: 0 })),
		state: choice(['active', 'disabled', 'lost', 'stolen'], 'disabled'),
		validFromMs: nullable(instant()),
		validToMs: nullable(instant()),
		note: optional(text(2_000, { personal: true, lines: 'many' })),
	},
	title: 'value',
	order: 'value',
	derived: {
		skeleton: ({ kind, value }) => (kind === 'plate' ? plateSkeleton(value) : null),
		/** As it is searched for, without spaces; `null` when the value is found by the same text. */
		label_key({ value, label }) {
			const folded = label === null ? '' : foldText(label).replaceAll(' ', '');
			return folded === '' || folded === value.toLowerCase() ? null : folded;
		},
	},
	indexes: [
		// What a decision looks up stands in its index as a whole, so that it costs one way down a tree, not two.
		{
			name: 'credentials_by_value',
			columns: ['value', 'kind', 'id', 'holder_id', 'label', 'state', 'valid_from_ms', 'valid_to_ms'],
		},
		{
			name: 'credentials_by_skeleton',
			columns: ['skeleton', 'id', 'holder_id', 'kind', 'value', 'label', 'state', 'valid_from_ms', 'valid_to_ms'],
			where: 'skeleton IS NOT NULL',
		},
		{ name: 'credentials_by_holder', columns: ['holder_id'] },
		{ name: 'credentials_by_label', columns: ['label_key'], where: 'label_key IS NOT NULL' },
		// What lists are narrowed to: a look through all takes from a tenth of a second to some, a million.
		{ name: 'credentials_by_state', columns: ['state', 'value', 'id', 'kind'], where: 'state > 0' },
		{ name: 'credentials_by_kind', columns: ['kind', 'value', 'id', 'state'] },
		// PINs and QR codes, which lists show in no order that would tell them.
		{ name: 'credentials_with_code', columns: ['id', 'kind', 'state'], where: 'kind >= 2' },
	],
	prefixes: ['value', 'label'],
	secret: { field: 'value', by: 'kind', kinds: ['pin', 'qr'], foundWhole: ['qr'] },
	unique: [['kind', 'value']],
	check: ({ kind, value, validFromMs, validToMs }) => {
		// Another spelling would never be matched: better told than silently without effect.
		if (kind === 'plate' && normalisePlate(value) !== value)
			return 'value: is not written as plates are matched, in capital letters and digits alone';
		return isBackwards(validFromMs, validToMs) ? 'validToMs: is not after validFromMs' : undefined;
	},
	faces: [
		{
			path: 'credentials',
			columns: ['value', 'kind', 'holderId', 'label', 'state', 'validToMs'],
			filters: ['kind', 'state'],
			form: [
				{ group: 'identity', fields: ['kind', 'value', 'label', 'holderId', 'state'] },
				{ group: 'validity', fields: ['validFromMs', 'validToMs'] },
				{ group: 'more', fields: ['note'] },
			],
		},
	],
});

/** An end that is not after its beginning: valid never. */
export function isBackwards(fromMs: number | null, toMs: number | null): boolean {
	return fromMs !== null && toMs !== null && toMs <= fromMs;
}
