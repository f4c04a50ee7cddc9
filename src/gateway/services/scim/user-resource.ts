import { createHash } from 'node:crypto';
import { isRecord } from '../../core/scim/read-resource.ts';
import type { ScimRecord } from '../../core/scim/scim-schema.ts';
import { textAt } from '../../core/scim/user-mapping.ts';
import { ENTERPRISE_USER_ID, USER_MODEL } from '../../core/scim/user-schema.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { ScimUserRow } from '../../store/scim-users.ts';
import type { OperatorsParts } from '../operators/operators-deps.ts';
import type { ScimResource } from './scim-resource.ts';

/** What can be written of a user, as a client would send it. */
export function writtenUser(
	{ store: { operators } }: Pick<OperatorsParts, 'store'>,
	row: OperatorRow,
	scim: ScimUserRow,
): ScimRecord {
	const roles = operators.rolesOf(row.id).map(({ roleId, scope }) => ({ value: roleId, type: scope }));
	return {
		...scim.attributes,
		userName: scim.userName,
		displayName: row.name,
		active: row.state !== 'inactive',
		...(scim.externalId !== null && { externalId: scim.externalId }),
		...(roles.length > 0 && { roles }),
	};
}

export function userResource(parts: Pick<OperatorsParts, 'store'>, row: OperatorRow, scim: ScimUserRow): ScimResource {
	const { operators } = parts.store;
	const groups = operators.groupIdsOf(row.id).flatMap((id) => {
		const group = operators.group(id);
		return group === undefined ? [] : [{ value: id, display: group.name, type: 'direct' }];
	});
	const written = writtenUser(parts, row, scim);
	const attributes = { ...withManagerNamed(parts, written), ...(groups.length > 0 && { groups }) };
	// Groups are renamed and removed without a change of those in them.
	const seen = createHash('sha256').update(JSON.stringify(groups)).digest('base64url').slice(0, 8);
	return {
		...{ model: USER_MODEL, id: row.id, attributes, createdAtMs: scim.createdAtMs },
		changedAtMs: scim.changedAtMs,
		version: `W/"${row.version}-${seen}"`,
	};
}

function withManagerNamed({ store: { operators } }: Pick<OperatorsParts, 'store'>, user: ScimRecord): ScimRecord {
	const enterprise = user[ENTERPRISE_USER_ID];
	const id = textAt(enterprise, ['manager', 'value']);
	const manager = id === undefined ? undefined : operators.operatorById(id);
	if (!isRecord(enterprise) || manager === undefined) return user;
	return { ...user, [ENTERPRISE_USER_ID]: { ...enterprise, manager: { value: id, displayName: manager.name } } };
}
