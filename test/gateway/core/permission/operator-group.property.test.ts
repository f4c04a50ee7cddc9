import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAccess } from '../../../../src/gateway/core/permission/access.ts';
import type { Denial } from '../../../../src/gateway/core/permission/decide-permission.ts';
import {
	type DeniedThere,
	decideMove,
	denialsTakenAlong,
} from '../../../../src/gateway/core/permission/operator-group.ts';
import { parseScope } from '../../../../src/gateway/core/permission/scope.ts';
import { PERMISSIONS, ROLE_PERMISSIONS } from '../../../../src/gateway/core/permission.ts';
import { PLACES } from './two-parks.ts';

const DEPTH = 5;
const IDS = Array.from({ length: 12 }, (_, n) => `g${n}`);
const id = fc.constantFrom(...IDS);
const move = fc.tuple(id, fc.option(id));
const denied: fc.Arbitrary<DeniedThere> = fc.record({
	permission: fc.constantFrom(...PERMISSIONS.slice(0, 4)),
	scope: fc.constantFrom('site', 'park:P1', 'area:A1', 'area:B1'),
});

/** A forest as its moves made it: where each stands, and what each denies. */
function createForest(denials: readonly (readonly DeniedThere[])[] = []) {
	const parents = new Map<string, string | null>(IDS.map((one) => [one, null]));
	const own = new Map(IDS.map((one, n) => [one, denials[n] ?? []]));
	const heightOf = (one: string): number =>
		1 + Math.max(0, ...IDS.filter((other) => parents.get(other) === one).map(heightOf));
	const chainOf = (one: string | null | undefined): readonly string[] =>
		one === null || one === undefined ? [] : [one, ...chainOf(parents.get(one))];
	const deniedTo = (one: string | null) => chainOf(one).flatMap((group) => own.get(group) ?? []);
	return {
		...{ parents, own, chainOf, deniedTo },
		move(one: string, parentId: string | null) {
			const answer = decideMove({ parentOf: (group) => parents.get(group), heightOf }, one, parentId, DEPTH);
			if (answer !== 'allowed') return answer;
			const before = deniedTo(parents.get(one) ?? null);
			const mine = own.get(one) ?? [];
			own.set(one, [...mine, ...denialsTakenAlong(before, [...deniedTo(parentId), ...mine])]);
			parents.set(one, parentId);
			return answer;
		},
	};
}

/** What somebody in the group may do who is given everything besides. */
function accessIn(denials: readonly DeniedThere[]) {
	const source = { kind: 'group', id: 'g', name: 'G' } as const;
	const all = ROLE_PERMISSIONS.administrator;
	const rules = denials.map(
		({ permission, scope }): Denial => ({
			permission: PERMISSIONS.find((known) => known === permission) ?? 'lanes:read',
			...{ scope: parseScope(scope) ?? { kind: 'site' }, source },
		}),
	);
	const grant = { permissions: all, scope: { kind: 'site' }, source: { ...source, roleId: null } } as const;
	return createAccess({ grants: [grant], denials: rules }, PLACES);
}

describe('however groups of operators are moved', () => {
	test('Z6 no group comes to stand in itself, none deeper than the bound, and what is refused changes nothing', () => {
		fc.assert(
			fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
				const forest = createForest();
				for (const [one, parentId] of moves) {
					const before = new Map(forest.parents);
					const below = forest.chainOf(parentId).includes(one);
					const answer = forest.move(one, parentId);
					if (below) expect(answer).toBe('cycle');
					if (answer !== 'allowed') expect(forest.parents).toEqual(before);
					for (const group of IDS) expect(forest.chainOf(group).length).toBeLessThanOrEqual(DEPTH);
				}
			}),
		);
	});

	test('Z6 A4 what was denied to a group, by itself or by those around it, stays denied to it and to all below it', () => {
		const asked = fc.constantFrom(...PERMISSIONS.slice(0, 4));
		const place = fc.constantFrom(
			{ kind: 'site' } as const,
			{ kind: 'area', id: 'A1' } as const,
			{ kind: 'area', id: 'B1' } as const,
			{ kind: 'lane', id: 'bridge' } as const,
		);
		fc.assert(
			fc.property(
				fc.array(fc.array(denied, { maxLength: 3 }), { minLength: IDS.length, maxLength: IDS.length }),
				fc.array(move, { maxLength: 25 }),
				...[asked, place],
				(denials, moves, permission, where) => {
					const forest = createForest(denials);
					const refusedTo = () => IDS.filter((group) => !accessIn(forest.deniedTo(group)).may(permission, where));
					for (const [one, parentId] of moves) {
						const before = refusedTo();
						forest.move(one, parentId);
						expect(refusedTo()).toEqual(expect.arrayContaining(before));
					}
				},
			),
			{ numRuns: 60 },
		);
	});

	test('nothing is taken along twice, nor what is denied there anyway', () => {
		fc.assert(
			fc.property(fc.array(denied), fc.array(denied), (before, after) => {
				const along = denialsTakenAlong(before, after);
				const texts = along.map(({ permission, scope }) => `${permission} ${scope}`);
				expect(new Set(texts).size).toBe(texts.length);
				expect(denialsTakenAlong(before, [...after, ...along])).toEqual([]);
			}),
		);
	});
});
