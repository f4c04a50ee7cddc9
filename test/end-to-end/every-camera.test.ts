import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { LICENCE_KEYS, licenseStore } from '../support/licensed-store.ts';
import { PARKGATE, startProgram, until } from '../support/program.ts';
import { openRawConnection } from '../support/raw-connection.ts';

interface Summary {
	readonly subject: string;
	readonly outcome: string;
	readonly sequel: string;
}

/** Each camera has its own lane, its own car, and its own way to say who it is. */
const ACCESS = [
	{ auth: { type: 'none' }, curl: [] },
	{
		auth: { type: 'digest', username: 'camera', password: 'a long one' },
		curl: ['--digest', '--user', 'camera:a long one'],
	},
	{ auth: { type: 'basic', username: 'camera', password: 'a long one' }, curl: ['--user', 'camera:a long one'] },
	{
		auth: { type: 'token', token: 'a-token-of-this-test' },
		curl: ['--header', 'Authorization: Bearer a-token-of-this-test'],
	},
] as const;
/** Cameras that tell no confidence. */
const UNTOLD: Readonly<Record<string, object>> = {
	'tvt-push': { assumedConfidence: 0.95 },
	'uniview-push': { assumedConfidence: 0.95 },
};
const cameras = createDriverRegistry()
	.drivers.filter((driver) => driver.carrier === 'push')
	.map((driver, index) => {
		const access = ACCESS[index % ACCESS.length] ?? ACCESS[0];
		return { kind: driver.kind, driver, access, plate: `WX${1_000 + index}A`, laneId: `L${index}`, id: `cam-${index}` };
	});
const BARRIER_PLATE = 'WX9999Z';

