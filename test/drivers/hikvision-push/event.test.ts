import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePush } from '../../../src/drivers/hikvision-push/event.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { formBody, hikvisionFixture, picturePart, xmlPart } from '../../support/push-camera.ts';

const FORM = 'multipart/form-data; boundary=boundary';
const jpeg = encodeSolidJpeg(64, 32, 150, 'evidence');

function decodeXml(xml: string) {
	return decodePush(Buffer.from(xml), 'application/xml')[0];
}

function alertOf(inside: string, eventType = 'ANPR'): string {
	return `<EventNotificationAlert><eventType>${eventType}</eventType><eventState>active</eventState>${inside}</EventNotificationAlert>`;
}

describe('samples of real cameras', () => {
	it('reads a DeepinView V5.8: reverse is leaving, percent become a fraction, its numeric country says nothing', () => {
		const event = decodeXml(hikvisionFixture('deepinview-v5.8.xml'));
		expect(event).toMatchObject({ kind: 'plate', plate: 'WX1234A', confidence: 0.92, direction: 'leaving' });
		expect(event).toMatchObject({ dateTime: '2026-07-05T20:44:40+01:00', historical: false });
		expect(event).not.toHaveProperty('country');
		expect(event).not.toHaveProperty('uuid');
	});

	it('reads an old firmware with another namespace and few fields', () => {
		expect(decodeXml(hikvisionFixture('old-firmware.xml'))).toMatchObject({
			...{ kind: 'plate', plate: 'EL123AB', confidence: 0.85, direction: 'approaching' },
		});
	});

	it('reads what a recorder forwards with prefixed tags', () => {
		expect(decodeXml(hikvisionFixture('recorder-prefix.xml'))).toMatchObject({
			...{ kind: 'plate', plate: 'WA99999', confidence: 0.9, direction: 'approaching' },
		});
	});

	it('keeps a plate that looks like a number as text', () => {
		expect(decodeXml(hikvisionFixture('access-unit.xml'))).toMatchObject({
			...{ kind: 'plate', plate: '1E5', mac: '44a642000017', uuid: '5b1e72d4-3652-464a-aebd-3f9190010236' },
		});
		expect(decodeXml(alertOf('<ANPR><licensePlate>0123</licensePlate></ANPR>'))).toMatchObject({ plate: '0123' });
	});

	it.each([
		['retransmitted.xml', { kind: 'plate', historical: true }],
		['no-plate.xml', { kind: 'noPlate' }],
		['input-active.xml', { kind: 'input', port: 2, active: true }],
		['heartbeat.xml', { kind: 'heartbeat' }],
		['videoloss-inactive.xml', { kind: 'heartbeat' }],
	])('tells what %s is', (name, expected) => {
		expect(decodeXml(hikvisionFixture(name))).toMatchObject(expected);
	});
});

