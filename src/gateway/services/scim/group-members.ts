import { LIMITS } from '../../core/limits.ts';
import { matchesFilter } from '../../core/scim/match-filter.ts';
import type { MemberStep } from '../../core/scim/member-steps.ts';
import { badRequest, ScimRefusal } from '../../core/scim/scim-refusal.ts';
import { Refused } from '../operators/guarded-change.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import { createWishChecks } from '../operators/wish-checks.ts';
import { noResource, type ScimActor, scimRefusal } from './scim-resource.ts';

/** Members of groups, many at once; joins the transaction around it. Throws ScimRefusal. */
export interface GroupMembers {
	run(groupId: string, step: MemberStep, by: ScimActor): void;
	/** That who asks may do all that the group gives. */
	checkChangeable(groupId: string, by: ScimActor): void;
}

export function createGroupMembers(parts: OperatorsParts): GroupMembers {
	const { access, audit } = parts;
	const { operators, scim } = parts.store;
	const checks = createWishChecks(parts);

	function checkChangeable(groupId: string, by: ScimActor): void {
		if (by.access?.covers(access.rulesOfGroup(groupId)) === false) throw new Refused({ result: 'notYours' });
	}

	function setMember(groupId: string, operatorId: string, isMember: boolean, by: ScimActor): void {
		const groups = operators.groupIdsOf(operatorId);
		if (groups.includes(groupId) === isMember) return;
		checks.touchable(operatorId, by);
		if (isMember && groups.length >= LIMITS.groupsOfOperator) throw scimRefusal({ result: 'tooMany' });
		if (isMember) operators.addGroupMember(groupId, operatorId);
		else operators.removeGroupMember(groupId, operatorId);
		operators.countChange(operatorId);
		const detail = { groupId, group: operators.group(groupId)?.name ?? '' };
		audit.write(isMember ? 'operatorGroupJoined' : 'operatorGroupLeft', by.operatorId, operatorId, detail);
	}

	function checkKnown(operatorId: string): void {
		const known = scim.scimUser(operatorId);
		if (known === undefined || known.deleted)
			throw badRequest('invalidValue', `There is no user ${JSON.stringify(operatorId.slice(0, 200))} to be a member.`);
	}

	/** Who is put in and who is taken out. */
	function planned(
		groupId: string,
		step: MemberStep,
	): { readonly put: readonly string[]; readonly gone: readonly string[] } {
		if (step.do === 'add') return { put: step.ids, gone: [] };
		if (step.do === 'remove') return { put: [], gone: step.ids };
		const present = scim.scimMembers(groupId);
		if (step.do === 'removeChosen') {
			const isChosen = (id: string, name: string) =>
				matchesFilter(step.filter, { value: id, display: name, type: 'User' });
			return { put: [], gone: present.filter(({ id, name }) => isChosen(id, name)).map(({ id }) => id) };
		}
		const [wanted, known] = [new Set(step.ids), new Set(present.map(({ id }) => id))];
		return { put: step.ids.filter((id) => !known.has(id)), gone: [...known].filter((id) => !wanted.has(id)) };
	}

	return {
		checkChangeable,
		run(groupId, step, by) {
			if (operators.group(groupId) === undefined) throw noResource(groupId);
			const { put, gone } = planned(groupId, step);
			if (put.length + gone.length === 0) return;
			if (put.length + gone.length > LIMITS.scimMembersChanged)
				throw new ScimRefusal(413, undefined, `At most ${LIMITS.scimMembersChanged} members are changed at once.`);
			checkChangeable(groupId, by);
			for (const id of put) checkKnown(id);
			for (const id of put) setMember(groupId, id, true, by);
			for (const id of gone) if (operators.operatorById(id) !== undefined) setMember(groupId, id, false, by);
		},
	};
}
