import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presentScim } from '../../../../src/api/http/scim/present-scim.ts';
import { GROUP_MODEL } from '../../../../src/gateway/core/scim/group-schema.ts';
import { matchesFilter } from '../../../../src/gateway/core/scim/match-filter.ts';
import { parseFilter } from '../../../../src/gateway/core/scim/parse-filter.ts';
import type { ScimModel, ScimRecord } from '../../../../src/gateway/core/scim/scim-schema.ts';
import { USER_MODEL } from '../../../../src/gateway/core/scim/user-schema.ts';
import type { ScimActor } from '../../../../src/gateway/services/scim/scim-resource.ts';
import { createOperatorsBench, type OperatorsBench } from '../../../support/operators.ts';
import { ENTERPRISE, GROUP, OPERATOR_GROUP, patch, USER } from '../../../support/scim-client.ts';

let bench: OperatorsBench;
let by: ScimActor;
const BASE = 'https://gate.example/scim/v2';
const WHOLE = { attributes: undefined, excludedAttributes: undefined };

/** Few and alike, so that filters find some of them. */
const WORDS = [
	'work',
	'home',
	'Élodie',
	'élodie',
	'ELODIE',
	'a',
	'A',
	'ab',
	"O'Malley",
	'50%_',
	'"q"',
	'\u{1F17F}',
	'é',
	'',
];
const word = fc.constantFrom(...WORDS);
const person = fc.record(
	{
		title: word,
		name: fc.record({ familyName: word, givenName: word }, { requiredKeys: [] }),
		emails: fc.array(fc.record({ value: word.map((text) => `${text}@example.org`), type: word }), { maxLength: 3 }),
		phoneNumbers: fc.array(fc.record({ value: word, type: word }, { requiredKeys: [] }), { maxLength: 2 }),
		externalId: word,
		displayName: word.filter((text) => text !== ''),
		active: fc.boolean(),
		[ENTERPRISE]: fc.record({ department: word, manager: fc.record({ value: word }) }, { requiredKeys: [] }),
	},
	{ requiredKeys: [] },
);

beforeAll(async () => {
	bench = createOperatorsBench();
	const operatorId = await bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
	by = { operatorId, access: bench.operators.accessOf(operatorId) ?? null, program: undefined };
	const { users, groups } = bench.operators.scim;
	const ids: string[] = [];
	for (const [n, one] of fc.sample(person, { numRuns: 40, seed: 7 }).entries()) {
		bench.clock.advance(1_000);
		ids.push(
			(
				await users.create(
					{ schemas: [USER], userName: `${['ann', 'BOB', 'xab', 'work'][n % 4]}${n}@u.example`, ...one },
					by,
				)
			).id,
		);
	}
	for (const [n, name] of WORDS.filter((text) => text !== '').entries()) {
		const kind = n % 2 === 0 ? 'region' : 'company';
		const members = ids.filter((_id, at) => at % (n + 2) === 0).map((value) => ({ value }));
		groups.create(
			{
				schemas: [GROUP],
				displayName: `${name} ${n}`,
				externalId: name,
				members,
				[OPERATOR_GROUP]: { kind, tags: [name, 'all'] },
			},
			by,
		);
	}
});
afterAll(() => bench.close());

const OF_TEXT = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const quoted = fc
	.oneof(
		word,
		word.map((text) => `${text}@example.org`),
	)
	.map((text) => JSON.stringify(text));

function filters(
	attributes: readonly string[],
	inLists: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<string> {
	const term = (names: readonly string[]) =>
		fc.oneof(
			fc.tuple(fc.constantFrom(...names), fc.constantFrom(...OF_TEXT), quoted).map((parts) => parts.join(' ')),
			fc.constantFrom(...names).map((name) => `${name} pr`),
			fc.tuple(fc.constantFrom(...names), fc.constantFrom('eq', 'ne')).map(([name, op]) => `${name} ${op} null`),
		);
	const joined = (leaf: fc.Arbitrary<string>) =>
		fc.letrec<{ tree: string }>((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 3, withCrossShrink: true },
				leaf,
				fc
					.tuple(tie('tree'), fc.constantFrom('and', 'or', 'AND'), tie('tree'))
					.map(([a, op, b]) => `(${a}) ${op} ${b}`),
				tie('tree').map((inner) => `not (${inner})`),
			),
		})).tree;
	const listed = fc
		.constantFrom(...Object.keys(inLists))
		.chain((list) => joined(term(inLists[list] ?? ['value'])).map((inner) => `${list}[${inner}]`));
	return joined(fc.oneof({ arbitrary: term(attributes), weight: 3 }, listed));
}

