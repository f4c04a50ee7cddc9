import { LIMITS } from '../limits.ts';
import { keysOf } from './attribute-path.ts';
import { matchesFilter, valueAt } from './match-filter.ts';
import { type PatchPath, parsePatchPath } from './parse-filter.ts';
import { isPrimary, isRecord, namesSchema, readAttribute, readValue } from './read-resource.ts';
import { isSameValue } from './same-value.ts';
import type { ScimFilter } from './scim-filter.ts';
import { badRequest } from './scim-refusal.ts';
import type { ScimAttribute, ScimModel, ScimRecord } from './scim-schema.ts';

const PATCH_OP_ID = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Written = Record<string, unknown>;

/** One operation; its path is looked at when it is done. */
export interface PatchOperation {
	readonly op: 'add' | 'remove' | 'replace';
	/** undefined: `value` says what, as an object. */
	readonly path: string | undefined;
	readonly value: unknown;
	/** A replace of what no value of a list fits adds it, and is not refused (RFC 7644, 3.5.2.3). */
	readonly addsMissing: boolean;
}

/** The body of a PATCH. Throws ScimRefusal `invalidSyntax`. */
export function readPatch(body: unknown): readonly PatchOperation[] {
	if (!isRecord(body)) throw badRequest('invalidSyntax', 'Send one JSON object.');
	if (!namesSchema(body['schemas'], PATCH_OP_ID))
		throw badRequest('invalidSyntax', `schemas must name ${PATCH_OP_ID}.`);
	const operations = body['Operations'] ?? body['operations'];
	if (!Array.isArray(operations) || operations.length === 0)
		throw badRequest('invalidSyntax', 'Operations must hold at least one operation.');
	if (operations.length > LIMITS.scimPatchOperations)
		throw badRequest('tooMany', `At most ${LIMITS.scimPatchOperations} operations are taken at once.`);
	return operations.map(readOperation);
}

function readOperation(one: unknown): PatchOperation {
	if (!isRecord(one)) throw badRequest('invalidSyntax', 'Each operation is an object.');
	const { path = null, value } = one;
	// Entra ID writes Add, Replace and Remove, and replaces what may not be there yet.
	const written = String(one['op']);
	const name = written.toLowerCase();
	const op = (['add', 'remove', 'replace'] as const).find((known) => known === name);
	if (op === undefined) throw badRequest('invalidSyntax', 'op is add, remove or replace.');
	if (path !== null && typeof path !== 'string') throw badRequest('invalidPath', 'path is a text.');
	const target = path === null || path.trim() === '' ? undefined : path;
	if (op === 'remove' && target === undefined) throw badRequest('noTarget', 'A remove needs a path.');
	if (op !== 'remove' && value === undefined) throw badRequest('invalidSyntax', `A value is missing: ${op}.`);
	return { op, path: target, value, addsMissing: op === 'replace' && written === 'Replace' };
}

/**
 * The operations of a path-less one, and of one for a whole extension, which say what by the names of an object; also
 * `name.familyName`, as Entra ID does.
 */
export function operationsOf(model: ScimModel, operation: PatchOperation): readonly PatchOperation[] {
	const { value, op, path: whole } = operation;
	const within = (place: string | undefined, part: unknown): readonly PatchOperation[] | undefined => {
		const extension = model.extensions.find(({ id }) => id.toLowerCase() === place?.trim().toLowerCase());
		if (extension === undefined || !isRecord(part)) return undefined;
		return Object.entries(part).map(([name, inner]) => ({
			...operation,
			...{ path: `${extension.id}:${name}`, value: inner },
		}));
	};
	if (whole !== undefined) return (op === 'remove' ? undefined : within(whole, value)) ?? [operation];
	if (!isRecord(value)) throw badRequest('invalidValue', 'Without a path the value is an object of attributes.');
	return Object.entries(value).flatMap(([path, part]) => within(path, part) ?? [{ ...operation, path, value: part }]);
}

/**
 * A resource after the operations, in their order (RFC 7644, 3.5.2); what it was stays as it is. Throws ScimRefusal: all
 * of a PATCH is done, or nothing.
 */
export function patchResource(
	model: ScimModel,
	resource: ScimRecord,
	operations: readonly PatchOperation[],
): ScimRecord {
	const patched = structuredClone(resource) as Written;
	for (const operation of operations) {
		const parts = operationsOf(model, operation);
		// Whole resources are sent back with what is read-only, or known elsewhere only.
		const isLenient = parts[0] !== operation;
		for (const one of parts) {
			const target = parsePatchPath(model, one.path ?? '');
			if (target === undefined && isLenient) continue;
			if (target === undefined) throw badRequest('invalidPath', 'There is no such attribute.');
			const isReadOnly = [target.path.attribute, target.path.sub].some((named) => named?.mutability === 'readOnly');
			if (isReadOnly && isLenient) continue;
			if (isReadOnly) throw badRequest('mutability', 'This attribute is read-only.');
			apply(patched, target, one);
		}
	}
	return patched;
}

function apply(resource: Written, { path, filter }: PatchPath, operation: PatchOperation): void {
	const { attribute, extension } = path;
	const holder = extension === undefined ? resource : childOf(resource, extension.id);
	if (attribute === undefined) applyToExtension(resource, path.extension?.id ?? '', operation);
	else if (attribute.name === 'schemas') return;
	else if (attribute.multiValued) {
		const before = valueAt(holder, [attribute.name]);
		const list = Array.isArray(before) ? [...before] : [];
		const after =
			filter === undefined
				? changedList(attribute, list, path.sub, operation)
				: changedValues(attribute, list, { filter, sub: path.sub }, operation);
		setOrDelete(holder, attribute.name, withOnePrimary(attribute, list, after));
	} else applySingle(holder, attribute, path.sub, operation);
	if (extension !== undefined && Object.keys(holder).length === 0) delete resource[extension.id];
	if (attribute?.required && valueAt(resource, keysOf(path)) === undefined)
		throw badRequest('mutability', `${attribute.name} is required.`);
}

