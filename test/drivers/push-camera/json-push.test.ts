import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
	flagField,
	listField,
	numberField,
	sectionField,
	textField,
} from '../../../src/drivers/push-camera/json-fields.ts';
import { readJsonPush } from '../../../src/drivers/push-camera/json-push.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { formBody, picturePart } from '../../support/push-camera.ts';

const FORM = 'multipart/form-data; boundary=boundary';
const jpeg = encodeSolidJpeg(8, 8, 99, 'x');
const read = (body: string | Uint8Array, contentType = 'application/json') =>
	readJsonPush(Buffer.from(body), contentType);
const field = (name: string, body: string) => ({ headers: `Content-Disposition: form-data; name="${name}"`, body });

describe('the JSON of a push', () => {
	it.each([
		['bare', '{"a":1}', 'application/json'],
		['without a content type', '{"a":1}', ''],
		['after a byte order mark', '\ufeff{"a":1}', 'application/json'],
		['with zero bytes at its end', '{"a":1}\n\0\0', 'application/json'],
		['in a list', '[{"a":1}]', 'application/json'],
		['as a form although it is none', '{"a":1}', 'application/x-www-form-urlencoded'],
		['in a form field json', `json=${encodeURIComponent('{"a":1}')}`, 'application/x-www-form-urlencoded'],
	])('is read %s', (_, body, contentType) => {
		expect(read(body, contentType)).toMatchObject([{ fields: { a: 1 }, pictures: [] }]);
	});

	it('is read from a part of a multipart body, in any order, with the pictures beside it', () => {
		const json = field('json', '{"a":1}');
		const picture = picturePart('plate.jpg', jpeg);
		for (const parts of [
			[json, picture],
			[picture, json],
		])
			expect(read(formBody(parts), FORM)).toMatchObject([{ fields: { a: 1 }, pictures: [{ role: 'plate' }] }]);
	});

	it('is put together from the fields of a form', () => {
		expect(read('plate=AB%20123&time=1', 'application/x-www-form-urlencoded')).toMatchObject([
			{ fields: { plate: 'AB 123', time: '1' } },
		]);
		expect(read(formBody([field('serialno', 'x-1'), field('__proto__', 'y')]), FORM)).toMatchObject([
			{ fields: { serialno: 'x-1' } },
		]);
	});

	it('keeps the first bytes for diagnosis', () => {
		const [document] = read(`{"a":"${'x'.repeat(1_000)}"}`);
		expect(document).toMatchObject({ raw: expect.stringMatching(/^7b2261223a22/) });
		expect(document && 'raw' in document && document.raw.length).toBe(2 * LIMITS.rawReadBytes);
	});

	it.each([
		['nothing', '', 'application/json', 'empty'],
		['an empty list', '[]', 'application/json', 'empty'],
		['no JSON', 'hello', 'application/json', 'syntax'],
		['a number', '7', 'application/json', 'syntax'],
		['JSON cut short', '{"plate":"AB12', 'application/json', 'syntax'],
		['more values than any camera sends', `[${'1,'.repeat(LIMITS.pushJsonItems + 1)}1]`, 'application/json', 'size'],
		['deep nesting', '['.repeat(1_000_000), 'application/json', 'size'],
		['a list of texts', '["a"]', 'application/json', 'syntax'],
		['a multipart body without JSON', formBody([picturePart('plate.jpg', jpeg)]), FORM, 'noText'],
	])('is refused: %s', (_, body, contentType, reason) => {
		expect(read(body, contentType)).toMatchObject([{ reason }]);
	});

	it('is bounded in events, and says so', () => {
		const found = read(JSON.stringify(Array.from({ length: 100 }, () => ({ a: 1 }))));
		expect(found).toHaveLength(LIMITS.pushBatch + 1);
		expect(found.at(-1)).toMatchObject({ reason: 'limits' });
	});

	it('N9 survives any bytes and any JSON', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array({ maxLength: 300 }),
					fc.json().map((text) => Buffer.from(text)),
				),
				fc.constantFrom('', 'application/json', 'application/x-www-form-urlencoded', FORM),
				(body, contentType) => {
					expect(readJsonPush(body, contentType).length).toBeGreaterThan(0);
				},
			),
		);
	});
});

describe('fields of JSON', () => {
	const schema = z.object({
		text: textField,
		number: numberField,
		flag: flagField,
		section: sectionField({ inner: textField }),
		list: listField(numberField),
	});

	it('are read whether written as text, number or flag', () => {
		expect(schema.parse({ text: 7, number: '0.5', flag: '1', section: { inner: ' x ' }, list: ['1', 2] })).toEqual({
			...{ text: '7', number: 0.5, flag: true, section: { inner: 'x' }, list: [1, 2] },
		});
		expect(schema.parse({ flag: 0, number: '1e5', text: '' })).toMatchObject({ flag: false });
	});

	it('are missing when they are anything else, and never an error', () => {
		const nothing = { section: {}, list: [] };
		for (const wrong of [{}, { text: {}, number: 'x', section: [], list: {} }, { number: Number.NaN, section: null }])
			expect(JSON.parse(JSON.stringify(schema.parse(wrong)))).toEqual(nothing);
		fc.assert(
			fc.property(
				fc.dictionary(fc.constantFrom('text', 'number', 'flag', 'section', 'list'), fc.jsonValue()),
				(given) => schema.parse(given) !== undefined,
			),
		);
	});
});
