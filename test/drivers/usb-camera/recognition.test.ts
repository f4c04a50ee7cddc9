import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMultipart } from '../../../src/drivers/ports/http-push-multipart.ts';
import { type RecognizerConfig, usbCameraConfigSchema } from '../../../src/drivers/usb-camera/config.ts';
import { usbCamera } from '../../../src/drivers/usb-camera/index.ts';
import { decodeRecognition, recognitionQuestion } from '../../../src/drivers/usb-camera/recognition.ts';
import { solidJpeg } from '../../support/images.ts';

function recognizer(settings: object): RecognizerConfig {
	const camera = usbCameraConfigSchema.parse({
		...{ id: 'cam-1', driver: 'usb-camera', port: 'sim:cam' },
		recognizer: { url: 'http://10.0.0.5:8080', ...settings },
	});
	if (camera.recognizer === undefined) throw new Error('no recognizer');
	return camera.recognizer;
}

const plateRecognizer = recognizer({ engine: 'platerecognizer', regions: ['be', 'nl'], token: 'a-token' });
const codeProject = recognizer({ engine: 'codeproject-ai', url: 'http://10.0.0.5:32168' });
const other = recognizer({
	...{ engine: 'http', url: 'http://10.0.0.5:9000/read', plate: 'found.0.text', confidence: 'found.0.sure' },
	...{ country: 'found.0.land', fullConfidence: 100 },
});
const read = (config: RecognizerConfig, answer: unknown) =>
	decodeRecognition(config, Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)));

/** As the Snapshot API reference shows an answer. */
const SNAPSHOT = {
	...{ processing_time: 288.758, filename: '1617_7M83K_car.jpg', version: 1, camera_id: null },
	timestamp: '2020-10-12T16:17:27.574008Z',
	results: [
		{
			...{ box: { xmin: 143, ymin: 481, xmax: 282, ymax: 575 }, plate: 'nhk552', score: 0.904, dscore: 0.92 },
			region: { code: 'gb', score: 0.747 },
			candidates: [{ score: 0.904, plate: 'nhk552' }],
		},
		{ box: { xmin: 10, ymin: 20, xmax: 60, ymax: 40 }, plate: 'farcar', score: 0.99, region: { code: 'gb' } },
	],
};

describe("D what an engine answers to a usb-camera's still", () => {
	it('Plate Recognizer: of two vehicles the nearest, in capitals, with country and confidence', () => {
		expect(read(plateRecognizer, SNAPSHOT)).toMatchObject({
			plate: { plate: 'NHK552', confidence: 0.904, country: 'GB', size: { widthPx: 139, heightPx: 94 } },
		});
	});

	it('Plate Recognizer: neither the time of the engine nor a key that makes two stills one read', () => {
		const { plate } = { plate: undefined, ...read(plateRecognizer, SNAPSHOT) };
		expect(plate).toBeDefined();
		for (const field of ['time', 'key', 'sameWithinMs']) expect(plate).not.toHaveProperty(field);
	});

	it('CodeProject.AI: the plate of its predictions', () => {
		const answer = {
			...{ success: true, processMs: 203, inferenceMs: 180, code: 200 },
			predictions: [
				{ confidence: 0.87, label: 'Plate: 1abc234', plate: '1abc234', x_min: 10, y_min: 20, x_max: 110, y_max: 50 },
			],
		};
		expect(read(codeProject, answer)).toMatchObject({
			plate: { plate: '1ABC234', confidence: 0.87, size: { widthPx: 100, heightPx: 30 } },
		});
	});

	it('any other: where the configuration says, confidence of its own scale', () => {
		const answer = { found: [{ text: '1-abc-234', sure: 87, land: 'be' }] };
		expect(read(other, answer)).toMatchObject({ plate: { plate: '1-ABC-234', confidence: 0.87, country: 'BE' } });
	});

	it.each([
		['no vehicle', plateRecognizer, { results: [] }],
		['a vehicle without a plate', plateRecognizer, { results: [{ plate: '', score: 0, vehicle: { type: 'Sedan' } }] }],
		['no prediction', codeProject, { success: true, predictions: [] }],
		['predictions of nothing', codeProject, { success: true, predictions: null }],
		["a vendor's word for none", other, { found: [{ text: 'unknown', sure: 99 }] }],
		['another form', other, { other: 1 }],
	])('%s is no plate', (_, config, answer) => {
		expect(read(config, answer)).toEqual({ plate: undefined });
	});

	it.each([
		['an error page', plateRecognizer, '<html>502</html>', 'syntax'],
		['half an answer', plateRecognizer, '{"results":[{"pla', 'syntax'],
		['nothing', plateRecognizer, '', 'empty'],
		['an answer of another service', plateRecognizer, { detail: 'Invalid token' }, 'noEvent'],
		['a failure it tells', codeProject, { success: false, error: 'No model' }, 'engine: No model'],
		['a failure it does not explain', codeProject, { success: false }, 'noSuccess'],
		['a plate longer than any', other, { found: [{ text: 'A'.repeat(40) }] }, 'plateLength'],
	])('%s is refused with its reason', (_, config, answer, problem) => {
		expect(read(config, answer)).toEqual({ problem });
	});

	it('is never trusted, whatever it is', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(plateRecognizer, codeProject, other), (answer, config) => {
				expect(read(config, { results: answer, predictions: answer, success: true, found: answer })).toBeTypeOf(
					'object',
				);
			}),
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				expect(decodeRecognition(codeProject, bytes)).toBeTypeOf('object');
				expect([...usbCamera.decode(bytes)].length).toBeGreaterThan(0);
			}),
		);
	});

	it('is decoded from a capture, too', () => {
		const lines = [...usbCamera.decode(Buffer.from(JSON.stringify(SNAPSHOT)))];
		expect(lines.filter(({ kind }) => kind === 'observation')).toMatchObject([
			{ plate: 'NHK552' },
			{ plate: 'FARCAR' },
		]);
	});
});