describe('fields as firmwares write them', () => {
	it.each([
		['<confidenceLevel>92</confidenceLevel>', 0.92],
		['<confidenceLevel>92.5</confidenceLevel>', 0.925],
		['<confidenceLevel>0.95</confidenceLevel>', 0.95],
		['<confidenceLevel>1</confidenceLevel>', 0.01],
		['<confidenceLevel>100</confidenceLevel>', 1],
		['<confidenceLevel>0</confidenceLevel>', 0],
		['<confidenceLevel>255</confidenceLevel>', 0],
		['<confidenceLevel>-5</confidenceLevel>', 0],
		['<confidenceLevel>high</confidenceLevel>', 0],
		['<plateCharBelieve>99,99,61,99</plateCharBelieve>', 0.61],
		['', 0],
	])('brings the confidence %s to the scale 0 to 1', (inside, confidence) => {
		const event = decodeXml(alertOf(`<ANPR><licensePlate>AB123</licensePlate>${inside}</ANPR>`));
		expect(event).toMatchObject({ kind: 'plate', confidence });
	});

	it.each(['unknown', 'UNKNOWN', 'noPlate', 'unlicensed', '无车牌', '_无_', '-', '--', '', '   '])(
		'takes the plate "%s" for none',
		(plate) => {
			expect(decodeXml(alertOf(`<ANPR><licensePlate>${plate}</licensePlate></ANPR>`))).toMatchObject({
				kind: 'noPlate',
			});
		},
	);

	it('falls back to the older names of a plate, and to the root', () => {
		expect(decodeXml(alertOf('<ANPR><plate>DW111</plate></ANPR>'))).toMatchObject({ plate: 'DW111' });
		expect(decodeXml(alertOf('<ANPR><plateNumber>DW222</plateNumber></ANPR>'))).toMatchObject({ plate: 'DW222' });
		expect(decodeXml(alertOf('<ANPR><originalLicensePlate>DW333</originalLicensePlate></ANPR>'))).toMatchObject({
			plate: 'DW333',
		});
		expect(decodeXml(alertOf('<licensePlate>ABC123</licensePlate>'))).toMatchObject({ plate: 'ABC123' });
		expect(decodeXml(alertOf('<ANPR><plateType>unknown</plateType></ANPR>'))).toMatchObject({ kind: 'noPlate' });
	});

	it.each([
		['<country>GBR</country>', 'GB'],
		['<country>be</country>', 'BE'],
		['<country>7</country><countryAbbreviation>POL</countryAbbreviation>', 'PL'],
		['<country>NON</country>', undefined],
		['<CRIndex>13</CRIndex>', undefined],
		['<country>constructor</country>', undefined],
	])('reads the country of %s', (inside, country) => {
		const event = decodeXml(alertOf(`<ANPR><licensePlate>AB123</licensePlate>${inside}</ANPR>`));
		expect(event && 'country' in event ? event.country : undefined).toBe(country);
	});

	it.each([
		['<isDataRetransmission>true</isDataRetransmission>', true],
		['<isDataRetransmission>false</isDataRetransmission>', false],
		['<alarmDataType>1</alarmDataType>', true],
		['<alarmDataType>0</alarmDataType>', false],
		['<ANPR><licensePlate>AB123</licensePlate><alarmDataType>1</alarmDataType></ANPR>', true],
	])('knows from %s whether the event is old', (inside, historical) => {
		const anpr = inside.includes('<ANPR>') ? '' : '<ANPR><licensePlate>AB123</licensePlate></ANPR>';
		expect(decodeXml(alertOf(anpr + inside))).toMatchObject({ kind: 'plate', historical });
	});

	it('takes plates only from plate events', () => {
		const anpr = '<ANPR><licensePlate>AB123</licensePlate></ANPR>';
		expect(decodeXml(alertOf(anpr, 'vehicleDetection'))).toMatchObject({ kind: 'plate' });
		for (const type of ['VMD', 'fielddetection', 'IO', 'constructor'])
			expect(decodeXml(alertOf(anpr, type))).toMatchObject({ kind: 'other', eventType: type });
		const inactive = alertOf(anpr).replace('active', 'inactive');
		expect(decodeXml(inactive)).toMatchObject({ kind: 'other' });
	});

	it('reads an event in JSON, as newer models send it', () => {
		const json = {
			eventType: 'ANPR',
			dateTime: '2026-01-05T09:00:00+01:00',
			ANPR: { licensePlate: '1ABC234', confidenceLevel: 88 },
		};
		expect(decodePush(Buffer.from(JSON.stringify(json)), 'application/json')[0]).toMatchObject({
			...{ kind: 'plate', plate: '1ABC234', confidence: 0.88 },
		});
		expect(decodePush(Buffer.from('{"hello":1}'), 'application/json')[0]).toMatchObject({ reason: 'noAlert' });
	});

	it('reads the encoding the text declares', () => {
		const xml = alertOf('<ANPR><licensePlate>粤B12345</licensePlate></ANPR>');
		const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="GB2312"?>'), encodeGbk(xml)]);
		expect(decodePush(declared, 'text/xml')[0]).toMatchObject({ plate: '粤B12345' });
		const marked = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(xml)]);
		expect(decodePush(marked, 'text/xml')[0]).toMatchObject({ plate: '粤B12345' });
	});
});