function applyToExtension(resource: Written, id: string, { op }: PatchOperation): void {
	if (op !== 'remove') throw badRequest('invalidPath', 'Name an attribute of the extension.');
	delete resource[id];
}

function applySingle(
	holder: Written,
	attribute: ScimAttribute,
	sub: ScimAttribute | undefined,
	operation: PatchOperation,
) {
	const { op, value } = operation;
	if (sub !== undefined) {
		const parts = childOf(holder, attribute.name);
		setOrDelete(parts, sub.name, op === 'remove' ? undefined : readAttribute(sub, value));
		if (Object.keys(parts).length === 0) delete holder[attribute.name];
		return;
	}
	const read = op === 'remove' ? undefined : readAttribute(attribute, value);
	const before = valueAt(holder, [attribute.name]);
	// Parts that are not named stay (RFC 7644, 3.5.2.3).
	setOrDelete(holder, attribute.name, isRecord(read) && isRecord(before) ? { ...before, ...read } : read);
}

/** Of a list without a filter. */
function changedList(
	attribute: ScimAttribute,
	list: readonly unknown[],
	sub: ScimAttribute | undefined,
	{ op, value }: PatchOperation,
): readonly unknown[] {
	if (sub !== undefined) {
		const read = op === 'remove' ? undefined : readAttribute(sub, value);
		if (list.length === 0) return read === undefined ? [] : [{ [sub.name]: read }];
		return list.flatMap((one) => withPart(one, sub.name, read));
	}
	const read = readAttribute(attribute, value);
	const named = Array.isArray(read) ? read : [];
	if (op === 'replace') return named;
	if (op === 'add') {
		const all = [...list];
		for (const one of named) if (!all.some((known) => isSameValue(known, one))) all.push(one);
		return all;
	}
	// Providers take single values out by naming them.
	return named.length === 0 ? [] : list.filter((one) => !named.some((gone) => isSameOne(one, gone)));
}

/** Of the values of a list that a filter chooses. */
function changedValues(
	attribute: ScimAttribute,
	list: readonly unknown[],
	{ filter, sub }: { readonly filter: ScimFilter; readonly sub: ScimAttribute | undefined },
	{ op, value, addsMissing }: PatchOperation,
): readonly unknown[] {
	const isChosen = (one: unknown) => matchesFilter(filter, one);
	if (op === 'remove')
		return list.flatMap((one) => (!isChosen(one) ? one : sub ? withPart(one, sub.name, undefined) : []));
	const read = sub === undefined ? readValue(attribute, value) : readAttribute(sub, value);
	const changed = (one: unknown) => {
		if (sub !== undefined) return withPart(one, sub.name, read);
		return isRecord(read) && isRecord(one) && op === 'add' ? { ...one, ...read } : (read ?? []);
	};
	if (list.some(isChosen)) return list.flatMap((one) => (isChosen(one) ? changed(one) : one));
	const made = op === 'add' || addsMissing ? valueThatFits(filter) : undefined;
	if (made === undefined) throw badRequest('noTarget', `No value of ${attribute.name} fits the filter of the path.`);
	return [...list, changed(made)].flat();
}

/** What `type eq "work"` would choose; undefined: more than one could be. */
function valueThatFits(filter: ScimFilter): Written | undefined {
	const parts = filter.op === 'and' ? filter.parts : [filter];
	const made: Written = {};
	for (const part of parts) {
		const name = part.op === 'compare' && part.by === 'eq' ? part.place.keys[0] : undefined;
		if (part.op !== 'compare' || name === undefined) return undefined;
		made[name] = part.value;
	}
	return made;
}

function withPart(one: unknown, name: string, value: unknown): readonly unknown[] {
	const parts: Written = isRecord(one) ? { ...one } : {};
	setOrDelete(parts, name, value);
	return Object.keys(parts).length === 0 ? [] : [parts];
}

/** Named by its value alone, or whole. */
function isSameOne(one: unknown, named: unknown): boolean {
	if (isRecord(one) && isRecord(named) && named['value'] !== undefined) return one['value'] === named['value'];
	return isSameValue(one, named);
}

/** Who becomes the first takes that from who was (RFC 7644, 3.5.2). */
function withOnePrimary(attribute: ScimAttribute, before: readonly unknown[], after: readonly unknown[]): unknown {
	if (after.length === 0) return undefined;
	if (after.length > LIMITS.scimValues)
		throw badRequest('tooMany', `${attribute.name} takes at most ${LIMITS.scimValues} values.`);
	if (after.filter(isPrimary).length <= 1) return after;
	const older = before.filter(isPrimary);
	const settled = after.map((one) => (isRecord(one) && older.includes(one) ? { ...one, primary: false } : one));
	if (settled.filter(isPrimary).length > 1)
		throw badRequest('invalidValue', `Only one of ${attribute.name} is primary.`);
	return settled;
}

function childOf(holder: Written, name: string): Written {
	const known = valueAt(holder, [name]);
	const child: Written = isRecord(known) ? { ...known } : {};
	holder[name] = child;
	return child;
}

function setOrDelete(holder: Written, name: string, value: unknown): void {
	if (value === undefined) delete holder[name];
	else holder[name] = value;
}
