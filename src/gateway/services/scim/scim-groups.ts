import { LIMITS } from '../../core/limits.ts';
import { OPERATOR_GROUP_KINDS, type OperatorGroupKind } from '../../core/permission/operator-group.ts';
import { GROUP_MODEL, OPERATOR_GROUP_ID } from '../../core/scim/group-schema.ts';
import { valueAt } from '../../core/scim/match-filter.ts';
import { type MemberStep, memberIds, splitMemberSteps } from '../../core/scim/member-steps.ts';
import { patchResource, readPatch } from '../../core/scim/patch-resource.ts';
import { isRecord, readResource } from '../../core/scim/read-resource.ts';
import { isSameValue } from '../../core/scim/same-value.ts';
import { badRequest } from '../../core/scim/scim-refusal.ts';
import type { ScimRecord } from '../../core/scim/scim-schema.ts';
import { textAt } from '../../core/scim/user-mapping.ts';
import type { OperatorGroupRow } from '../../store/operator-group-row.ts';
import { guardedChange, Refused } from '../operators/guarded-change.ts';
import type { OperatorGroups } from '../operators/operator-groups.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import { createGroupMembers } from './group-members.ts';
import {
	checkVersion,
	type ExpectedVersion,
	noResource,
	type ScimActor,
	type ScimResource,
	scimRefusal,
} from './scim-resource.ts';

/** Groups of SCIM: groups of operators. Every call throws ScimRefusal where it is not done. */
export interface ScimGroups {
	/** @param withMembers false: they are not read, and not told. */
	get(id: string, withMembers: boolean): ScimResource | undefined;
	/** It gives its members nothing until somebody says so in the console. */
	create(body: unknown, by: ScimActor): ScimResource;
	replace(id: string, body: unknown, by: ScimActor, expected: ExpectedVersion): ScimResource;
	/** The answer is without members. */
	patch(id: string, body: unknown, by: ScimActor, expected: ExpectedVersion): ScimResource;
	/** Its members stay operators. */
	remove(id: string, by: ScimActor, expected: ExpectedVersion): void;
}

interface GroupFacts {
	readonly name: string;
	readonly kind: OperatorGroupKind;
	readonly tags: readonly string[];
	readonly parentId: string | null;
}

