import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../gateway/core/limits.ts';
import { parseScope } from '../../gateway/core/permission/scope.ts';
import { PERMISSIONS } from '../../gateway/core/permission.ts';
import { givenId, moment } from './scalar-schemas.ts';

/** What operators and their groups are given and denied, as it is sent. */

const scope = z
	.string()
	.max(250)
	.refine((text) => parseScope(text) !== undefined, {
		message: 'No part of the site',
		params: { mend: 'Send site, park:ID, area:ID, group:ID, bundle:ID or record:TABLE/ID.' },
	})
	.openapi({
		description:
			'`site`; `park:P1`, `area:A1`; `group:G1` of people; `bundle:B1`, an access scheme; `record:holders/h-1`',
		example: 'park:P1',
	});

export const rolesSchema = z
	.array(z.strictObject({ id: givenId, scope: scope.default('site') }))
	.max(LIMITS.operatorRoles)
	.openapi({ description: 'Built-in roles, or the site’s own; each for a part of the site' });

export const permissionsSchema = z
	.array(
		z
			.strictObject({
				permission: z.enum(PERMISSIONS),
				scope: scope.default('site'),
				endsAt: moment.nullish().openapi({ description: 'It ends by itself; absent: it stays' }),
			})
			.transform(({ endsAt, ...given }) => (typeof endsAt === 'number' ? { ...given, endsAtMs: endsAt } : given)),
	)
	.max(LIMITS.operatorPermissions)
	.openapi({ description: 'Single permissions besides roles' });

export const denialsSchema = z
	.array(z.strictObject({ permission: z.enum(PERMISSIONS), scope: scope.default('site') }))
	.max(LIMITS.operatorDenials)
	.openapi({ description: 'Win over every role, group and licence' });

export function rolesOf(roles: z.output<typeof rolesSchema>): readonly { roleId: string; scope: string }[] {
	return roles.map(({ id, scope: of }) => ({ roleId: id, scope: of }));
}