describe('how an engine is asked', () => {
	const picture = solidJpeg('still');

	it('Plate Recognizer: a form with the picture and the regions, and its token', () => {
		const question = recognitionQuestion(plateRecognizer, picture, 'limit');
		expect(question).toMatchObject({
			...{ host: '10.0.0.5', port: 8_080, method: 'POST', path: '/v1/plate-reader/', timeoutMs: 3_000 },
			authorization: 'Token a-token',
		});
		const { parts } = parseMultipart(Buffer.from(question.body ?? ''), question.contentType ?? '');
		expect(parts.map(({ name }) => name)).toEqual(['regions', 'regions', 'upload']);
		expect(Buffer.from(parts[2]?.bytes ?? [])).toEqual(Buffer.from(picture));
	});

	it('CodeProject.AI at its own path, any other at the one that is written, as a form or as the bare picture', () => {
		expect(recognitionQuestion(codeProject, picture, 'limit').path).toBe('/v1/vision/alpr');
		const bare = recognitionQuestion(other, picture, 'limit');
		expect(bare).toMatchObject({ path: '/read', contentType: 'image/jpeg', body: picture });
		const form = recognitionQuestion(
			recognizer({ engine: 'http', url: 'http://engine/a/b', plate: 'plate', field: 'image' }),
			picture,
			'limit',
		);
		expect(form).toMatchObject({ host: 'engine', port: 80, path: '/a/b' });
		const { parts } = parseMultipart(Buffer.from(form.body ?? ''), form.contentType ?? '');
		expect(parts.map(({ name }) => name)).toEqual(['image']);
	});

	it.each([
		['https://cloud.example/v1'],
		['http://user:secret@10.0.0.5'],
		['http://10.0.0.5/?a=b'],
		['file:///etc/passwd'],
		['http://10.0.0.5:99999'],
	])('refuses the address %s', (url) => {
		expect(() => recognizer({ engine: 'codeproject-ai', url })).toThrow();
	});

	it.each([['-i'], ['http://10.0.0.5/video'], ['/etc/passwd'], ['/dev/v4l/by-id/../../sda'], ['/dev/video0 -f']])(
		'refuses the camera %s',
		(port) => {
			expect(usbCameraConfigSchema.safeParse({ id: 'c', driver: 'usb-camera', port }).success).toBe(false);
		},
	);
});
