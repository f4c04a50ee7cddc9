import { rfc3339 } from '../../../gateway/core/rfc3339.ts';
import { OPERATOR_GROUP_ID } from '../../../gateway/core/scim/group-schema.ts';
import { isRecord } from '../../../gateway/core/scim/read-resource.ts';
import type { ScimRecord } from '../../../gateway/core/scim/scim-schema.ts';
import { shapeResource, type Wanted } from '../../../gateway/core/scim/shape-resource.ts';
import { ENTERPRISE_USER_ID } from '../../../gateway/core/scim/user-schema.ts';
import type { ScimResource } from '../../../gateway/services/scim/scim-resource.ts';

export function locationOf({ model, id }: Pick<ScimResource, 'model' | 'id'>, base: string): string {
	return `${base}${model.endpoint}/${encodeURIComponent(id)}`;
}

/** A resource as it is told under an address, with as much of it as is wanted. */
export function presentScim(resource: ScimResource, base: string, wanted: Wanted): ScimRecord {
	const { model, id, attributes } = resource;
	const extensions = model.extensions.map((extension) => extension.id).filter((name) => name in attributes);
	const whole = {
		...withReferences(attributes, base),
		schemas: [model.core.id, ...extensions],
		id,
		meta: {
			resourceType: model.name,
			created: rfc3339(resource.createdAtMs, 'UTC', 3),
			lastModified: rfc3339(resource.changedAtMs, 'UTC', 3),
			location: locationOf(resource, base),
			version: resource.version,
		},
	};
	return shapeResource(model, whole, wanted);
}

function withReferences(attributes: ScimRecord, base: string): ScimRecord {
	const { members, groups } = attributes;
	const enterprise = attributes[ENTERPRISE_USER_ID];
	const group = attributes[OPERATOR_GROUP_ID];
	return {
		...attributes,
		...(Array.isArray(members) && { members: members.map((one) => referring(one, `${base}/Users`)) }),
		...(Array.isArray(groups) && { groups: groups.map((one) => referring(one, `${base}/Groups`)) }),
		...(isRecord(enterprise) && { [ENTERPRISE_USER_ID]: within(enterprise, 'manager', `${base}/Users`) }),
		...(isRecord(group) && { [OPERATOR_GROUP_ID]: within(group, 'parent', `${base}/Groups`) }),
	};
}

function within(record: ScimRecord, name: string, place: string): ScimRecord {
	return record[name] === undefined ? record : { ...record, [name]: referring(record[name], place) };
}

function referring(one: unknown, place: string): unknown {
	if (!isRecord(one) || typeof one['value'] !== 'string') return one;
	return { ...one, $ref: `${place}/${encodeURIComponent(one['value'])}` };
}
