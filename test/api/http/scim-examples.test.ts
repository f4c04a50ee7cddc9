import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScimPlay, type ScimPlay, scimExamples, scimFixture } from '../../support/scim-examples.ts';

let played: ScimPlay;
beforeAll(async () => {
	played = await createScimPlay();
});
afterAll(() => played.close());

const rfc7644 = scimExamples('rfc7644-examples');
const rfc7643 = { ...scimExamples('rfc7643-examples'), resources: rfc7644.resources ?? {} };

describe('Z14 every example of RFC 7643 is answered over HTTP as it says, or as the table says why not', () => {
	for (const example of rfc7643.examples) test(example.example, () => played.play(example, rfc7643));
});

describe('Z14 every example of RFC 7644 is answered over HTTP as it says, or as the table says why not', () => {
	for (const example of rfc7644.examples) test(example.example, () => played.play(example, rfc7644));
});

describe('Z14 RFC 7643, 8.7.1: schemas', () => {
	interface Attribute {
		readonly name: string;
		readonly type: string;
		readonly multiValued: boolean;
		readonly required: boolean;
		readonly mutability: string;
		readonly returned: string;
		readonly uniqueness: string;
		readonly subAttributes?: readonly Attribute[];
	}
	interface Printed {
		readonly schemas: Readonly<Record<string, Readonly<Record<string, string>>>>;
		readonly differs: Readonly<Record<string, { readonly here: string | null; readonly because: string }>>;
	}

	/** What differs from `readWrite default none` of each attribute and its parts. */
	function characteristics(attributes: readonly Attribute[], before = ''): readonly (readonly [string, string])[] {
		return attributes.flatMap((one) => {
			const words = [
				...[one.type, one.multiValued && 'list', one.required && 'required'],
				...[one.mutability !== 'readWrite' && one.mutability, one.returned !== 'default' && one.returned],
				one.uniqueness !== 'none' && one.uniqueness,
			];
			const name = `${before}${one.name}`;
			const own = [name, words.filter((word) => word !== false).join(' ')] as const;
			return [own, ...characteristics(one.subAttributes ?? [], `${name}.`)];
		});
	}

	test('every attribute has the characteristics of the RFC, or the table says why not', async () => {
		const { schemas, differs } = scimFixture<Printed>('rfc7643-schemas');
		const told = (await played.ask({ method: 'GET', path: '/Schemas' })).body['Resources'] as readonly {
			readonly id: string;
			readonly attributes: readonly Attribute[];
		}[];
		for (const [id, printed] of Object.entries(schemas)) {
			const own = Object.fromEntries(characteristics(told.find((one) => one.id === id)?.attributes ?? []));
			const expected = Object.entries(printed).flatMap(([name, words]) => {
				const here = differs[name] === undefined ? words : differs[name].here;
				return here === null ? [] : [[name, here] as const];
			});
			expect(own, id).toEqual(Object.fromEntries(expected));
		}
	});
});
