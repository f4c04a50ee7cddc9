import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { normalisePlate, plateNeighbours, plateSkeleton } from '../../../src/gateway/core/plate.ts';
import { plateByCountry } from '../../../src/gateway/core/plate-country.ts';

const plates: readonly [read: string, plate: string | undefined][] = [
	['1-ABC-234', '1ABC234'],
	[' 1 abc 234 ', '1ABC234'],
	['B·MW 1234', 'BMW1234'],
	['MÜ-NC 12', 'MUNC12'],
	['KÖ-LN 7', 'KOLN7'],
	['ŽĐ 123', 'ZĐ123'],
	['А123ВС77', 'A123BC77'],
	['ΑΒΕ1234', 'ABE1234'],
	['１ＡＢＣ２３４', '1ABC234'],
	['粤Z9065澳', '粤Z9065澳'],
	['', undefined],
	['---', undefined],
	['unknown', undefined],
	['UNKNOWN', undefined],
	['no plate', undefined],
	['_无_', undefined],
	['-', undefined],
	['unlicensed', undefined],
	['ABCDEFGHIJKLMNOPQ', undefined],
	['x'.repeat(1_000_000), undefined],
	['1ABC234\n', '1ABC234'],
	['<b>1ABC</b>', 'B1ABCB'],
	['‮1ABC234', '1ABC234'],
];

const alike: readonly [a: string, b: string, same: boolean][] = [
	['1ABC234', 'IABC234', true],
	['1ABC234', 'LABC234', true],
	['0DOQ', 'QQQQ', true],
	['8ABC', 'BA3C', true],
	['5ABS', 'SA8S', true],
	['6G2Z', 'GGZ2', true],
	['1ABC234', '1ABC235', false],
	['VW123', 'WV123', false],
	['MN', 'NM', false],
];

describe('plates', () => {
	test.each(plates)('%j is %j', (read, plate) => {
		expect(normalisePlate(read)).toBe(plate);
	});

	test.each(alike)('a camera may take %s for %s: %s', (a, b, same) => {
		expect(plateSkeleton(a) === plateSkeleton(b)).toBe(same);
	});

	test('any text gives a short plate of letters and digits, or none', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
				const plate = normalisePlate(text);
				if (plate === undefined) return;
				expect(plate).toMatch(/^[\p{L}\p{N}]+$/u);
				expect(plate.length).toBeLessThanOrEqual(LIMITS.plateLength);
			}),
		);
	});

	test('normalising twice changes nothing more', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 20 }), (text) => {
				const plate = normalisePlate(text);
				if (plate !== undefined) expect(normalisePlate(plate)).toBe(plate);
			}),
		);
	});

	test('a plate and its skeleton have one class', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[A-Z0-9]{1,10}$/), (plate) => {
				expect(plateSkeleton(plateSkeleton(plate))).toBe(plateSkeleton(plate));
			}),
		);
	});

	test.each([
		['1ABC235', 'another character'],
		['1ABC23', 'one missing'],
		['1ABC2345', 'one too many'],
		['1ACB234', 'two swapped'],
	])('%s is a neighbour of 1ABC234: %s', (neighbour) => {
		expect(plateNeighbours('1ABC234')).toContain(neighbour);
	});

	test('a plate is not its own neighbour, and two edits are too far', () => {
		expect(plateNeighbours('1ABC234')).not.toContain('1ABC234');
		expect(plateNeighbours('1ABC234')).not.toContain('1ABC256');
	});
});

const fitted: readonly [read: string, country: string | undefined, plates: readonly string[]][] = [
	['AA1Z3AA', 'FR', ['AA123AA']],
	['AAI23AA', 'FR', ['AA123AA']],
	['8A123AA', 'FR', ['BA123AA']],
	['IABC234', 'BE', ['1ABC234']],
	['1A8C234', 'BE', ['1ABC234']],
	['1ABC23O', 'BE', ['1ABC230']],
	['1ABC23', 'BE', []],
	['AA123AA', undefined, []],
	['AA123AA', 'XX', []],
	['MABC1234', 'DE', []],
	['W23AAA', 'BE', []],
];

describe('the country of a plate', () => {
	test.each(fitted)('%s of %s is %j', (read, country, expected) => {
		expect(plateByCountry(read, country)).toEqual(expected);
	});
});
