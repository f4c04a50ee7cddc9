import { type AttributePath, coreAttributes, findAttribute } from './attribute-path.ts';
import { isRecord } from './read-resource.ts';
import type { ScimAttribute, ScimModel, ScimRecord } from './scim-schema.ts';

/** Which attributes an answer is to have (RFC 7644, 3.9); undefined: those that come unasked. */
export interface Wanted {
	readonly attributes: readonly string[] | undefined;
	readonly excludedAttributes: readonly string[] | undefined;
}

type Written = Record<string, unknown>;
type Keep = (attribute: ScimAttribute, sub: ScimAttribute | undefined) => boolean;

/** What of a resource is told. */
export function shapeResource(model: ScimModel, resource: ScimRecord, wanted: Wanted): ScimRecord {
	const find = (names: readonly string[] | undefined) =>
		names?.flatMap((name) => findAttribute(model, name.trim()) ?? []);
	const [only, without] = [find(wanted.attributes), find(wanted.excludedAttributes)];
	const shaped = shapeFields(coreAttributes(model), resource, keepOf(undefined, only, without));
	for (const extension of model.extensions) {
		const fields = resource[extension.id];
		if (!isRecord(fields)) continue;
		const kept = shapeFields(extension.attributes, fields, keepOf(extension.id, only, without));
		if (Object.keys(kept).length > 0) shaped[extension.id] = kept;
	}
	return shaped;
}

function keepOf(
	extension: string | undefined,
	only: readonly AttributePath[] | undefined,
	without: readonly AttributePath[] | undefined,
): Keep {
	const names = (path: AttributePath, attribute: ScimAttribute, sub: ScimAttribute | undefined) =>
		path.extension?.id === extension &&
		(path.attribute === undefined || (path.attribute === attribute && (path.sub === undefined || path.sub === sub)));
	return (attribute, sub) => {
		if (attribute.returned === 'never') return false;
		if (attribute.returned === 'always') return true;
		if (only !== undefined) {
			if (sub !== undefined) return only.some((path) => names(path, attribute, sub));
			return only.some(
				(path) =>
					names(path, attribute, undefined) || (path.extension?.id === extension && path.attribute === attribute),
			);
		}
		return !(without ?? []).some((path) => names(path, attribute, sub));
	};
}

function shapeFields(attributes: readonly ScimAttribute[], fields: ScimRecord, keep: Keep): Written {
	const shaped: Written = {};
	for (const attribute of attributes) {
		const value = Object.hasOwn(fields, attribute.name) ? fields[attribute.name] : undefined;
		if (value === undefined || !keep(attribute, undefined)) continue;
		const subs = attribute.subAttributes;
		const parts = (one: unknown) => {
			if (subs === undefined || !isRecord(one)) return one;
			return Object.fromEntries(
				subs.flatMap((sub) =>
					Object.hasOwn(one, sub.name) && keep(attribute, sub) ? [[sub.name, one[sub.name]] as const] : [],
				),
			);
		};
		shaped[attribute.name] = Array.isArray(value) ? value.map(parts) : parts(value);
	}
	return shaped;
}