describe('multipart bodies', () => {
	const xml = xmlPart(hikvisionFixture('access-unit.xml'));
	const plate = picturePart('licensePlatePicture.jpg', jpeg);
	const scene = picturePart('detectionPicture.jpg', jpeg, 'application/octet-stream');

	it.each([
		['text first', [xml, plate, scene]],
		['text last', [plate, scene, xml]],
		['text between', [plate, xml, scene]],
	])('reads the parts in any order: %s', (_, parts) => {
		const [event, ...more] = decodePush(formBody(parts), FORM);
		expect(more).toEqual([]);
		expect(event).toMatchObject({ kind: 'plate', plate: '1E5' });
		const roles = event && 'pictures' in event ? event.pictures.map(({ role }) => role) : [];
		expect(roles).toEqual(['plate', 'scene']);
		expect(event && 'pictures' in event && Buffer.from(event.pictures[0]?.bytes ?? []).equals(jpeg)).toBe(true);
	});

	it.each([
		['a quoted boundary', formBody([xml, plate]), 'multipart/form-data; boundary="boundary"'],
		[
			'the boundary of recorders',
			formBody([xml, plate], 'MIME_boundary'),
			'multipart/form-data; boundary=MIME_boundary',
		],
		['no final boundary', formBody([xml, plate], 'boundary', ''), FORM],
		['a last boundary without its dashes', formBody([xml, plate], 'boundary', '--boundary\r\n'), FORM],
		['a last boundary cut short', formBody([xml, plate], 'boundary', '--bound'), FORM],
		['text before the first boundary', Buffer.concat([Buffer.from('\r\n'), formBody([xml, plate])]), FORM],
		['text after the last boundary', Buffer.concat([formBody([xml, plate]), Buffer.from('trailer')]), FORM],
		['a boundary declared wrongly', formBody([xml, plate], 'other'), FORM],
		['no declared boundary', formBody([xml, plate]), 'multipart/form-data'],
		['no content type', formBody([xml, plate]), ''],
		['another subtype', formBody([xml, plate]), 'multipart/mixed; boundary=boundary; charset=utf-8'],
	])('bears with %s', (_, body, contentType) => {
		const [event] = decodePush(body, contentType);
		expect(event).toMatchObject({ kind: 'plate', plate: '1E5', pictures: [{ role: 'plate' }] });
	});

	it('reads a text without pictures, and pictures are no event', () => {
		expect(decodePush(formBody([xml]), FORM)).toMatchObject([{ kind: 'plate', pictures: [] }]);
		expect(decodePush(formBody([plate]), FORM)).toMatchObject([{ kind: 'malformed', reason: 'noText' }]);
	});

	it('takes the role from the field name when the file name is a timestamp', () => {
		const headers =
			'Content-Disposition: form-data; name="licensePlatePicture.jpg"; filename="2023081114023616000te10ogXYg"';
		expect(decodePush(formBody([xml, { headers, body: jpeg }]), FORM)[0]).toMatchObject({
			pictures: [{ role: 'plate' }],
		});
	});

	it('drops faces, what is no picture, pictures cut short and pictures over the limit', () => {
		const parts = [
			xml,
			picturePart('pilotPicture.jpg', jpeg),
			picturePart('vicePilotPicture.jpg', jpeg),
			picturePart('detectionPicture.jpg', Buffer.from('no picture')),
			{ headers: 'Content-Disposition: form-data; name="vehiclePicture.jpg"\r\nContent-Length: 99999', body: jpeg },
			picturePart('big.jpg', Buffer.concat([jpeg, Buffer.alloc(LIMITS.evidenceImageBytes)])),
		];
		expect(decodePush(formBody(parts), FORM)).toMatchObject([{ kind: 'plate', pictures: [] }]);
	});

	it('keeps a bounded number of pictures', () => {
		const parts = [xml, ...Array.from({ length: 10 }, (_, index) => picturePart(`${index}.jpg`, jpeg))];
		const [event] = decodePush(formBody(parts), FORM);
		expect(event && 'pictures' in event ? event.pictures : []).toHaveLength(LIMITS.evidenceImages);
	});

	it('reads two events of one body with their own pictures', () => {
		const other = xmlPart(hikvisionFixture('old-firmware.xml'));
		expect(decodePush(formBody([xml, plate, other, scene]), FORM)).toMatchObject([
			{ plate: '1E5', pictures: [{ role: 'plate' }] },
			{ plate: 'EL123AB', pictures: [{ role: 'scene' }] },
		]);
	});

	it('gives up on too many parts or texts, says so, and keeps the events before them', () => {
		const events = decodePush(formBody(Array.from({ length: 100 }, () => xml)), FORM);
		expect(events).toHaveLength(LIMITS.pushTexts + 1);
		expect(events[0]).toMatchObject({ kind: 'plate' });
		expect(events.at(-1)).toMatchObject({ kind: 'malformed', reason: 'limits' });
	});

	it('survives part headers in another charset', () => {
		const headers = Buffer.concat([
			Buffer.from('Content-Disposition: form-data; name="'),
			Buffer.of(0xb3, 0xb5),
			Buffer.from('"'),
		]);
		const body = Buffer.concat([
			Buffer.from('--boundary\r\n'),
			headers,
			Buffer.from(`\r\n\r\n${xml.body}\r\n--boundary--`),
		]);
		expect(decodePush(body, FORM)[0]).toMatchObject({ plate: '1E5' });
	});
});

