import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCameraTime, readDateTime, readEpoch } from '../../../src/drivers/push-camera/camera-time.ts';
import { confidenceOf, confidenceOfText } from '../../../src/drivers/push-camera/confidence.ts';
import { parseCountry, parseRegion } from '../../../src/drivers/push-camera/country.ts';
import { parseBase64Picture } from '../../../src/drivers/push-camera/picture.ts';
import { parsePlateText } from '../../../src/drivers/push-camera/plate-text.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { createTravelWords, travelOf } from '../../../src/drivers/push-camera/travel.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';

describe('a plate as cameras write it', () => {
	it.each(['unknown', 'Unknown', '_无_', '-', '--', 'unlicensed', '无车牌', 'null', '', '  ', '***', undefined])(
		'takes %s for none',
		(text) => {
			expect(parsePlateText(text)).toEqual({ result: 'none' });
		},
	);

	it('keeps what is written, in any alphabet', () => {
		for (const plate of ['01-D-12345', '粤Z9065澳', 'А123ВС77', 'unknown1', '1E5'])
			expect(parsePlateText(` ${plate} `)).toEqual({ result: 'plate', plate });
	});

	it.each([
		['A'.repeat(17), 'plateLength'],
		['AB\n123', 'plateText'],
		['AB\u0000123', 'plateText'],
		// The rest of a plate whose letters were lost would be another plate.
		['\ufffd\ufffdB12345', 'plateText'],
	])('refuses %j: %s', (text, reason) => {
		expect(parsePlateText(text)).toEqual({ result: 'refused', reason });
	});
});

describe('confidence', () => {
	it('is 0 to 1 on any scale, and 0 for what is missing or out of its scale', () => {
		expect(confidenceOf(0.73721, 1)).toBe(0.73721);
		expect(confidenceOf(92.94, 100)).toBeCloseTo(0.9294);
		expect(confidenceOf(204, 255)).toBe(0.8);
		for (const wrong of [undefined, -1, 256, Number.NaN]) expect(confidenceOf(wrong, 255)).toBe(0);
		expect(['0.70', '70', '70.5', '1', '1.0', '-', '300', undefined].map(confidenceOfText)).toEqual([
			...[0.7, 0.7, 0.705, 0.01, 1, 0, 0, 0],
		]);
	});
});

describe('travel', () => {
	it('is told from a movement in the picture when the configuration says which is toward the camera', () => {
		expect([0, 59, 61, 90, 180, 241, 300, 360].map((degrees) => travelOf(degrees, 0))).toEqual([
			...['approaching', 'approaching', 'unknown', 'unknown', 'leaving', 'unknown', 'approaching', 'approaching'],
		]);
		expect([
			travelOf(10, 350),
			travelOf(170, 350),
			travelOf(170, undefined),
			travelOf(undefined, 0),
			travelOf(361, 0),
		]).toEqual([...['approaching', 'leaving', 'unknown', 'unknown', 'unknown']]);
	});

	it('is told from words', () => {
		const travel = createTravelWords({ approaching: ['in'], leaving: ['out'] });
		expect([' IN ', 'out', 'unk', 'constructor', undefined].map(travel)).toEqual([
			...['approaching', 'leaving', 'unknown', 'unknown', 'unknown'],
		]);
	});
});

describe('country', () => {
	it('is read from what cameras and engines write', () => {
		expect(['DEU', 'cze', 'be', 'NON', '7', undefined].map((text) => parseCountry(text))).toEqual([
			...['DE', 'CZ', 'BE', undefined, undefined, undefined],
		]);
		expect(['us-mo', 'eu-at', 'mx-nle', 'be', 'eu', '', undefined].map(parseRegion)).toEqual([
			...['US', 'AT', 'MX', 'BE', undefined, undefined, undefined],
		]);
	});
});

describe('the time a camera tells', () => {
	it('is a moment when it tells its offset, and else only in the zone it is configured to have', () => {
		expect(placeCameraTime(readDateTime('2026-07-05T20:44:40+01:00'))).toEqual({
			...{ ms: Date.parse('2026-07-05T19:44:40Z'), trust: 'zoned' },
		});
		const local = readDateTime('2024-02-01 06:00:05.509');
		expect(placeCameraTime(local)).toBeUndefined();
		expect(placeCameraTime(local, 'Europe/Dublin')).toEqual({
			...{ ms: Date.parse('2024-02-01T06:00:05.509Z'), trust: 'assumed' },
		});
		// An hour that is left out in spring.
		expect(placeCameraTime(readDateTime('2026-03-29 02:30:00'), 'Europe/Brussels')?.ms).toBe(
			Date.parse('2026-03-29T01:30:00Z'),
		);
	});

	it('is read from seconds and milliseconds of our days only', () => {
		expect(readEpoch(1_702_297_625_507, 'ms', 'instant')).toEqual({ kind: 'instant', ms: 1_702_297_625_507 });
		expect(readEpoch(1_686_299_994.672, 's', 'local')).toEqual({ kind: 'local', asUtcMs: 1_686_299_994_672 });
		for (const wrong of [0, -1, 1_702_297_625, Number.NaN, Number.POSITIVE_INFINITY, undefined])
			expect(readEpoch(wrong, 'ms', 'instant')).toBeUndefined();
	});

	it('survives any text and number', () => {
		fc.assert(
			fc.property(fc.string(), fc.double(), (text, value) => {
				placeCameraTime(readDateTime(text), 'Europe/Brussels');
				placeCameraTime(readEpoch(value, 's', 'local'), 'America/New_York');
			}),
		);
	});
});

describe('a picture in base64', () => {
	const jpeg = encodeSolidJpeg(8, 8, 99, 'x');
	const base64 = Buffer.from(jpeg).toString('base64');

	it('is taken with and without its data URL, by its first bytes', () => {
		for (const text of [base64, `data:image/jpeg;base64,${base64}`])
			expect(parseBase64Picture('plate', text)).toMatchObject({ role: 'plate', contentType: 'image/jpeg' });
		for (const text of [undefined, '', 'no picture', Buffer.from('<svg/>').toString('base64')])
			expect(parseBase64Picture('plate', text)).toBeUndefined();
	});

	it('is left out when it is too large', () => {
		const large = Buffer.concat([jpeg, Buffer.alloc(LIMITS.evidenceImageBytes)]).toString('base64');
		expect(parseBase64Picture('scene', large)).toBeUndefined();
	});
});
