import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areStrokes, parseStrokes, SIGNATURE_BOX } from '../../../src/gateway/core/hand-over.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';

const point = fc.tuple(fc.nat(SIGNATURE_BOX.width), fc.nat(SIGNATURE_BOX.height), fc.nat(SIGNATURE_BOX.pressure));
const strokes = fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { maxLength: 8 });

describe('I14: strokes of a signature', () => {
	test('come back from the text of the form as they were drawn', () => {
		fc.assert(
			fc.property(strokes, (drawn) => {
				const text = drawn.map((stroke) => stroke.map((one) => one.join(',')).join(' ')).join(';');
				expect(parseStrokes(text)).toEqual(drawn);
			}),
		);
	});

	test('of any other text there are none, and nothing breaks', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
				const read = parseStrokes(text);
				if (read !== undefined) expect(areStrokes(read)).toBe(true);
			}),
		);
		for (const text of ['1,2', '1,2,3,4', '-1,2,3', '3001,0,0', '0,1001,0', '0,0,1001', '1,2,3;', ' ', '1.5,2,3'])
			expect(parseStrokes(text), text).toBeUndefined();
	});

	test('more points or lines than a signature has are refused', () => {
		const long = Array.from({ length: LIMITS.signaturePoints + 1 }, () => '1,2,3');
		expect(parseStrokes(long.join(' '))).toBeUndefined();
		expect(parseStrokes(long.slice(1).join(' '))).toHaveLength(1);
		expect(parseStrokes(long.slice(0, LIMITS.signatureStrokes + 1).join(';'))).toBeUndefined();
	});
});
