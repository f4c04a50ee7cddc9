// The JSON Schemas of docs/asyncapi.yaml, made from the Zod schemas that both ends check messages with.
import { z } from 'zod';
import { DIRECTORY_TABLES } from '../src/gateway/core/directory.ts';
import { MESSAGES } from '../src/sync/envelope.ts';
import { EVENT_DATA } from '../src/sync/event-data.ts';
import { cloudEvent, op, streamPosition } from '../src/sync/message-parts.ts';

const SHARED = { cloudEvent, op, streamPosition };
const refTo = (name) => ({ $ref: `#/components/schemas/${name}` });

/** `components.schemas`: the envelope, a `…Body` for each message, what bodies share, events' data, directory rows. */
export function componentSchemas() {
	const registry = z.registry();
	const bodies = new Set();
	for (const [type, { schema }] of Object.entries(MESSAGES)) {
		const { body } = schema.shape;
		if (!bodies.has(body)) registry.add(body, { id: `${type}Body` });
		bodies.add(body);
	}
	for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id });
	for (const [type, data] of Object.entries(EVENT_DATA)) registry.add(data, { id: dataOf(type) });
	for (const [table, { row }] of Object.entries(DIRECTORY_TABLES)) registry.add(row, { id: rowOf(table) });
	const { schemas } = z.toJSONSchema(registry, {
		target: 'draft-7',
		// What a sender has to write; what has a default may be left out.
		io: 'input',
		unrepresentable: 'any',
		uri: (id) => refTo(id).$ref,
		override: ({ jsonSchema }) => tidy(jsonSchema),
	});
	for (const schema of Object.values(schemas)) {
		delete schema.$schema;
		delete schema.$id;
	}
	schemas.cloudEvent.allOf = Object.keys(EVENT_DATA).map((type) => when({ type }, { data: refTo(dataOf(type)) }));
	nameRows(schemas);
	return {
		envelope: envelope(),
		...schemas,
		directoryRow: {
			description: 'The row of a directory table',
			allOf: Object.keys(DIRECTORY_TABLES).map((table) => when({ table }, { row: refTo(rowOf(table)) })),
		},
	};
}

/** A message's payload: the envelope with one type and its body. */
export function payloadOf(type) {
	const { body } = MESSAGES[type].schema.shape;
	const [named] = Object.entries(MESSAGES).find(([, { schema }]) => schema.shape.body === body);
	const own = { type: { const: type }, body: refTo(`${named}Body`) };
	return { allOf: [refTo('envelope'), { type: 'object', properties: own, required: Object.keys(own) }] };
}

function envelope() {
	const [{ schema }] = Object.values(MESSAGES);
	const { type, body, ...shape } = schema.shape;
	const { $schema, ...written } = z.toJSONSchema(z.object(shape), {
		target: 'draft-7',
		io: 'input',
		override: ({ jsonSchema }) => tidy(jsonSchema),
	});
	return written;
}

/** Wherever rows of tables stand, the table says what a row is. */
function nameRows(node) {
	if (typeof node !== 'object' || node === null) return;
	if (node.properties?.table !== undefined && isAnything(node.properties.row)) node.allOf = [refTo('directoryRow')];
	for (const member of Object.values(node)) nameRows(member);
}

function isAnything(schema) {
	return schema !== undefined && Object.keys(schema).length === 0;
}

function when(constants, properties) {
	const given = Object.entries(constants).map(([name, value]) => [name, { const: value }]);
	// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
	return { if: { properties: Object.fromEntries(given) }, then: { properties } };
}

/** Leaves out what says nothing: a pattern beside its format, the range of all safe integers, `anyOf` for null. */
function tidy(schema) {
	if (schema.format !== undefined) delete schema.pattern;
	if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
	if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
	const [value, nothing] = schema.anyOf?.length === 2 ? schema.anyOf : [];
	if (nothing?.type !== 'null' || typeof value.type !== 'string' || value.enum !== undefined) return;
	delete schema.anyOf;
	const { description = value.description } = schema;
	Object.assign(schema, value, { type: [value.type, 'null'] }, description !== undefined && { description });
}

function dataOf(type) {
	return `${camel(type.replace(/^parkgate\./, ''))}Event`;
}

function rowOf(table) {
	return `${table}Row`;
}

function camel(text) {
	return text.replace(/[.-](\w)/g, (_, letter) => letter.toUpperCase());
}
