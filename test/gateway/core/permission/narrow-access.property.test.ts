import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccess } from '../../../../src/gateway/core/permission/access.ts';
import type { PermissionRules } from '../../../../src/gateway/core/permission/decide-permission.ts';
import { narrowAccess } from '../../../../src/gateway/core/permission/narrow-access.ts';
import { createPlaces, parseScope, type Scope, WHOLE_SITE } from '../../../../src/gateway/core/permission/scope.ts';
import { PERMISSIONS } from '../../../../src/gateway/core/permission.ts';
import { TWO_PARKS } from './two-parks.ts';

const places = createPlaces(TWO_PARKS);
const SCOPES = [
	'site',
	...TWO_PARKS.parks.map(({ id }) => `park:${id}`),
	...TWO_PARKS.areas.map(({ id }) => `area:${id}`),
];
const permission = fc.constantFrom(...PERMISSIONS.slice(0, 6));
const scope = fc.constantFrom(...SCOPES.map((text): Scope => parseScope(text) ?? WHOLE_SITE));
const source = { kind: 'operator' } as const;
const rules: fc.Arbitrary<PermissionRules> = fc.record({
	grants: fc.array(
		fc.record({
			permissions: fc.uniqueArray(permission).map((list) => new Set(list)),
			scope,
			source: fc.constant({ kind: 'role', id: 'r', name: 'r' } as const),
		}),
		{ maxLength: 4 },
	),
	denials: fc.array(fc.record({ permission, scope, source: fc.constant(source) }), { maxLength: 3 }),
});

test('A9 what is lent is never more than either was lent or may be done oneself, and all of both', () => {
	const lane = fc.constantFrom(...TWO_PARKS.lanes.map(({ id }) => ({ kind: 'lane', id }) as const), undefined);
	fc.assert(
		fc.property(rules, fc.uniqueArray(permission), permission, lane, rules, (own, lent, asked, place, given) => {
			const access = createAccess(own, places);
			const narrowed = narrowAccess(access, new Set(lent));
			expect(narrowed.may(asked, place)).toBe(lent.includes(asked) && access.may(asked, place));
			expect(narrowed.explain(asked, place).may).toBe(narrowed.may(asked, place));
			expect(narrowed.mayInParts(asked)).toBe(lent.includes(asked) && access.mayInParts(asked));
			expect(narrowed.everywhere()).toEqual(access.everywhere().filter((one) => lent.includes(one)));
			if (narrowed.covers(given)) {
				expect(access.covers(given)).toBe(true);
				expect(given.grants.every(({ permissions }) => [...permissions].every((one) => lent.includes(one)))).toBe(true);
			}
		}),
	);
});
