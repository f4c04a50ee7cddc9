import { LIMITS } from '../limits.ts';
import { coreAttributes } from './attribute-path.ts';
import { badRequest } from './scim-refusal.ts';
import { attributeNamed, type ScimAttribute, type ScimModel, type ScimRecord } from './scim-schema.ts';

type Written = Record<string, unknown>;

/**
 * A resource as it came, by its schema: names in any case, what is unknown or read-only left out, `null` and empty lists
 * as nothing (RFC 7643, 2.5). Throws ScimRefusal.
 */
export function readResource(model: ScimModel, body: unknown): ScimRecord {
	if (!isRecord(body)) throw badRequest('invalidSyntax', 'Send one JSON object.');
	const schemas = Object.entries(body).find(([name]) => name.toLowerCase() === 'schemas')?.[1];
	if (!namesSchema(schemas, model.core.id)) throw badRequest('invalidSyntax', `schemas must name ${model.core.id}.`);
	const resource = readFields(coreAttributes(model), body);
	for (const [name, value] of Object.entries(body)) {
		const extension = model.extensions.find(({ id }) => id.toLowerCase() === name.toLowerCase());
		if (extension === undefined || value === null) continue;
		if (!isRecord(value)) throw badRequest('invalidValue', `${extension.id} is an object.`);
		const fields = readFields(extension.attributes, value);
		if (Object.keys(fields).length > 0) resource[extension.id] = fields;
	}
	return resource;
}

function readFields(attributes: readonly ScimAttribute[], body: ScimRecord): Written {
	const fields: Written = {};
	for (const [name, value] of Object.entries(body)) {
		const attribute = attributeNamed(attributes, name);
		if (attribute === undefined || attribute.mutability === 'readOnly' || attribute.name === 'schemas') continue;
		const read = readAttribute(attribute, value);
		if (read !== undefined) fields[attribute.name] = read;
	}
	return fields;
}

/** @returns undefined: no value. Throws ScimRefusal `invalidValue`. */
export function readAttribute(attribute: ScimAttribute, value: unknown): unknown {
	if (value === null || value === undefined) return undefined;
	if (!attribute.multiValued) return readValue(attribute, value);
	const most = attribute.name === 'members' ? LIMITS.scimMembersChanged : LIMITS.scimValues;
	// Some providers send the only value of a list by itself.
	const list: readonly unknown[] = Array.isArray(value) ? value : [value];
	if (list.length > most) throw badRequest('tooMany', `${attribute.name} takes at most ${most} values at once.`);
	const read = list.flatMap((one) => readValue(attribute, one) ?? []);
	if (read.filter(isPrimary).length > 1) throw badRequest('invalidValue', `Only one of ${attribute.name} is primary.`);
	return read.length === 0 ? undefined : read;
}

/** One value, also of a list. @returns undefined: none. Throws ScimRefusal `invalidValue`. */
export function readValue(attribute: ScimAttribute, value: unknown): unknown {
	if (value === null || value === undefined) return undefined;
	const { name, type } = attribute;
	if (type === 'complex') return readParts(attribute, value);
	if (type === 'boolean') {
		if (typeof value === 'boolean') return value;
		// Entra ID sends "True" and "False".
		if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
		throw badRequest('invalidValue', `${name} is true or false.`);
	}
	if (typeof value !== 'string') throw badRequest('invalidValue', `${name} is a text.`);
	if (value.length > LIMITS.scimValueLength) throw badRequest('invalidValue', `${name} is too long.`);
	return value === '' ? undefined : value;
}

function readParts(attribute: ScimAttribute, value: unknown): unknown {
	const { name, subAttributes = [] } = attribute;
	const valueOnly = attributeNamed(subAttributes, 'value');
	// `"manager": "id"`, `"manager": [{ "value": "id" }]` (Entra ID) and `"emails": ["a@b.example"]` are sent, too.
	const one = !attribute.multiValued && Array.isArray(value) && value.length === 1 ? value[0] : value;
	const record = typeof one === 'string' && valueOnly !== undefined ? { value: one } : one;
	if (!isRecord(record)) throw badRequest('invalidValue', `${name} is an object.`);
	const fields = readFields(subAttributes, record);
	return Object.keys(fields).length === 0 ? undefined : fields;
}

export function isPrimary(value: unknown): boolean {
	return isRecord(value) && value['primary'] === true;
}

export function isRecord(value: unknown): value is ScimRecord {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `schemas` of a body names one, in any case (RFC 7643, 3). */
export function namesSchema(schemas: unknown, id: string): boolean {
	return Array.isArray(schemas) && schemas.some((named) => String(named).toLowerCase() === id.toLowerCase());
}
