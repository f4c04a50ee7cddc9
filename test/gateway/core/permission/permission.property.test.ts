import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAccess } from '../../../../src/gateway/core/permission/access.ts';
import type { Denial, Grant, PermissionRules } from '../../../../src/gateway/core/permission/decide-permission.ts';
import { type Place, parseScope, type Scope, scopeText } from '../../../../src/gateway/core/permission/scope.ts';
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from '../../../../src/gateway/core/permission.ts';
import { PLACES, TWO_PARKS } from './two-parks.ts';

const permission = fc.constantFrom(...PERMISSIONS.slice(0, 6));
const scope = fc
	.constantFrom(
		'site',
		'park:P1',
		'park:P2',
		'area:A1',
		'area:A1-vip',
		'area:A2',
		'area:B1',
		'group:G1',
		'bundle:B1',
		'record:lanes/in',
		'record:holders/h1',
	)
	.map((text) => parseScope(text) ?? { kind: 'site' as const });
const source = { kind: 'role', id: 'own', name: 'Own' } as const;
const grant: fc.Arbitrary<Grant> = fc.oneof(
	fc.record({
		permissions: fc.uniqueArray(permission).map((list) => new Set(list)),
		scope,
		source: fc.constant(source),
	}),
	fc.record({
		permissions: fc.constantFrom(...ROLES).map((role) => ROLE_PERMISSIONS[role]),
		scope,
		source: fc.constant(source),
	}),
);
const denial: fc.Arbitrary<Denial> = fc.record({
	permission,
	scope,
	source: fc.constant({ kind: 'operator' as const }),
});
const rules: fc.Arbitrary<PermissionRules> = fc.record({
	grants: fc.array(grant, { maxLength: 5 }),
	denials: fc.array(denial, { maxLength: 3 }),
});
const place: fc.Arbitrary<Place> = fc.oneof(
	fc.constant<Place>({ kind: 'site' }),
	fc.constantFrom('P1', 'P2').map((id): Place => ({ kind: 'park', id })),
	fc.constantFrom(...TWO_PARKS.areas).map(({ id }): Place => ({ kind: 'area', id })),
	fc.constantFrom(...TWO_PARKS.lanes).map(({ id }): Place => ({ kind: 'lane', id })),
	fc
		.subarray(['G1', 'G2'])
		.chain((groupIds) =>
			fc
				.tuple(
					fc.constantFrom('holders/h1', 'holders/h2'),
					fc.subarray(['B1', 'B2']),
					fc.array(fc.subarray(['A1', 'A1-vip', 'A2', 'B1', 'P1', 'gone']), { maxLength: 3 }),
				)
				.map(([id, bundleIds, opens]): Place => ({ kind: 'record', id, groupIds, bundleIds, opens })),
		),
);
const wider = (scope: Scope) => [...PLACES.around(scope)].flatMap((text) => parseScope(text) ?? []);
const access = (given: PermissionRules) => createAccess(given, PLACES);

describe('whatever is said of an operator', () => {
	test('a denial for the whole site, or for the place itself, wins over every grant', () => {
		fc.assert(
			fc.property(rules, permission, place, (given, asked, where) => {
				const site: Denial = { permission: asked, scope: { kind: 'site' }, source: { kind: 'operator' } };
				expect(access({ ...given, denials: [...given.denials, site] }).may(asked, where)).toBe(false);
				expect(access({ ...given, denials: [...given.denials, site] }).mayInParts(asked)).toBe(false);
			}),
		);
	});

	test('a role more takes nothing away; a denial more gives nothing', () => {
		fc.assert(
			fc.property(rules, grant, denial, permission, place, (given, more, against, asked, where) => {
				const before = access(given);
				const withRole = access({ ...given, grants: [...given.grants, more] });
				const withDenial = access({ ...given, denials: [...given.denials, against] });
				if (before.may(asked, where)) expect(withRole.may(asked, where)).toBe(true);
				if (before.mayInParts(asked)) expect(withRole.mayInParts(asked)).toBe(true);
				if (!before.may(asked, where)) expect(withDenial.may(asked, where)).toBe(false);
				if (!before.mayInParts(asked)) expect(withDenial.mayInParts(asked)).toBe(false);
			}),
		);
	});

	test('a grant for more of the site gives at least as much', () => {
		fc.assert(
			fc.property(rules, grant, permission, place, (given, one, asked, where) => {
				const isGiven = (scope: Scope) =>
					access({ ...given, grants: [...given.grants, { ...one, scope }] }).may(asked, where);
				for (const scope of wider(one.scope)) if (isGiven(one.scope)) expect(isGiven(scope)).toBe(true);
			}),
		);
	});

	test('a denial for more of the site takes at least as much', () => {
		fc.assert(
			fc.property(rules, denial, permission, place, (given, one, asked, where) => {
				const isGiven = (scope: Scope) =>
					access({ ...given, denials: [...given.denials, { ...one, scope }] }).may(asked, where);
				for (const scope of wider(one.scope)) if (!isGiven(one.scope)) expect(isGiven(scope)).toBe(false);
			}),
		);
	});

	test('the order of roles and denials says nothing, and saying them twice neither', () => {
		fc.assert(
			fc.property(rules, permission, place, (given, asked, where) => {
				const turned = { grants: [...given.grants].reverse(), denials: [...given.denials].reverse() };
				const twice = { grants: [...given.grants, ...given.grants], denials: [...given.denials, ...given.denials] };
				expect(access(turned).may(asked, where)).toBe(access(given).may(asked, where));
				expect(access(twice).may(asked, where)).toBe(access(given).may(asked, where));
			}),
		);
	});

	test('who may on the whole site may in every place; who may in a place of the site may in parts of it', () => {
		fc.assert(
			fc.property(rules, permission, place, (given, asked, where) => {
				if (access(given).may(asked)) expect(access(given).may(asked, where)).toBe(true);
				if (access(given).may(asked, where)) expect(access(given).mayInParts(asked)).toBe(true);
			}),
		);
	});

	test('nobody gives away what they could not do themselves', () => {
		fc.assert(
			fc.property(rules, rules, permission, place, (own, given, asked, where) => {
				const isCovered = access(own).covers(given);
				if (isCovered && access(given).may(asked, where)) expect(access(own).may(asked, where)).toBe(true);
			}),
		);
	});
});

test('scopes are told and read back', () => {
	fc.assert(
		fc.property(scope, (one) => {
			expect(parseScope(scopeText(one))).toEqual(one);
		}),
	);
	for (const text of ['', 'park', 'park:', 'lane:L1', 'site:1', 'PARK:P1']) expect(parseScope(text)).toBeUndefined();
});
