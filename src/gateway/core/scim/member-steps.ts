import { parsePatchPath } from './parse-filter.ts';
import { operationsOf, type PatchOperation } from './patch-resource.ts';
import { isRecord, readAttribute } from './read-resource.ts';
import type { ScimFilter } from './scim-filter.ts';
import { badRequest } from './scim-refusal.ts';
import { attributeNamed, type ScimModel } from './scim-schema.ts';

/** What a PATCH does to the members of a group, in its order: a group may have more of them than one would read to put one in. */
export type MemberStep =
	| { readonly do: 'add' | 'remove' | 'set'; readonly ids: readonly string[] }
	| { readonly do: 'removeChosen'; readonly filter: ScimFilter };

/** Takes those about members out of the others. Throws ScimRefusal. */
export function splitMemberSteps(
	model: ScimModel,
	operations: readonly PatchOperation[],
): { readonly steps: readonly MemberStep[]; readonly others: readonly PatchOperation[] } {
	const steps: MemberStep[] = [];
	const others: PatchOperation[] = [];
	for (const operation of operations) {
		const parts = operationsOf(model, operation).map((one) => ({ one, step: memberStep(model, one) }));
		steps.push(...parts.flatMap(({ step }) => step ?? []));
		const rest = parts.filter(({ step }) => step === undefined).map(({ one }) => one);
		if (rest.length === 0) continue;
		if (operation.path !== undefined) others.push(operation);
		// As it came, so that what is unknown in it is left out.
		else others.push({ ...operation, value: Object.fromEntries(rest.map(({ path, value }) => [path ?? '', value])) });
	}
	return { steps, others };
}

/** Of a group that is written whole; none: its members stay. */
export function memberIds(model: ScimModel, value: unknown): readonly string[] {
	const attribute = attributeNamed(model.core.attributes, 'members');
	const read = attribute && readAttribute(attribute, value);
	return [...new Set((Array.isArray(read) ? read : []).map(idOf))];
}

function idOf(member: unknown): string {
	const { value, type = 'User' } = isRecord(member) ? member : {};
	if (typeof value !== 'string') throw badRequest('invalidValue', 'A member is named by its value, the id of a user.');
	if (String(type).toLowerCase() !== 'user')
		throw badRequest('invalidValue', 'Members are users; a group stands in another by the parent of its extension.');
	return value;
}

function memberStep(model: ScimModel, { op, path = '', value }: PatchOperation): MemberStep | undefined {
	const target = parsePatchPath(model, path);
	if (target?.path.attribute?.name !== 'members' || target.path.extension !== undefined) return undefined;
	const { filter, path: named } = target;
	if (named.sub !== undefined) throw badRequest('mutability', 'What is told of a member can’t be changed.');
	if (filter === undefined) {
		const ids = memberIds(model, value);
		if (op === 'remove') return value === undefined || value === null ? { do: 'set', ids: [] } : { do: 'remove', ids };
		return { do: op === 'add' ? 'add' : 'set', ids };
	}
	if (op !== 'remove') throw badRequest('mutability', 'A member is put in or taken out, and not changed.');
	const isOne = filter.op === 'compare' && filter.by === 'eq' && filter.place.keys[0] === 'value';
	return isOne ? { do: 'remove', ids: [String(filter.value)] } : { do: 'removeChosen', filter };
}