/** One gateway with every kind of camera; the boards are simulated within it, one camera is its own barrier. */
describe('D every kind of camera posts to the real gateway', () => {
	const files = createSiteFiles(
		{
			licence: LICENCE_KEYS,
			ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
			devices: [
				...cameras.flatMap(({ kind, access, id, laneId }) => [
					{ id, driver: kind, path: id, auth: access.auth, ...UNTOLD[kind] },
					{ id: `boom-${laneId}`, driver: 'modbus-relay', port: `sim:${laneId}`, unit: 1, outputs: { open: 1 } },
				]),
				{ id: 'gate', driver: 'vzenith-push', path: 'gate', outputs: { open: 0 } },
			],
			lanes: [
				...cameras.map(({ id, laneId }) => lane(laneId, id, `boom-${laneId}`)),
				lane('own-barrier', 'gate', 'gate'),
			],
		},
		'cameras',
	);
	let daemon: Daemon;
	let api: ApiClient;

	beforeAll(async () => {
		const plates = [...cameras.map(({ plate }) => plate), BARRIER_PLATE];
		const people = plates.flatMap((plate) => aPerson({ id: plate.toLowerCase(), name: `Owner of ${plate}`, plate }));
		await seedDirectory(files.storeDir, [STAFF, ...people]);
		await licenseStore(files.storeDir, { cameras: cameras.length + 1 });
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
		await until(async () => {
			for (const { laneId } of cameras)
				expect(await api.get(`devices/boom-${laneId}`)).toMatchObject({ state: 'online' });
		});
	});

	afterAll(async () => {
		await daemon?.kill();
		files[Symbol.dispose]();
	});

	const granted = async () =>
		(await api.get<{ items: readonly Summary[] }>('decisions?limit=100')).items.filter(
			({ outcome }) => outcome === 'granted',
		);
	const statistics = async (id: string) =>
		(await api.get<{ statistics: Readonly<Record<string, number>> }>(`devices/${id}`)).statistics;
	const readOf = (plate: string) => ({
		...({ plate, confidence: 0.95, direction: 'approaching', at: new Date(), eventId: randomUUID() } as const),
	});

	/** Arguments that post what the camera would, to its path. */
	function pushArgs(camera: Pick<(typeof cameras)[number], 'driver' | 'id'>, plate: string): readonly string[] {
		const config = camera.driver.config.parse({ id: camera.id, driver: camera.driver.kind, path: camera.id });
		const { body, contentType } = camera.driver.createSimulator(config).plate(readOf(plate));
		const file = path.join(files.dir, `${randomUUID()}.body`);
		writeFileSync(file, body);
		const url = `${daemon.ingestUrl}/${camera.id}`;
		return ['--data-binary', `@${file}`, '--header', `Content-Type: ${contentType}`, url];
	}

	async function curl(...args: readonly string[]): Promise<string> {
		const running = startProgram(['curl', '--silent', '--show-error', ...args], { cwd: files.dir });
		await running.exited;
		return `${running.stdout()}${running.stderr()}`;
	}

	it.each(cameras)('$kind opens its lane: plain with its credentials, and refused without', async (camera) => {
		const { id, access, plate, laneId } = camera;
		const push = pushArgs(camera, plate);
		const status = ['--output', path.join(files.dir, 'answer'), '--write-out', '%{http_code}'];
		if (access.auth.type !== 'none') expect(await curl(...status, ...push)).toBe('401');
		expect(await statistics(id)).toMatchObject({ pushes: 0 });
		expect(await curl(...status, ...access.curl, ...push)).toBe('200');
		await until(async () => {
			expect(await granted()).toContainEqual(expect.objectContaining({ subject: plate, sequel: 'passed' }));
			expect(await statistics(`boom-${laneId}`)).toMatchObject({ pulses: 1 });
		});
	});

	it.each(cameras)('$kind sends an event again, chunked and after 100-continue: told once', async (camera) => {
		const { id, access, laneId } = camera;
		const push = pushArgs(camera, 'QQ1111Q');
		for (const header of ['Transfer-Encoding: chunked', 'Expect: 100-continue', 'Connection: close'])
			await curl(...access.curl, '--header', header, ...push);
		expect(await statistics(id)).toMatchObject({ pushes: 4, plates: 2, duplicates: 2, malformed: 0 });
		expect(await statistics(`boom-${laneId}`)).toMatchObject({ pulses: 1 });
	});

	it.each(cameras)('$kind sends two events over one connection', async (camera) => {
		const { id, access } = camera;
		const count = ['--write-out', '%{num_connects},'];
		const [first, second] = ['QQ2222Q', 'QQ3333Q'].map((plate) => [
			...count,
			...access.curl,
			...pushArgs(camera, plate),
		]);
		const told = await curl(...(first ?? []), '--next', '--silent', ...(second ?? []));
		// Digest asks twice; the connection is made once.
		expect(told.match(/\d(?=,)/g)?.map(Number)).toEqual([1, 0]);
		expect(await statistics(id)).toMatchObject({ pushes: 6, plates: 4, malformed: 0 });
	});

	it('is played by the program itself too: plates, the same again, and what is no stimulus', async () => {
		const camera = cameras.find(({ kind }) => kind === 'hikvision-push');
		const { type, ...account } = camera?.access.auth ?? { type: 'none' };
		const credentials = Object.entries({ type, ...account }).flatMap(([name, value]) => [
			'--set',
			`auth.${name}=${value}`,
		]);
		const { pushes = 0, plates = 0, duplicates = 0 } = await statistics(camera?.id ?? '');
		await using played = startProgram([
			process.execPath,
			...[PARKGATE, 'simulate', 'device', '--driver', 'hikvision-push'],
			...['--port', `${daemon.ingestUrl}/${camera?.id}`, ...credentials],
		]);
		for (const line of ['plate QQ5555Q confidence 0.91', 'again', 'fly to the moon', 'heartbeat']) played.type(line);
		played.endInput();
		expect(await played.exited).toMatchObject({ code: 0 });
		expect(played.stderr()).toMatch(/^hikvision-push posts to .*\n200: plate QQ5555Q.*\n200: again\nthis camera knows/);
		expect(await statistics(camera?.id ?? '')).toMatchObject({
			...{ pushes: pushes + 3, plates: plates + 1, duplicates: duplicates + 1 },
		});
	});

	describe('a camera that is its own barrier', () => {
		const vzenith = cameras.find(({ kind }) => kind === 'vzenith-push');
		if (vzenith === undefined) throw new Error('it is not registered');
		const gate = { driver: vzenith.driver, id: 'gate' };
		let opened: readonly string[] = [];

		it('opens by its answer, once the decision is written', async () => {
			// On a machine that is busy a decision may take longer than the camera waits: it tries again, as its driver does.
			await until(async () => {
				await until(async () => expect(await api.get('lanes/own-barrier')).toMatchObject({ phase: 'idle' }));
				opened = pushArgs(gate, BARRIER_PLATE);
				expect(JSON.parse(await curl(...opened))).toMatchObject({
					Response_AlarmInfoPlate: { info: 'ok', channelNum: 0 },
				});
			}, 90_000);
			await until(async () =>
				expect(await granted()).toContainEqual(expect.objectContaining({ subject: BARRIER_PLATE, sequel: 'passed' })),
			);
			expect(await statistics('gate')).toMatchObject({ answersOpened: 1 });
		});

		it('is denied when the event comes again, for a stranger and for what it kept', async () => {
			const before = (await granted()).length;
			expect(await curl(...opened)).toContain('"info":"no"');
			expect(await curl(...pushArgs(gate, 'QQ4444Q'))).toContain('"info":"no"');
			expect(await curl(...pushArgs(gate, '_无_'))).toContain('"info":"no"');
			expect(await statistics('gate')).toMatchObject({ answersOpened: 1, noPlate: 1 });
			expect((await granted()).length).toBe(before);
		});

		it('opens nothing from the console: no event waits', async () => {
			await until(async () => expect(await api.get('lanes/own-barrier')).toMatchObject({ phase: 'idle' }));
			const answer = await api.send('POST', 'lanes/own-barrier/vend', { reason: 'a delivery' });
			expect(answer.status).toBeGreaterThanOrEqual(500);
			expect(JSON.stringify(answer.body)).toMatch(/relay board|VEND_EXPIRED/);
			expect(await statistics('gate')).toMatchObject({ answersOpened: 1 });
		});
	});

	it.each(cameras)('$kind is cut in the middle: nothing is told of half an event', async (camera) => {
		const before = await statistics(camera.id);
		const config = camera.driver.config.parse({ id: camera.id, driver: camera.kind, path: camera.id });
		const { body, contentType } = camera.driver.createSimulator(config).plate(readOf('QQ7777Q'));
		const head = (bytes: number) =>
			`POST /ingest/${camera.id} HTTP/1.1\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes}\r\n${credentialsOf(camera.access.auth)}\r\n`;
		// Within its text: a whole text whose pictures are cut is an event.
		const half = body.subarray(0, 200);
		const port = Number(new URL(daemon.ingestUrl ?? '').port);
		const gone = await openRawConnection(port);
		gone.send(Buffer.concat([Buffer.from(head(body.length)), half]));
		gone.destroy();
		// A camera that announces only the half it has.
		const short = await openRawConnection(port);
		short.send(Buffer.concat([Buffer.from(head(half.length)), half]));
		await short.until(() => short.received().includes('HTTP/1.1'));
		short.destroy();
		expect((await statistics(camera.id))['plates']).toBe(before['plates']);
	});

	it('writes no error into the log', () => {
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});

/** Digest answers need a nonce: its camera is refused before its half is looked at. */
function credentialsOf(auth: (typeof ACCESS)[number]['auth']): string {
	if (auth.type === 'token') return `Authorization: Bearer ${auth.token}\r\n`;
	if (auth.type !== 'basic') return '';
	return `Authorization: Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}\r\n`;
}

function lane(id: string, camera: string, barrier: string) {
	return {
		...{ id, kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly', cameras: [camera], barrier },
		...{ passageTimeoutMs: 5_000, retryAfterMs: 500 },
	};
}
