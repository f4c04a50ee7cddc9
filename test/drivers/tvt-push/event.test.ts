import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { decodeTvtPush } from '../../../src/drivers/tvt-push/event.ts';
import { tvtPush } from '../../../src/drivers/tvt-push/index.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPushBench } from '../../support/push-camera.ts';

const jpeg = encodeSolidJpeg(64, 32, 150, 'evidence');
const PICTURE = Buffer.from(jpeg).toString('base64');

function fixture(name: string): string {
	const text = readFileSync(new URL(`../../fixtures/tvt/${name}.xml`, import.meta.url), 'utf8');
	return text.replaceAll('PICTURE', PICTURE);
}

const decode = (xml: string) => decodeTvtPush(Buffer.from(xml), 0.9);
const CAMERA = fixture('camera-1.7');
const RECORDER = fixture('recorder-2.0');

describe('samples of the vendor', () => {
	it('D reads a camera: the plate of the second item, its own picture, the scene, microseconds', () => {
		const [event, ...others] = decode(CAMERA);
		expect(others).toEqual([]);
		expect(event).toMatchObject({
			...{ kind: 'plate', plate: 'ABC1234', confidence: 0.9, direction: 'unknown', eventType: 'VEHICE' },
			...{ time: { kind: 'instant', ms: 1_774_792_701_903 }, key: '1774792701903|ABC1234', historical: false },
			...{ names: { deviceName: 'LPR Camera' }, pictures: [{ role: 'plate' }, { role: 'scene' }] },
		});
		expect(event?.kind === 'plate' && Buffer.from(event.pictures[0]?.bytes ?? []).equals(Buffer.from(jpeg))).toBe(true);
	});

	it('D reads a recorder: the plate within its attributes, its size in pixels, and no time that overflowed', () => {
		const [event] = decode(RECORDER);
		expect(event).toMatchObject({
			...{ kind: 'plate', plate: 'JP116D', identity: '585b6940f40d', key: '104|JP116D', keyLifeMs: 60_000 },
			...{ size: { widthPx: 128, heightPx: 64 }, names: { deviceName: 'Parking Entrance', channelId: '2' } },
			pictures: [{ role: 'plate' }],
		});
		expect(event).not.toHaveProperty('time');
	});

	it('answers as the vendor’s own receiver', () => {
		const camera = createPushBench(tvtPush);
		const reply = camera.post(CAMERA, 'application/xml');
		expect(reply).toMatchObject({ status: 200, contentType: 'application/xml' });
		expect(reply.body).toContain('<status>success</status>');
	});
});

describe('what a push may be besides', () => {
	it.each(['', '--', 'unknown', '_无_', '   '])('takes the plate "%s" for none', (plate) => {
		expect(decode(CAMERA.replace('<![CDATA[ABC1234]]>', plate))).toMatchObject([{ kind: 'noPlate' }]);
		expect(decode(RECORDER.replace('<![CDATA[JP116D]]>', plate))).toMatchObject([{ kind: 'noPlate' }]);
	});

	it('tells other events, and signs of life, from plates', () => {
		expect(decode(CAMERA.replace('VEHICE', 'PERIMETER'))).toMatchObject([{ kind: 'other', eventType: 'PERIMETER' }]);
		expect(decode(RECORDER.replace('alarmData', 'keepalive').replace('>vehicle<', '><'))).toMatchObject([
			{ kind: 'heartbeat' },
		]);
		const overviewOnly = CAMERA.replace(/<item>\s*<plateNumber[\s\S]*?<\/item>/, '');
		expect(decode(overviewOnly)).toMatchObject([{ kind: 'noPlate' }]);
	});

	it('reads two vehicles of one push', () => {
		const item = /<item>[\s\S]*<\/item>/.exec(RECORDER)?.[0] ?? '';
		const two = RECORDER.replace(
			'</licensePlateListInfo>',
			`${item.replace('JP116D', 'KK222')}</licensePlateListInfo>`,
		);
		expect(decode(two)).toMatchObject([{ plate: 'JP116D' }, { plate: 'KK222' }]);
	});

	it.each([
		['nothing', '', 'empty'],
		['another document', '<html></html>', 'noEvent'],
		['a push cut in its plate', CAMERA.slice(0, CAMERA.indexOf('1234]]')), 'cut'],
		['a plate longer than any', CAMERA.replace('ABC1234', 'A'.repeat(17)), 'plateLength'],
		['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${CAMERA}`, 'doctype'],
		['a text over the limit', CAMERA.replace('LPR Camera', 'x'.repeat(LIMITS.pushTextBytes)), 'size'],
	])('refuses %s', (_, xml, reason) => {
		expect(decode(xml)).toMatchObject([{ kind: 'malformed', reason }]);
	});

	it('refuses events of another MAC address, once one is configured', () => {
		const camera = createPushBench(tvtPush, { mac: '58-5B-69-40-F4-0D' });
		camera.post(RECORDER.replace('F4:0D', 'F4:0E'), 'application/xml');
		expect(camera.observations).toEqual([]);
		expect(camera.status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('585b6940f40e') });
		camera.post(RECORDER, 'application/xml');
		expect(camera.plates()).toMatchObject([{ plate: 'JP116D', confidence: 0 }]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { plateWidthPx: 128, plateHeightPx: 64 } });
	});

	it('N9 survives any damage', () => {
		fc.assert(
			fc.property(fc.constantFrom(CAMERA, RECORDER), fc.nat(), fc.nat(255), fc.nat(), (xml, at, byte, end) => {
				const bytes = Buffer.from(xml);
				bytes[at % bytes.length] = byte;
				for (const event of decodeTvtPush(bytes.subarray(0, end % 2 === 0 ? bytes.length : end % bytes.length)))
					if (event.kind === 'plate') expect(event.plate.length).toBeLessThanOrEqual(LIMITS.plateLength);
			}),
			{ numRuns: 300 },
		);
	});
});
