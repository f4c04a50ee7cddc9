import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../gateway/core/limits.ts';
import { parseScope } from '../../gateway/core/permission/scope.ts';
import { PERMISSIONS } from '../../gateway/core/permission.ts';
import { givenId } from './scalar-schemas.ts';

/** What operators and their groups are given and denied, as it is sent. */

const scope = z
	.string()
	.max(250)
	.refine((text) => parseScope(text) !== undefined, {
		message: 'No part of the site',
		params: { mend: 'Send site, park:ID or area:ID.' },
	})
	.openapi({ description: '`site`, `park:P1` or `area:A1`', example: 'park:P1' });

export const rolesSchema = z
	.array(z.strictObject({ id: givenId, scope: scope.default('site') }))
	.max(LIMITS.operatorRoles)
	.openapi({ description: 'Built-in roles, or the site’s own; each for a part of the site' });

export const permissionsSchema = z
	.array(z.strictObject({ permission: z.enum(PERMISSIONS), scope: scope.default('site') }))
	.max(LIMITS.operatorPermissions)
	.openapi({ description: 'Single permissions besides roles' });

export const denialsSchema = z
	.array(z.strictObject({ permission: z.enum(PERMISSIONS), scope: scope.default('site') }))
	.max(LIMITS.operatorDenials)
	.openapi({ description: 'Win over every role, group and licence' });

export function rolesOf(roles: z.output<typeof rolesSchema>): readonly { roleId: string; scope: string }[] {
	return roles.map(({ id, scope: of }) => ({ roleId: id, scope: of }));
}
