import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSolidJpeg } from '../../src/drivers/push-camera/solid-jpeg.ts';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { startProgram, until } from '../support/program.ts';
import { hikvisionFixture } from '../support/push-camera.ts';

interface Summary {
	readonly id: string;
	readonly subject: string;
	readonly outcome: string;
	readonly headline: string | null;
	readonly sequel: string;
}

/** Back to idle as soon as the settings allow when nobody drives in. */
const PASSAGE_TIMEOUT_MS = 5_000;
/** Without loops, what was just let in may be read again while it drives off. */
const SETTLED_MS = 500;

/** One lane that only a camera serves; the barrier's board is simulated within the gateway. */
describe('a camera that posts to the gateway', () => {
	const files = createSiteFiles(
		{
			ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
			devices: [
				{ id: 'cam-1', driver: 'hikvision-push', path: 'gate-north' },
				{
					id: 'cam-2',
					driver: 'hikvision-push',
					path: 'guarded',
					auth: { type: 'digest', username: 'camera', password: 'a long one' },
				},
				{
					...{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom-1', unit: 1, outputs: { open: 1 } },
					// Without loops only the board's answer stands for a passage: no pause of a busy machine may cost it.
					timeoutMs: 1_000,
				},
			],
			lanes: [
				{
					id: 'L1',
					kind: 'entry',
					from: 'outside',
					to: 'A1',
					identify: 'plateOnly',
					cameras: ['cam-1', 'cam-2'],
					barrier: 'boom-1',
					passageTimeoutMs: PASSAGE_TIMEOUT_MS,
					retryAfterMs: SETTLED_MS,
				},
			],
		},
		'camera',
	);
	let daemon: Daemon;
	let api: ApiClient;

	beforeAll(async () => {
		await seedDirectory(files.storeDir, [STAFF, ...aPerson({ id: 'walid', name: 'Walid Maes', plate: 'WX1234A' })]);
		writeFileSync(path.join(files.dir, 'plate.jpg'), encodeSolidJpeg(120, 40, 90, 'plate'));
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ state: 'online' }));
	});

	afterAll(async () => {
		await daemon?.kill();
		files[Symbol.dispose]();
	});

	const decisions = async () => (await api.get<{ items: readonly Summary[] }>('decisions')).items;
	const statistics = async (id: string) =>
		(await api.get<{ statistics: Readonly<Record<string, number>> }>(`devices/${id}`)).statistics;
	const laneFree = async () => {
		await until(
			async () => expect(await api.get('lanes/L1')).toMatchObject({ phase: 'idle' }),
			PASSAGE_TIMEOUT_MS + 5_000,
		);
		await new Promise((resolve) => setTimeout(resolve, SETTLED_MS + 50));
	};

	/** An event of its own time and UUID. */
	const newEvent = (plate = 'WX1234A') =>
		hikvisionFixture('deepinview-v5.8.xml')
			.replace('<UUID>x</UUID>', `<UUID>${randomUUID()}</UUID>`)
			.replace('2026-07-05T20:44:40+01:00', new Date().toISOString())
			.replaceAll('WX1234A', plate);

	/** As the camera does: the text and the plate's picture in one form. @returns the status */
	async function post(xml: string, ingestPath = 'gate-north', more: readonly string[] = []): Promise<string> {
		writeFileSync(path.join(files.dir, 'anpr.xml'), xml);
		const form = ['anpr.xml;type=text/xml', 'plate.jpg;type=image/jpeg'].flatMap((part) => [
			'--form',
			`${part.split(';')[0]}=@${part}`,
		]);
		const url = `${daemon.ingestUrl}/${ingestPath}`;
		const curl = startProgram(
			['curl', '--silent', '--show-error', '--write-out', '%{http_code}', ...more, ...form, url],
			{
				cwd: files.dir,
			},
		);
		await curl.exited;
		return `${curl.stdout()}${curl.stderr()}`;
	}

	const firstEvent = newEvent();

	it('opens the barrier for a plate that may enter', async () => {
		expect(await post(firstEvent)).toBe('200');
		await until(async () => {
			// Without loops a passage is taken for granted once the barrier opened.
			expect(await decisions()).toMatchObject([{ outcome: 'granted', subject: 'WX1234A', sequel: 'passed' }]);
			expect(await statistics('boom-1')).toMatchObject({ pulses: 1 });
		});
		expect(await api.get('devices/cam-1')).toMatchObject({ state: 'online' });
	});

	it('opens once for an event that is sent again, also long after; a new event of the same car opens again', async () => {
		await laneFree();
		expect(await post(firstEvent)).toBe('200');
		await until(async () => expect(await statistics('cam-1')).toMatchObject({ pushes: 2, duplicates: 1 }));
		expect(await decisions()).toHaveLength(1);
		expect(await post(newEvent())).toBe('200');
		await until(async () => expect(await statistics('boom-1')).toMatchObject({ pulses: 2 }));
		expect(await decisions()).toHaveLength(2);
	});

	it('opens nothing for what the camera kept while the network was away', async () => {
		await laneFree();
		const kept = hikvisionFixture('retransmitted.xml').replaceAll('1E5', 'WX1234A');
		expect(await post(kept)).toBe('200');
		await until(async () => expect(await statistics('cam-1')).toMatchObject({ historical: 1 }));
		expect((await decisions()).filter(({ outcome }) => outcome === 'granted')).toHaveLength(2);
		expect(await statistics('boom-1')).toMatchObject({ pulses: 2 });
		expect(await api.get('lanes/L1')).toMatchObject({ phase: 'idle' });
	});

	it('refuses a stranger and says why', async () => {
		expect(await post(newEvent('QQ9999Q'))).toBe('200');
		await until(async () =>
			expect((await decisions())[0]).toMatchObject({ outcome: 'refused', headline: 'UNKNOWN_CREDENTIAL' }),
		);
		expect(await statistics('boom-1')).toMatchObject({ pulses: 2 });
	});

	it('takes nothing on a guarded path without the right credentials', async () => {
		const guarded = (password: string) => ['--digest', '--user', `camera:${password}`];
		expect(await post(newEvent(), 'guarded')).toBe('401');
		expect(await post(newEvent(), 'guarded', guarded('wrong'))).toBe('401');
		expect(await statistics('cam-2')).toMatchObject({ pushes: 0 });
		expect(await post(newEvent(), 'guarded', guarded('a long one'))).toBe('200');
		expect(await statistics('cam-2')).toMatchObject({ pushes: 1 });
		expect(await post(newEvent(), 'nowhere')).toBe('404');
	});

	it('serves cameras nothing but their paths', async () => {
		const outside = daemon.ingestUrl?.replace('/ingest', '') ?? '';
		for (const other of ['/', '/healthz', '/api/v1/lanes', '/login', '/ingest/gate-north/..%2f..%2fhealthz'])
			expect((await fetch(`${outside}${other}`)).status).toBe(404);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});
