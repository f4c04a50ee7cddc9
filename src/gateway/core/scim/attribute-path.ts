import {
	attributeNamed,
	COMMON_ATTRIBUTES,
	type ScimAttribute,
	type ScimModel,
	type ScimSchema,
} from './scim-schema.ts';

/** What an attribute's text names (RFC 7644, 3.10), in any case. */
export interface AttributePath {
	/** Of an extension; undefined: of the core schema, or common. */
	readonly extension: ScimSchema | undefined;
	/** undefined: all of the extension. */
	readonly attribute: ScimAttribute | undefined;
	readonly sub: ScimAttribute | undefined;
}

/** undefined: the model has no such attribute. */
export function findAttribute(model: ScimModel, text: string): AttributePath | undefined {
	if (!/^urn:/i.test(text)) {
		// The URN of an extension should be written (RFC 7644, 3.10); Entra ID leaves it out of `manager`.
		const places = [undefined, ...model.extensions];
		const found = places.map((place) => within(place, place?.attributes ?? coreAttributes(model), text));
		return found.find((path) => path !== undefined);
	}
	const lower = text.toLowerCase();
	for (const schema of [model.core, ...model.extensions]) {
		const id = schema.id.toLowerCase();
		const extension = schema === model.core ? undefined : schema;
		if (lower === id && extension !== undefined) return { extension, attribute: undefined, sub: undefined };
		if (!lower.startsWith(`${id}:`)) continue;
		const attributes = extension?.attributes ?? coreAttributes(model);
		return within(extension, attributes, text.slice(id.length + 1));
	}
	return undefined;
}

export function coreAttributes(model: ScimModel): readonly ScimAttribute[] {
	return [...COMMON_ATTRIBUTES, ...model.core.attributes];
}

/** Where its value is kept in a resource. */
export function keysOf({ extension, attribute, sub }: AttributePath): readonly string[] {
	return [extension?.id, attribute?.name, sub?.name].flatMap((key) => key ?? []);
}

function within(
	extension: ScimSchema | undefined,
	attributes: readonly ScimAttribute[],
	text: string,
): AttributePath | undefined {
	const [name = '', subName, ...others] = text.split('.');
	const attribute = attributeNamed(attributes, name);
	if (attribute === undefined || others.length > 0) return undefined;
	if (subName === undefined) return { extension, attribute, sub: undefined };
	const sub = attributeNamed(attribute.subAttributes ?? [], subName);
	return sub && { extension, attribute, sub };
}
