import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { startProgram, until } from '../support/program.ts';
import { hikvisionFixture } from '../support/push-camera.ts';
import { openRawConnection, type RawConnection } from '../support/raw-connection.ts';

const CAMERA = '127.0.0.2';
const PASSWORD = 'a long one';
const PATIENCE_MS = 20_000;
/** Far over what a gateway at work needs, far under what any of these attacks would take of it. */
const MOST_MEMORY_BYTES = 450_000_000;
const CONNECTIONS = 10_000;
const AT_ONCE = 250;
/** Without loops, what was just let in may be read again while it drives off. */
const SETTLED_MS = 500;

/** One lane that a camera serves, behind the listener that is attacked from the cameras' own network. */
describe('a site whose camera listener is attacked', () => {
	const files = createSiteFiles(
		{
			ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/24'] },
			devices: [
				{
					...{ id: 'cam-1', driver: 'hikvision-push', path: 'gate', allow: [CAMERA] },
					auth: { type: 'digest', username: 'camera', password: PASSWORD },
				},
				{ id: 'cam-2', driver: 'hikvision-push', path: 'open' },
				{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom-1', unit: 1, outputs: { open: 1 }, timeoutMs: 1_000 },
			],
			lanes: [
				{
					...{ id: 'L1', kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly' },
					...{ cameras: ['cam-1'], barrier: 'boom-1', passageTimeoutMs: 5_000, retryAfterMs: SETTLED_MS },
				},
			],
		},
		'hostile-cameras',
	);
	let daemon: Daemon;
	let api: ApiClient;
	let port = 0;

	beforeAll(async () => {
		await seedDirectory(files.storeDir, [STAFF, ...aPerson({ id: 'walid', name: 'Walid Maes', plate: 'WX1234A' })]);
		daemon = await startDaemon({ configFile: files.configFile });
		port = Number(new URL(daemon.ingestUrl ?? '').port);
		api = await claimAndSignIn(daemon);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ state: 'online' }));
	});

	afterAll(async () => {
		await daemon?.kill();
		files[Symbol.dispose]();
	});

	const pulses = async () =>
		(await api.get<{ statistics: Readonly<Record<string, number>> }>('devices/boom-1')).statistics['pulses'] ?? 0;

	/** The camera's push comes through, by digest, and its plate opens the barrier. */
	async function expectBarrierOpens(): Promise<void> {
		const before = await pulses();
		const xml = hikvisionFixture('deepinview-v5.8.xml')
			.replace('<UUID>x</UUID>', `<UUID>${randomUUID()}</UUID>`)
			.replace('2026-07-05T20:44:40+01:00', new Date().toISOString());
		writeFileSync(path.join(files.dir, 'anpr.xml'), xml);
		const status = await curl(
			...['--interface', CAMERA, '--digest', '--user', `camera:${PASSWORD}`, '--retry', '5', '--retry-all-errors'],
			...['--header', 'Content-Type: application/xml', '--data-binary', '@anpr.xml', `${daemon.ingestUrl}/gate`],
		);
		expect(status).toBe('200');
		await until(async () => expect(await pulses()).toBe(before + 1), PATIENCE_MS);
		await until(async () => expect(await api.get('lanes/L1')).toMatchObject({ phase: 'idle' }), PATIENCE_MS);
		await new Promise((resolve) => setTimeout(resolve, SETTLED_MS + 50));
	}

	/** The status it was answered. */
	async function curl(...more: readonly string[]): Promise<string> {
		const common = ['curl', '--silent', '--show-error', '--max-time', '60', '--output', '/dev/null'] as const;
		const program = startProgram([...common, '--write-out', '%{http_code}', ...more], { cwd: files.dir });
		await program.exited;
		return program.stdout().slice(-3);
	}

	const memoryBytes = () =>
		1_024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${daemon.program.pid}/status`, 'utf8'))?.[1]);

	async function pushOutcomes(): Promise<Readonly<Record<string, number>>> {
		const text = await (await fetch(`${daemon.url}/metrics`)).text();
		const lines = text.matchAll(/^parkgate_camera_pushes_total\{outcome="(\w+)"\} (\d+)$/gm);
		return Object.fromEntries([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
	}

	async function connectMany(count: number, addresses: readonly string[]): Promise<readonly Socket[]> {
		const sockets: Socket[] = [];
		for (let n = 0; n < count; n += AT_ONCE) {
			const batch = Array.from({ length: AT_ONCE }, (_, index) => {
				const localAddress = addresses[(n + index) % addresses.length] ?? CAMERA;
				const socket = connect({ port, host: '127.0.0.1', localAddress });
				sockets.push(socket);
				return new Promise<void>((resolve) => {
					socket.once('connect', () => resolve());
					socket.once('close', () => resolve());
					socket.on('error', () => undefined);
				});
			});
			await Promise.all(batch);
		}
		return sockets;
	}

	it('opens for its camera while nothing else comes', expectBarrierOpens);

	it(`drops ${CONNECTIONS} connections of the cameras’ own network within its limits, and its camera gets through`, async () => {
		const crowd = Array.from({ length: 50 }, (_, index) => `127.0.0.${index + 10}`);
		const sockets = await connectMany(CONNECTIONS, crowd);
		try {
			await expectBarrierOpens();
			expect((await pushOutcomes())['droppedConnection']).toBeGreaterThan(CONNECTIONS - 1_000);
		} finally {
			for (const socket of sockets) socket.destroy();
		}
	}, 180_000);

	it('reads no more than its limit of a body of 1 GB, announced or not', async () => {
		const huge = path.join(files.dir, 'huge.bin');
		const made = startProgram(['truncate', '--size', '1G', huge]);
		await made.exited;
		const upload = [
			'--header',
			'Expect:',
			'--request',
			'POST',
			'--upload-file',
			'huge.bin',
			`${daemon.ingestUrl}/open`,
		];
		const both = [curl(...upload), curl('--header', 'Transfer-Encoding: chunked', ...upload)];
		await expectBarrierOpens();
		expect(await Promise.all(both)).toEqual(['413', '413']);
		expect((await pushOutcomes())['size']).toBe(2);
	}, 180_000);

	it('opens for its camera while slow bodies drip in on every connection an address may have', async () => {
		const slow: RawConnection[] = [];
		for (let n = 0; n < 30; n++) slow.push(await openRawConnection(port, '127.0.0.99'));
		const head = 'POST /ingest/open HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n';
		for (const connection of slow) connection.send(head);
		const drip = setInterval(() => {
			for (const connection of slow) if (!connection.isClosed()) connection.send('<');
		}, 100);
		try {
			await expectBarrierOpens();
		} finally {
			clearInterval(drip);
			for (const connection of slow) connection.destroy();
		}
		await until(async () => expect((await pushOutcomes())['cut']).toBe(30), PATIENCE_MS);
	}, 180_000);

	it('expands no entities and decompresses nothing', async () => {
		const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
		const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">${lol}]><EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>&l9;</licensePlate></ANPR></EventNotificationAlert>`;
		const many = `<EventNotificationAlert>${'<a>'.repeat(20_000)}</EventNotificationAlert>`;
		const zip = gzipSync(Buffer.alloc(100_000_000));
		const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>) => {
			const answer = await fetch(`${daemon.ingestUrl}/open`, { method: 'POST', body, headers });
			return answer.status;
		};
		expect(await post(bomb, { 'content-type': 'application/xml' })).toBe(200);
		expect(await post(many, { 'content-type': 'application/xml' })).toBe(200);
		for (const coding of ['gzip', 'deflate', 'br', 'identity, gzip'])
			expect(await post(zip, { 'content-encoding': coding })).toBe(415);
		expect(await post(zip, { 'content-type': 'application/zip' })).toBe(200);
		const { statistics } = await api.get<{ statistics: Readonly<Record<string, number>> }>('devices/cam-2');
		expect(statistics).toMatchObject({ malformed: 3, plates: 0 });
		await expectBarrierOpens();
	}, 180_000);

	it('never needed more memory than a bounded part, and nothing went wrong', () => {
		expect(memoryBytes()).toBeLessThan(MOST_MEMORY_BYTES);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});