const ofUsers = fc.oneof(
	filters(
		[
			'userName',
			'title',
			'NAME.familyname',
			'name',
			'emails',
			'emails.value',
			'emails.type',
			'phoneNumbers.value',
			'externalId',
			'displayName',
			'id',
			'groups.display',
			'groups',
			'roles.value',
			`${ENTERPRISE}:department`,
			`${ENTERPRISE}:manager.value`,
			'schemas',
		].filter((name) => name !== 'name'),
		{ emails: ['value', 'type'], phoneNumbers: ['value', 'type'], groups: ['display', 'value'] },
	),
	fc.constantFrom(
		'active eq true',
		'active eq false',
		'not (active eq "True")',
		'name pr',
		'emails pr',
		'groups pr',
		'meta.created gt "2026-01-01T00:00:20Z"',
		'meta.lastModified le "2026-01-01T00:00:20Z"',
	),
);
const ofGroups = filters(
	[
		'displayName',
		'externalId',
		'members',
		'members.display',
		`${OPERATOR_GROUP}:kind`,
		`${OPERATOR_GROUP}:tags`,
		`${OPERATOR_GROUP}:parent.value`,
	],
	{ members: ['display', 'value'] },
);

async function pageOf(model: ScimModel, filter: string) {
	const query = { model: model.name, filter: parseFilter(model, filter), sort: undefined, offset: 0, limit: 200 };
	return await bench.operators.scim.list(query, true);
}

/** What is told of all of them, by id. */
async function everything(model: ScimModel): Promise<readonly ScimRecord[]> {
	const { resources } = await pageOf(model, 'id pr');
	return resources.map((one) => presentScim(one, BASE, WHOLE));
}

describe('Z14 filters', () => {
	test.each([
		['users', USER_MODEL, ofUsers],
		['groups', GROUP_MODEL, ofGroups],
	] as const)('find the %s that an oracle over what is told of them finds', async (_what, model, texts) => {
		const all = await everything(model);
		let found = 0;
		await fc.assert(
			fc.asyncProperty(texts, async (text) => {
				const filter = parseFilter(model, text);
				const expected = all.filter((one) => matchesFilter(filter, one)).map(({ id }) => id);
				const { total, resources } = await pageOf(model, text);
				expect(
					resources.map(({ id }) => id),
					text,
				).toEqual(expected);
				expect(total, text).toBe(expected.length);
				if (total > 0 && total < all.length) found += 1;
			}),
			{ numRuns: 250 },
		);
		expect(found, 'that tell some apart').toBeGreaterThan(3);
	});
});

describe('Z14 changes', () => {
	const operation = fc.oneof(
		fc.record({
			op: fc.constantFrom('add', 'Replace'),
			path: fc.constantFrom('title', 'name.familyName', 'nickName', `${ENTERPRISE}:department`),
			value: word,
		}),
		fc.record({
			op: fc.constantFrom('add', 'replace'),
			path: fc.constantFrom('emails', 'phoneNumbers'),
			value: fc.array(fc.record({ value: word, type: word }), { maxLength: 3 }),
		}),
		fc.record({
			op: fc.constant('Remove'),
			path: fc.constantFrom(
				'title',
				'emails',
				'phoneNumbers[type eq "work"]',
				'name',
				'emails[value co "a"].type',
				`${ENTERPRISE}:department`,
			),
		}),
		fc.record({
			op: fc.constant('add'),
			path: fc.constantFrom('emails[type eq "work"].value', 'phoneNumbers[type eq "home"].value'),
			value: word,
		}),
		fc.record({ op: fc.constant('replace'), value: person }),
	);

	test('what a PATCH answers is what is read then; written back whole, and patched again, it stays as it is', async () => {
		const { users } = bench.operators.scim;
		const { id } = await users.create({ schemas: [USER], userName: 'patched' }, by);
		const read = () => {
			const found = users.get(id);
			if (found === undefined) throw new Error('it is gone');
			return presentScim(found, BASE, WHOLE);
		};
		await fc.assert(
			fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 4 }), async (operations) => {
				const answer = await users.patch(id, patch(...operations), by, undefined);
				const told = presentScim(answer, BASE, WHOLE);
				expect(read()).toEqual(told);
				await users.replace(id, told, by, undefined);
				expect(read()).toEqual(told);
			}),
			{ numRuns: 150 },
		);
	});
});
