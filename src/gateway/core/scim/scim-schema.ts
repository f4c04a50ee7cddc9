/** Definition of an attribute (RFC 7643, 7), as it is told to clients and as all that comes in is read. */
export interface ScimAttribute {
	readonly name: string;
	readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'binary' | 'complex';
	readonly multiValued: boolean;
	readonly description: string;
	readonly required: boolean;
	readonly caseExact: boolean;
	readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
	readonly returned: 'always' | 'never' | 'default' | 'request';
	readonly uniqueness: 'none' | 'server' | 'global';
	readonly canonicalValues?: readonly string[];
	readonly referenceTypes?: readonly string[];
	readonly subAttributes?: readonly ScimAttribute[];
}

export interface ScimSchema {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly attributes: readonly ScimAttribute[];
}

/** A kind of resource: its core schema, and those that extend it. */
export interface ScimModel {
	readonly name: 'User' | 'Group';
	readonly endpoint: '/Users' | '/Groups';
	readonly description: string;
	readonly core: ScimSchema;
	readonly extensions: readonly ScimSchema[];
}

/** A resource, or a value within it: keys are the names of the schema, spelt as there. */
export type ScimRecord = Readonly<Record<string, unknown>>;

export function attribute(
	name: string,
	description: string,
	{ subAttributes, ...differs }: Partial<Omit<ScimAttribute, 'name' | 'description'>> = {},
): ScimAttribute {
	return {
		...{ name, type: subAttributes === undefined ? 'string' : 'complex', multiValued: false, description },
		...{ required: false, caseExact: false, mutability: 'readWrite', returned: 'default', uniqueness: 'none' },
		...differs,
		...(subAttributes && { subAttributes }),
	};
}

/** A list of things with a value, a label, and one that is the first of them (RFC 7643, 2.4). */
export function valued(
	name: string,
	description: string,
	types: readonly string[],
	value: Partial<ScimAttribute> = {},
): ScimAttribute {
	return attribute(name, description, {
		multiValued: true,
		subAttributes: [
			attribute('value', `The value of one of the ${name}.`, value),
			attribute('display', 'As it is shown to people.'),
			attribute('type', 'What it is for.', types.length === 0 ? {} : { canonicalValues: types }),
			attribute('primary', 'Whether it is the preferred one; true at most once.', { type: 'boolean' }),
		],
	});
}

const READ_ONLY = { mutability: 'readOnly', caseExact: true } as const;

/** What every resource has (RFC 7643, 3.1); part of no schema. */
export const COMMON_ATTRIBUTES: readonly ScimAttribute[] = [
	attribute('schemas', 'Which schemas it follows.', {
		...{ type: 'reference', multiValued: true, returned: 'always', mutability: 'readWrite', caseExact: true },
	}),
	attribute('id', 'The identifier here.', { ...READ_ONLY, returned: 'always', uniqueness: 'server' }),
	attribute('externalId', 'The identifier at the client.', { caseExact: true }),
	attribute('meta', 'About the resource itself.', {
		mutability: 'readOnly',
		subAttributes: [
			attribute('resourceType', 'Its kind.', READ_ONLY),
			attribute('created', 'When it was made.', { ...READ_ONLY, type: 'dateTime' }),
			attribute('lastModified', 'When it was last changed.', { ...READ_ONLY, type: 'dateTime' }),
			attribute('location', 'Its address.', { ...READ_ONLY, type: 'reference' }),
			attribute('version', 'Its ETag.', READ_ONLY),
		],
	}),
];

/** The attribute of that name, in any case. */
export function attributeNamed(attributes: readonly ScimAttribute[], name: string): ScimAttribute | undefined {
	const wanted = name.toLowerCase();
	return attributes.find((one) => one.name.toLowerCase() === wanted);
}
