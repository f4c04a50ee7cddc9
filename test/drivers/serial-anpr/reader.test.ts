import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { createOpenPort } from '../../../src/drivers/ports/open-port.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { serialAnpr } from '../../../src/drivers/serial-anpr/index.ts';
import type { Observation } from '../../../src/gateway/core/observation.ts';
import vectors from '../../fixtures/serial-readers/serial-anpr.json' with { type: 'json' };
import { createLinkBench } from '../../support/link-bench.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { wallClock } from '../../support/wall-clock.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function started(settings: object) {
	const bench = createLinkBench(serialAnpr, [{ id: 'camera', ...settings }]);
	await bench.start();
	await bench.clock.advanceAsync(10);
	return { ...bench, status: () => bench.device('camera').status() };
}

/** What a camera with these settings tells of these messages, each after a pause. */
async function toldBy(settings: object, ...messages: readonly (string | Uint8Array)[]) {
	const bench = await started(settings);
	for (const message of messages) {
		bench.link.onBytes(typeof message === 'string' ? utf8(message) : message);
		await bench.clock.advanceAsync(3_000);
	}
	const { statistics, identity } = bench.status();
	return { observations: bench.observations, statistics, identity };
}

describe('samples of cameras on a line', () => {
	test.each(vectors.messages)('N9 reads $read.plate ($origin)', async ({ settings, text, read, time }) => {
		const { observations, statistics } = await toldBy(settings, text);
		expect(observations).toMatchObject([{ kind: 'plate', deviceId: 'camera', historical: false, ...read }]);
		const [told] = observations;
		const cameraTimeMs = told?.kind === 'plate' ? told.cameraTimeMs : undefined;
		expect(cameraTimeMs === undefined ? undefined : new Date(cameraTimeMs).toISOString()).toBe(time);
		expect(statistics).toMatchObject({ reads: 1, frameErrors: 0, rejectedReads: 0, noPlate: 0 });
		expect('clockOffsetMs' in statistics).toBe(time !== undefined);
	});

	test.each(vectors.messages)('comes byte by byte too ($origin)', async ({ settings, text, read }) => {
		const { clock, link, observations } = await started(settings);
		for (const byte of utf8(text)) link.onBytes(Uint8Array.of(byte));
		await clock.advanceAsync(3_000);
		expect(observations).toMatchObject([read]);
	});

	test.each(vectors.noPlate)('tells nothing of a vehicle without a plate: $text', async ({ settings, text }) => {
		const { observations, statistics } = await toldBy(settings, text);
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ noPlate: 1, rejectedReads: 0, strayFrames: 0 });
	});

	test.each(vectors.messages)('decodes a capture without its configuration ($origin)', ({ settings, text, read }) => {
		if (settings.pattern !== undefined || settings.end !== undefined) return;
		const lines = [...serialAnpr.decode(utf8(text))];
		expect(lines.filter(({ kind }) => kind === 'observation')).toMatchObject([{ plate: read.plate }]);
	});
});

describe('pictures in a message', () => {
	const jpeg = encodeSolidJpeg(64, 32, 120, 'evidence');
	const base64 = Buffer.from(jpeg).toString('base64');

	test('come with the plate, and damaged ones are left out', async () => {
		const tattile = `<MESSAGE><PLATE_STRING>7459MTL</PLATE_STRING><IMAGE_OCR>${base64}</IMAGE_OCR><IMAGE_CTX>${base64}</IMAGE_CTX></MESSAGE>`;
		const { observations } = await toldBy({ format: 'tattile' }, tattile);
		expect(observations).toMatchObject([{ evidence: [{ role: 'plate', bytes: jpeg }, { role: 'scene' }] }]);
		const axxon = `<CAR_PLATE plate="X000XX77" plateImage="${base64}">AAAA</CAR_PLATE>`;
		const [told] = (await toldBy({ format: 'axxon-xml' }, axxon)).observations;
		expect(told).toMatchObject({ plate: 'X000XX77' });
		expect(told?.kind === 'plate' && told.evidence?.map(({ role }) => role)).toEqual(['plate']);
	});
});

describe('what is no plate', () => {
	test('is refused with its reason, and never told', async () => {
		const refused: readonly (readonly [object, string])[] = [
			[{ format: 'tattile' }, `<MESSAGE><PLATE_STRING>${'A'.repeat(17)}</PLATE_STRING></MESSAGE>`],
			[{ format: 'tattile' }, '<MESSAGE><!DOCTYPE a [<!ENTITY b "c">]><PLATE_STRING>AB123</PLATE_STRING></MESSAGE>'],
			[{ format: 'axxon-xml' }, '<CAR_PLATE plate="AB\u0001123"></CAR_PLATE>'],
			[{ format: 'nedap' }, `${'A'.repeat(20)}\r\n`],
		];
		for (const [settings, text] of refused) {
			const { observations, statistics } = await toldBy(settings, text);
			expect(observations).toEqual([]);
			expect(statistics).toMatchObject({ rejectedReads: 1, noPlate: 0 });
		}
		const inLatin1 = await toldBy({ format: 'line' }, Uint8Array.of(0x57, 0xc4, 0x31, 0x32, 0x33, 0x0d));
		expect(inLatin1.observations).toEqual([]);
		expect(inLatin1.statistics).toMatchObject({ rejectedReads: 1 });
	});

	test('is shown to who writes the pattern when it does not fit', async () => {
		const { observations, statistics, identity } = await toldBy({ format: 'line' }, 'camera ready, version 1\r\n');
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ strayFrames: 1 });
		expect(identity).toEqual({ 'message that is no plate': 'camera ready, version 1' });
	});

	test('a message cut in its plate is nothing, and the next one is read', async () => {
		const cut = '<MESSAGE><PLATE_STRING>AB12';
		const whole = '<MESSAGE><PLATE_STRING>AB123CD</PLATE_STRING></MESSAGE>';
		const bench = await started({ format: 'tattile' });
		bench.link.onBytes(utf8(cut + whole));
		await bench.clock.advanceAsync(3_000);
		expect(bench.observations).toMatchObject([{ plate: 'AB123CD' }]);
		expect((await toldBy({ format: 'tattile' }, cut, whole)).observations).toMatchObject([{ plate: 'AB123CD' }]);
	});
});

