import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { solidJpeg } from '../support/images.ts';
import { until } from '../support/program.ts';

interface Told {
	readonly reads: readonly { readonly role: string; readonly decision: { readonly subject: string } | null }[];
}
interface Summary {
	readonly subject: string;
	readonly outcome: string;
	readonly sequel: string;
}

const CARD = '0F0368568B';
const files = createSiteFiles({}, 'usb');
const programs = path.join(files.dir, 'bin');
/** What stands in front of the camera; the program that takes stills copies it. */
const scene = (name: string) => writeFileSync(path.join(files.dir, 'scene.jpg'), solidJpeg(name));

let reader: Socket;
const readerPort = createServer((socket) => {
	reader = socket.on('error', () => undefined);
});
const sent: number[] = [];
let plate = '';
const engine = createHttpServer((request, response) => {
	let bytes = 0;
	request.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
	});
	request.on('end', () => {
		sent.push(bytes);
		response.end(JSON.stringify({ results: plate === '' ? [] : [{ plate, score: 0.97, region: { code: 'be' } }] }));
	});
});
let daemon: Daemon;
let api: ApiClient;

beforeAll(async () => {
	mkdirSync(programs);
	writeFileSync(path.join(programs, 'ffmpeg'), `#!/bin/sh\nexec cat ${files.dir}/scene.jpg\n`, { mode: 0o755 });
	scene('empty lane');
	for (const server of [readerPort, engine]) await once(server.listen(0, '127.0.0.1'), 'listening');
	const portOf = (server: typeof readerPort | typeof engine) => (server.address() as AddressInfo).port;
	files.configure({
		ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
		devices: [
			{ id: 'reader-1', driver: 'ascii-line', port: `tcp://127.0.0.1:${portOf(readerPort)}` },
			{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom', unit: 1, outputs: { open: 1 } },
			// Its digital input is the loop.
			{ id: 'io-1', driver: 'hikvision-push', path: 'io-1', inputs: { arming: 1 } },
			{
				...{ id: 'usb-1', driver: 'usb-camera', port: '/dev/v4l/by-id/usb-gate-video-index0' },
				recognizer: { engine: 'platerecognizer', url: `http://127.0.0.1:${portOf(engine)}` },
			},
		],
		lanes: [
			{
				...{ id: 'L1', kind: 'entry', from: 'outside', to: 'A1', readers: ['reader-1'], cameras: ['usb-1'] },
				...{ barrier: 'boom-1', loops: { arming: 'io-1.arming' }, passageTimeoutMs: 5_000, backOutMs: 500 },
			},
		],
	});
	await seedDirectory(files.storeDir, [
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', tag: CARD }),
		...aPerson({ id: 'walid', name: 'Walid Maes', plate: '1ABC234' }),
	]);
	const env = { PATH: `${programs}:${process.env['PATH']}` };
	daemon = await startDaemon({ configFile: files.configFile, env });
	api = await claimAndSignIn(daemon);
	await until(async () => {
		for (const id of ['boom-1', 'usb-1', 'reader-1'])
			expect(await api.get(`devices/${id}`)).toMatchObject({ state: 'online' });
	});
});

afterAll(async () => {
	await daemon?.kill();
	reader?.destroy();
	for (const server of [readerPort, engine]) server.close();
	files[Symbol.dispose]();
});

async function loop(state: 'active' | 'inactive'): Promise<void> {
	const xml = `<EventNotificationAlert><eventType>IO</eventType><eventState>${state}</eventState><inputIOPortID>1</inputIOPortID></EventNotificationAlert>`;
	const headers = { 'content-type': 'application/xml' };
	expect((await fetch(`${daemon.ingestUrl}/io-1`, { method: 'POST', headers, body: xml })).status).toBe(200);
	await until(async () => expect(await api.get('lanes/L1')).toMatchObject({ vehiclePresent: state === 'active' }));
}

const decisions = async () => (await api.get<{ items: readonly Summary[] }>('decisions')).items;
const pictures = async () => (await api.get<{ items: readonly Told[] }>('evidence')).items;

it('D usb-camera: the lane goes on by tag where the engine finds no plate, and a still of who showed it stands with the decision', async () => {
	scene('no plate to be seen');
	await loop('active');
	await until(() => expect(sent.length).toBeGreaterThan(0), 20_000);
	expect(sent[0]).toBeGreaterThan(solidJpeg('no plate to be seen').length);
	reader.write(`${CARD}\r\n`);
	await until(async () =>
		expect(await decisions()).toMatchObject([{ outcome: 'granted', subject: expect.stringContaining(CARD) }]),
	);
	await until(
		async () =>
			expect(await pictures()).toMatchObject([
				{ reads: [{ role: 'still', decision: { subject: expect.stringContaining(CARD) } }] },
			]),
		90_000,
	);
	await loop('inactive');
});

it('D usb-camera: the plate that an engine reads in a still of who stands on the loop opens', async () => {
	plate = '1abc234';
	scene('a plate');
	await until(async () => expect(await api.get('lanes/L1')).toMatchObject({ phase: 'idle' }), 60_000);
	await loop('active');
	await until(
		async () => expect((await decisions())[0]).toMatchObject({ outcome: 'granted', subject: '1ABC234' }),
		90_000,
	);
	await until(
		async () =>
			expect((await pictures())[0]).toMatchObject({ reads: [{ role: 'still', decision: { subject: '1ABC234' } }] }),
		90_000,
	);
});
