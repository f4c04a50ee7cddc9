// Makes an example that fits a JSON Schema, with values as they look in real life where the name tells what it is.

const ROW = { id: 'holder-1', kind: 'person', name: 'Anna Peeters', email: null, status: 'active' };
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const uuid = (last) => `0199d3a0-5e3c-7c1a-9d55-0000000000${last}`;

/** What is told of a grant. */
const DECISION = {
	lane: 'L1',
	direction: 'entry',
	outcome: 'granted',
	headline: null,
	subject: '1-ABC-234',
	holder: 'holder-1',
	credential: 'credential-1',
	right: 'right-1',
	vend: uuid('11'),
};

/** By property name. One that does not fit its schema is not used. */
const SAMPLES = {
	v: 1,
	id: uuid('01'),
	site: 'north',
	gatewayEpoch: uuid('02'),
	centralEpoch: uuid('03'),
	link: uuid('04'),
	inReplyTo: uuid('05'),
	bootId: uuid('06'),
	snapshotId: uuid('07'),
	commandId: uuid('08'),
	nonce: uuid('09'),
	mailId: uuid('12'),
	mails: [uuid('12')],
	timeZone: 'Europe/Brussels',
	endsAtMs: 1_760_086_400_000,
	afterS: 10,
	pending: [uuid('10')],
	ts: 1_760_000_000_000,
	clock: 'synced',
	version: '1.4.0',
	min: 1,
	max: 1,
	stream: 'people',
	rev: 42,
	floor: 7,
	from: 41,
	to: 42,
	lastSeq: 1_204,
	ackedSeq: 1_200,
	upTo: 1_200,
	seq: 1_201,
	hash: SHA256,
	root: null,
	chain: SHA256,
	before: SHA256,
	after: SHA256,
	table: 'holders',
	key: 'holder-1',
	row: ROW,
	rows: 1,
	count: 1,
	first: 'holders/holder-1',
	last: 'holders/holder-1',
	target: 'L1',
	lane: 'L1',
	ttlS: 10,
	untilMs: null,
	by: 'Jan at central',
	reason: 'Delivery at the gate',
	because: null,
	rejected: [],
	more: false,
	problem: null,
	source: '/parkgate/acme/north',
	time: '2025-10-09T08:53:20.000Z',
	subject: '1-ABC-234',
	type: 'parkgate.decision',
	data: DECISION,
	code: 'CHANGED_SINCE',
	outcome: 'done',
};

/** @param schemas `components.schemas`, for references into them. */
export function exampleOf(schema, schemas, name = '') {
	const sample = SAMPLES[name];
	if (sample !== undefined && fits(sample, schema)) return sample;
	if (schema.$ref !== undefined) return exampleOf(schemas[schema.$ref.split('/').at(-1)], schemas, name);
	if (schema.const !== undefined) return schema.const;
	if (schema.enum !== undefined) return schema.enum[0];
	const choice = (schema.oneOf ?? schema.anyOf)?.find((option) => option.type !== 'null');
	if (choice !== undefined) return exampleOf(choice, schemas, name);
	if (schema.type === 'object' || schema.allOf !== undefined) return objectOf(schema, schemas);
	if (schema.type === 'array') return itemsOf(schema.items, schemas);
	if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0;
	if (schema.type === 'boolean') return false;
	if (Array.isArray(schema.type)) return null;
	return 'text'.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength);
}

function objectOf(schema, schemas) {
	const all = membersOf(schema, schemas);
	const value = Object.fromEntries(
		Object.entries(all).map(([name, member]) => [name, exampleOf(member, schemas, name)]),
	);
	return refined(value, schema, schemas);
}

/** What applies because of a constant: an event's data by its type, a row by its table. */
function refined(value, schema, schemas) {
	for (const part of parts(schema, schemas)) {
		const [[name, wanted]] = Object.entries(part.if?.properties ?? { '': {} });
		if (part.if === undefined || value[name] !== wanted.const) continue;
		for (const [member, its] of Object.entries(part.then.properties))
			if (value[member] !== undefined && SAMPLES[member] === undefined) value[member] = exampleOf(its, schemas, member);
	}
	return value;
}

function membersOf(schema, schemas) {
	return Object.assign({}, ...parts(schema, schemas).map(({ properties }) => properties));
}

function parts(schema, schemas) {
	if (schema.$ref !== undefined) return parts(schemas[schema.$ref.split('/').at(-1)], schemas);
	return [...(schema.allOf ?? []).flatMap((part) => parts(part, schemas)), schema];
}

/** One of each kind that may stand there. */
function itemsOf(items, schemas) {
	const target = items.$ref === undefined ? items : schemas[items.$ref.split('/').at(-1)];
	return (target.oneOf ?? target.anyOf ?? [target]).map((kind) => exampleOf(kind, schemas));
}

function fits(value, schema) {
	if (value === null && schema.anyOf?.some(({ type }) => type === 'null')) return true;
	if (schema.const !== undefined) return schema.const === value;
	if (schema.enum !== undefined) return schema.enum.includes(value);
	const types = [schema.type ?? []].flat();
	if (types.length === 0) return schema.$ref === undefined && schema.anyOf === undefined && schema.oneOf === undefined;
	if (schema.maxLength !== undefined && value?.length > schema.maxLength) return false;
	if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern).test(value))
		return false;
	return types.includes(kindOf(value)) || (kindOf(value) === 'integer' && types.includes('number'));
}

function kindOf(value) {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}