export function createScimGroups(parts: OperatorsParts, groups: OperatorGroups): ScimGroups {
	const { audit } = parts;
	const { operators, scim } = parts.store;
	const members = createGroupMembers(parts);

	function written(row: OperatorGroupRow): ScimRecord {
		const { name, kind, tags, parentId } = row;
		const externalId = scim.scimGroup(row.id)?.externalId ?? null;
		return {
			...{ displayName: name, ...(externalId !== null && { externalId }) },
			[OPERATOR_GROUP_ID]: {
				...{ kind, ...(tags.length > 0 && { tags }), ...(parentId !== null && { parent: { value: parentId } }) },
			},
		};
	}

	function get(id: string, withMembers: boolean): ScimResource | undefined {
		const row = operators.group(id);
		const known = row && scim.scimGroup(id);
		if (row === undefined || known === undefined) return undefined;
		const list = withMembers
			? scim.scimMembers(id).map(({ id: value, name: display }) => ({ value, display, type: 'User' }))
			: [];
		const attributes = { ...withParentNamed(written(row)), ...(list.length > 0 && { members: list }) };
		const { createdAtMs, changedAtMs, changes } = known;
		return { model: GROUP_MODEL, id, attributes, createdAtMs, changedAtMs, version: `W/"${changes}"` };
	}

	function withParentNamed(group: ScimRecord): ScimRecord {
		const extension = group[OPERATOR_GROUP_ID];
		const value = textAt(extension, ['parent', 'value']);
		const parent = value === undefined ? undefined : operators.group(value);
		if (!isRecord(extension) || parent === undefined) return group;
		return { ...group, [OPERATOR_GROUP_ID]: { ...extension, parent: { value, display: parent.name } } };
	}

	const found = (id: string, withMembers: boolean): ScimResource => {
		const resource = get(id, withMembers);
		if (resource === undefined) throw noResource(id);
		return resource;
	};

	function change(by: ScimActor, run: () => void): void {
		const answer = audit.asProgram(by.program, () =>
			guardedChange<{ readonly result: 'done' } | Parameters<typeof scimRefusal>[0]>(parts, () => {
				run();
				return { result: 'done' };
			}),
		);
		if (answer.result !== 'done') throw scimRefusal(answer);
	}

	function write(id: string, group: ScimRecord, by: ScimActor): void {
		const row = operators.group(id);
		if (row === undefined) throw noResource(id);
		const before = written(row);
		if (isSameValue(before, group)) return;
		const facts = factsOf(group);
		if (!isSameValue(factsOf(before), facts)) {
			const answer = groups.update(id, facts, by);
			if (answer.result !== 'done') throw new Refused(answer);
		}
		setExternalId(id, before, group, by);
	}

	function setExternalId(id: string, before: ScimRecord, group: ScimRecord, by: ScimActor): void {
		const [was, externalId] = [textAt(before, ['externalId']) ?? null, textAt(group, ['externalId']) ?? null];
		if (was === externalId) return;
		members.checkChangeable(id, by);
		scim.setGroupExternalId(id, externalId);
		audit.write('scimGroupChanged', by.operatorId, id, { externalIdBefore: was, externalId });
	}

	function rewrite(id: string, by: ScimActor, expected: ExpectedVersion, change_: () => readonly MemberStep[]): void {
		change(by, () => {
			checkVersion(found(id, false), expected);
			for (const step of change_()) members.run(id, step, by);
		});
	}

	return {
		get,
		create(body, by) {
			const { members: listed, ...group } = readResource(GROUP_MODEL, body);
			const ids = memberIds(GROUP_MODEL, listed);
			let id = '';
			change(by, () => {
				const answer = groups.add({ ...factsOf(group), roles: [], permissions: [], denials: [] }, by);
				if (answer.result !== 'done') throw new Refused(answer);
				id = answer.group.id;
				setExternalId(id, {}, group, by);
				members.run(id, { do: 'add', ids }, by);
			});
			return found(id, true);
		},
		replace(id, body, by, expected) {
			const { members: listed, ...group } = readResource(GROUP_MODEL, body);
			const ids = memberIds(GROUP_MODEL, listed);
			rewrite(id, by, expected, () => {
				const row = operators.group(id);
				const kept = row && written(row)[OPERATOR_GROUP_ID];
				const extension = { ...(isRecord(kept) && kept), ...(group[OPERATOR_GROUP_ID] ?? {}) };
				write(id, { ...group, [OPERATOR_GROUP_ID]: extension }, by);
				return [{ do: 'set', ids }];
			});
			return found(id, true);
		},
		patch(id, body, by, expected) {
			const { steps, others } = splitMemberSteps(GROUP_MODEL, readPatch(body));
			rewrite(id, by, expected, () => {
				const row = operators.group(id);
				if (row !== undefined && others.length > 0) write(id, patchResource(GROUP_MODEL, written(row), others), by);
				return steps;
			});
			return found(id, false);
		},
		remove(id, by, expected) {
			change(by, () => {
				checkVersion(found(id, false), expected);
				const answer = groups.remove(id, by);
				if (answer.result !== 'removed') throw new Refused(answer);
			});
		},
	};
}

/** Throws ScimRefusal `invalidValue`. */
function factsOf(group: ScimRecord): GroupFacts {
	const name = textAt(group, ['displayName'])?.trim() ?? '';
	if (name === '' || name.length > 200 || /\p{Cc}/u.test(name))
		throw badRequest('invalidValue', 'displayName has 1 to 200 characters.');
	const extension = group[OPERATOR_GROUP_ID];
	const asked = textAt(extension, ['kind'])?.toLowerCase() ?? 'role';
	const kind = OPERATOR_GROUP_KINDS.find((known) => known.toLowerCase() === asked);
	if (kind === undefined) throw badRequest('invalidValue', `kind is one of ${OPERATOR_GROUP_KINDS.join(', ')}.`);
	return { name, kind, tags: tagsOf(extension), parentId: textAt(extension, ['parent', 'value']) ?? null };
}

function tagsOf(extension: unknown): readonly string[] {
	const tags = valueAt(extension, ['tags']);
	const named = [...new Set((Array.isArray(tags) ? tags : []).map((tag) => String(tag).trim()))];
	if (named.length > LIMITS.operatorGroupTags || named.some((tag) => tag === '' || tag.length > 50))
		throw badRequest('invalidValue', `Up to ${LIMITS.operatorGroupTags} tags of 1 to 50 characters.`);
	return named;
}