describe('the same message again', () => {
	test('within repeatMs is told once; another look at the vehicle is told', async () => {
		const { clock, link, observations, status } = await started({ format: 'line', repeatMs: 1_000 });
		for (const text of ['AB123;61\r\n', 'AB123;61\r\n', 'AB123;88\r\n']) link.onBytes(utf8(text));
		await clock.advanceAsync(10);
		expect(observations).toMatchObject([{ confidence: 0.61 }, { confidence: 0.88 }]);
		expect(status().statistics).toMatchObject({ reads: 2, repeatedReads: 1 });
		await clock.advanceAsync(1_000);
		link.onBytes(utf8('AB123;61\r\n'));
		expect(observations).toHaveLength(3);
	});

	test('has the key of the same plate at the same time of the camera', async () => {
		const { observations } = await toldBy(
			{ format: 'line', timeZone: 'UTC', repeatMs: 100 },
			'AB123;88;20260705204440\r\n',
			'AB123;88;20260705204440\r\n',
		);
		expect(new Set(observations.map((read) => read.kind === 'plate' && read.dedupeKey)).size).toBe(1);
	});
});

describe('fields of a line', () => {
	test.each([
		[1, '0.93', 0.93],
		[100, '93', 0.93],
		[100, '93.5', 0.935],
		[255, '255', 1],
		[255, '300', 0],
		[999, '999', 1],
		[100, '101', 0],
	])('with a scale of %i bring the confidence %s to %f', async (confidenceScale, text, confidence) => {
		const { observations } = await toldBy({ format: 'line', confidenceScale }, `AB123;${text}\r\n`);
		expect(observations).toMatchObject([{ confidence }]);
	});

	test('are read in the encoding of the entry', async () => {
		const cyrillic = Uint8Array.of(0xc0, 0x31, 0x32, 0x33, 0xc2, 0xd1, 0x37, 0x37, 0x0d, 0x0a);
		const { observations } = await toldBy({ format: 'line', encoding: 'windows-1251' }, cyrillic);
		expect(observations).toMatchObject([{ plate: 'А123ВС77' }]);
		const ascii = await toldBy({ format: 'line', encoding: 'ascii' }, cyrillic);
		expect(ascii.statistics).toMatchObject({ frameErrors: 1, reads: 0 });
	});

	test('a country is taken off the end of a Nedap line only when there is one of that name', async () => {
		const { observations } = await toldBy({ format: 'nedap' }, 'AB-12-XYZ\r\n');
		expect(observations).toMatchObject([{ plate: 'AB-12-XYZ' }]);
		expect(observations[0]).not.toHaveProperty('country');
	});
});

describe('a camera that listens on a TCP port', () => {
	test('is read over a real connection, and again after it hung up', async () => {
		const sockets: Socket[] = [];
		const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const entry = serialAnpr.config.parse({
			...{ id: 'camera', driver: 'serial-anpr', port: `tcp://127.0.0.1:${port}`, format: 'axxon' },
		});
		const reads: Observation[] = [];
		const bench = createSupervisorBench(wallClock, [entry], {
			openPort: createOpenPort(wallClock, () => undefined),
			events: {
				onObservation: (read) => void reads.push(read),
				onInput: () => undefined,
				onStatus: () => undefined,
			},
		});
		bench.supervisor.start();
		const patience = { timeout: 20_000, interval: 10 };
		await vi.waitFor(() => expect(bench.state('camera')).toBe('online'), patience);
		sockets.at(-1)?.write('\u00022020072118374401X000XX77\u0003');
		await vi.waitFor(() => expect(reads).toMatchObject([{ plate: 'X000XX77' }]), patience);
		sockets.at(-1)?.destroy();
		await vi.waitFor(() => expect(sockets).toHaveLength(2), patience);
		await vi.waitFor(() => expect(bench.state('camera')).toBe('online'), patience);
		sockets.at(-1)?.write('\u00022020072118374501X000XX78\u0003');
		await vi.waitFor(() => expect(reads).toHaveLength(2), patience);
		await bench.supervisor.stop();
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => void server.close(resolve));
	});
});

describe('configuration', () => {
	const base = { id: 'camera', driver: 'serial-anpr', port: 'sim:x' };
	test.each([
		{},
		{ format: 'line', pattern: '([' },
		{ format: 'line', pattern: '^(?<tag>.+)$' },
		{ format: 'line', pattern: '^(?<plate>([A-Z]+)+)$' },
		{ format: 'nedap', pattern: '^(?<plate>.+)$' },
		{ format: 'line', timeZone: 'Mars/Olympus' },
		{ format: 'line', confidenceScale: 10 },
		{ format: 'line', encoding: 'ebcdic' },
	])('refuses %j', (entry) => {
		expect(serialAnpr.config.safeParse({ ...base, ...entry }).success).toBe(false);
	});
});
