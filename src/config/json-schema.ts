import { z } from 'zod';
import { centralFileSchema } from './central-file-schema.ts';
import { fileSchema } from './file-schema.ts';
import type { ConfigPath } from './problem.ts';

/** Driver name → schema of its device entries. */
export type DriverSchemas = ReadonlyMap<string, z.ZodType>;

/** The part of JSON Schema that Zod writes and this file reads. */
export interface JsonSchema {
	type?: string | string[];
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
	anyOf?: JsonSchema[];
	oneOf?: JsonSchema[];
	required?: string[];
	additionalProperties?: JsonSchema | boolean;
	const?: unknown;
	pattern?: string;
	[keyword: string]: unknown;
}

const SECRET_REFERENCE: JsonSchema = {
	type: 'string',
	pattern: '^\\$\\{credential:[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\}$',
};

/** Schema of a whole `gateway.yaml` with these drivers, for editors; errors of the gateway itself come from Zod. */
export function gatewayJsonSchema(drivers: DriverSchemas): JsonSchema {
	const schema = toJsonSchema(fileSchema);
	schema['title'] = 'Parkgate gateway.yaml';
	const { devices, mqtt } = schema.properties ?? {};
	if (devices !== undefined)
		devices.items = { type: 'object', required: ['id', 'driver'], oneOf: [...drivers].map(deviceJsonSchema) };
	allowSecrets(mqtt);
	return schema;
}

/** Schema of a whole `central.yaml`. */
export function centralJsonSchema(): JsonSchema {
	const schema = toJsonSchema(centralFileSchema);
	schema['title'] = 'Parkgate central.yaml';
	allowSecrets(schema.properties?.['mqtt']);
	return schema;
}

function allowSecrets(mqtt: JsonSchema | undefined): void {
	for (const [name, member] of Object.entries(mqtt?.properties ?? {}))
		if (name !== 'url' && mqtt?.properties !== undefined) mqtt.properties[name] = orSecret(member);
}

function deviceJsonSchema([kind, driver]: [string, z.ZodType]): JsonSchema {
	const schema = toJsonSchema(driver);
	const own = ['id', 'driver', 'port', 'path'];
	for (const [name, member] of Object.entries(schema.properties ?? {}))
		if (!own.includes(name) && schema.properties !== undefined) schema.properties[name] = orSecret(member);
	schema.properties = { ...schema.properties, driver: { type: 'string', const: kind } };
	schema.additionalProperties ??= false;
	return schema;
}

/** Text with a pattern would reject `${credential:name}` in an editor. */
function orSecret(schema: JsonSchema): JsonSchema {
	if (schema.type !== 'string' || schema.pattern === undefined) return schema;
	const { description, default: preset, ...text } = schema;
	return {
		...(description !== undefined && { description }),
		...(preset !== undefined && { default: preset }),
		anyOf: [text, SECRET_REFERENCE],
	};
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
	const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
	return rest as JsonSchema;
}

/** The file that a schema describes, such as `gateway.yaml`. */
export function fileDescribedBy(schema: JsonSchema): string {
	return String(schema['title']).replace(/^Parkgate /, '');
}

/** The schemas that may describe what stands at `path` in `value`; entries of `devices:` by their driver. */
export function schemasAt(schema: JsonSchema, path: ConfigPath, value: unknown): JsonSchema[] {
	let schemas = branches(schema, value);
	let current = value;
	for (const part of path) {
		current = memberOf(current, part);
		schemas = schemas
			.map((candidate) => (typeof part === 'number' ? candidate.items : candidate.properties?.[part]))
			.filter((candidate) => candidate !== undefined)
			.flatMap((candidate) => branches(candidate, current));
	}
	return schemas;
}

/** Keys the section at `path` may have. */
export function keysAt(schema: JsonSchema, path: ConfigPath, value: unknown): string[] {
	return [...new Set(schemasAt(schema, path, value).flatMap((candidate) => Object.keys(candidate.properties ?? {})))];
}

function branches(schema: JsonSchema, value: unknown): JsonSchema[] {
	const options = schema.anyOf ?? schema.oneOf;
	if (options === undefined) return [schema];
	const driver = memberOf(value, 'driver');
	const named = options.filter((option) => driver !== undefined && option.properties?.['driver']?.const === driver);
	return (named.length > 0 ? named : options).flatMap((option) => branches(option, value));
}

function memberOf(value: unknown, part: string | number): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	return Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
}