describe('what is refused, with its reason', () => {
	const anpr = '<ANPR><licensePlate>AB123</licensePlate></ANPR>';
	it.each([
		['nothing', '', 'empty'],
		['no XML', 'hello', 'noAlert'],
		['another document', '<html><body>hi</body></html>', 'noAlert'],
		['an alert cut in its plate', '<EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>AB12', 'cut'],
		['a plate longer than any', alertOf(`<ANPR><licensePlate>${'A'.repeat(17)}</licensePlate></ANPR>`), 'plateLength'],
		['a plate with a line break', alertOf('<ANPR><licensePlate>AB\n123</licensePlate></ANPR>'), 'plateText'],
		['broken JSON', '{"eventType":', 'syntax'],
		['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${alertOf(anpr)}`, 'doctype'],
		['deep nesting', alertOf(`${'<a>'.repeat(50)}${'</a>'.repeat(50)}${anpr}`), 'syntax'],
		['more tags than any camera sends', alertOf('<a/>'.repeat(5_000) + anpr), 'tags'],
		['a text over the limit', alertOf(`<a>${'x'.repeat(LIMITS.pushTextBytes)}</a>${anpr}`), 'size'],
		['property names that reach into the parser', alertOf(`<__proto__><a>1</a></__proto__>${anpr}`), 'syntax'],
	])('refuses %s', (_, xml, reason) => {
		expect(decodePush(Buffer.from(xml), 'application/xml')).toMatchObject([{ kind: 'malformed', reason }]);
	});

	it('never expands entities: neither nested, nor predefined, nor external ones', () => {
		const entities = Array.from({ length: 10 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`);
		const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "l">${entities.join('')}]>${alertOf('<ANPR><licensePlate>&l9;</licensePlate></ANPR>')}`;
		expect(decodeXml(bomb)).toMatchObject({ kind: 'malformed', reason: 'doctype' });
		expect(decodeXml(alertOf('<ANPR><licensePlate>&l9;</licensePlate></ANPR>'))).toMatchObject({ plate: '&l9;' });
	});

	it('needs no long time for the worst bodies', () => {
		const worst = [
			Buffer.from('<EventNotificationAlert>'.repeat(170_000)),
			Buffer.from('--boundary\r\n'.repeat(340_000)),
			Buffer.from(`--boundary\r\n\r\n${'\r\n--boundar'.repeat(400_000)}`),
			Buffer.from(`${' '.repeat(4_000_000)}<`),
			Buffer.from(alertOf(`<a ${'b="c" '.repeat(10_000)}/>`)),
			formBody(Array.from({ length: 32 }, () => xmlPart(alertOf('<ab/>'.repeat(2_000))))),
			Buffer.from('['.repeat(60_000)),
			Buffer.from(`{"eventType":${'['.repeat(60_000)}`),
		];
		for (const body of worst) {
			const before = process.cpuUsage();
			decodePush(body, FORM);
			decodePush(body, 'text/xml');
			// Processor time, whatever else the machine does.
			expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
		}
	});
});

describe('N9 any bytes to the codec', () => {
	const whole = formBody([xmlPart(hikvisionFixture('access-unit.xml')), picturePart('licensePlatePicture.jpg', jpeg)]);
	const kinds = new Set(['plate', 'noPlate', 'input', 'heartbeat', 'other', 'malformed']);
	const checkDecoded = (body: Uint8Array, contentType: string) => {
		const events = decodePush(body, contentType);
		expect(events.length).toBeGreaterThan(0);
		for (const event of events) {
			expect(kinds.has(event.kind)).toBe(true);
			if (event.kind !== 'plate') continue;
			expect(event.plate.length).toBeLessThanOrEqual(LIMITS.plateLength);
			expect(event.confidence).toBeGreaterThanOrEqual(0);
			expect(event.confidence).toBeLessThanOrEqual(1);
			expect(event.raw.length).toBeLessThanOrEqual(2 * LIMITS.rawReadBytes);
		}
	};

	it('gives events or reasons for random bytes under random content types', () => {
		const contentType = fc.oneof(fc.constantFrom(FORM, 'text/xml', '', 'multipart/', 'application/json'), fc.string());
		fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), contentType, checkDecoded), { numRuns: 300 });
	});

	it('gives events or reasons for a real body with bytes changed, cut out and put in', () => {
		const edit = fc.tuple(fc.nat(whole.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }));
		fc.assert(
			fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
				let body = whole;
				for (const [at, cut, put] of edits) body = Buffer.concat([body.subarray(0, at), put, body.subarray(at + cut)]);
				checkDecoded(body, FORM);
			}),
			{ numRuns: 300 },
		);
	});

	it('never reads a shorter plate out of a body cut anywhere', () => {
		for (let length = 0; length < whole.length; length += 1) {
			for (const event of decodePush(whole.subarray(0, length), FORM)) {
				if (event.kind === 'plate') expect(event.plate).toBe('1E5');
			}
		}
	});

	it('reads back every plate, whatever tags surround it', () => {
		const plate = fc
			.stringMatching(/^[A-Z0-9]{2,10}$/)
			.filter((text) => !['UNKNOWN', 'NOPLATE', 'NONE', 'NULL', 'UNLICENSED'].includes(text));
		const noise = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{3,9}$/), fc.stringMatching(/^[ -;=?-~]{0,20}$/)), {
			maxLength: 8,
		});
		fc.assert(
			fc.property(plate, noise, fc.nat(100), (text, tags, percent) => {
				const around = tags.map(([name, value]) => `<v${name}>${value}</v${name}>`).join('');
				const xml = alertOf(
					`<ANPR>${around}<licensePlate>${text}</licensePlate><confidenceLevel>${percent}</confidenceLevel></ANPR>`,
				);
				expect(decodeXml(xml)).toMatchObject({ kind: 'plate', plate: text, confidence: percent / 100 });
			}),
			{ numRuns: 200 },
		);
	});
});

/** The few characters of the test above that are not ASCII. */
function encodeGbk(text: string): Buffer {
	return Buffer.concat([...text].map((letter) => (letter === '粤' ? Buffer.of(0xd4, 0xc1) : Buffer.from(letter))));
}
