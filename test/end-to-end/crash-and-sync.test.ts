import { randomUUID, randomUUIDv7 } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { type Central, createCentral } from '../../src/sync/central/central.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { claimAndSignIn, createSiteFiles, type Daemon, signIn, startDaemon } from '../support/daemon.ts';
import { aPerson, type SeedRow, STAFF } from '../support/directory-seed.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { PARKGATE, type Program, parkgate, startProgram, until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type RelayBoard, startRelayBoard } from '../support/relay-board.ts';

const PLATES = Array.from({ length: 40 }, (_, number) => `1ABC${200 + number}`);
const CRASHES = 8;
/** A lane whose pulse has no known outcome waits for its passage: enough lanes that most are free. */
const LANES = 12;
const outputOf = (lane: number) => `open-${lane}`;

interface SyncNow {
	readonly connected: boolean;
	readonly outboxDepth: number;
}
interface Summary {
	readonly id: string;
	readonly subject: string;
	readonly sequel: string;
}

/** Mosquitto, `parkgate central` and the gateway are processes of their own; the relay board is on a tty. */
describe('a gateway that is killed at any moment', () => {
	const files = createSiteFiles({}, 'crash');
	const centralDir = path.join(files.dir, 'central');
	let mosquitto: Mosquitto;
	let central: Program;
	let pty: PtyPair;
	let board: RelayBoard;
	let daemon: Daemon;
	let cars = 0;

	beforeAll(async () => {
		[mosquitto, pty] = await Promise.all([startMosquitto(), createPtyPair()]);
		files.configure(siteWith(mosquitto.url, pty.near));
		board = await startRelayBoard(boardOn(pty.far));
		await withCentral(async (stopped) => {
			stopped.change('people', opsOf(PEOPLE, 'holders'));
			stopped.change('access', opsOf(PEOPLE, 'others'));
		});
		central = startCentral();
		daemon = await startDaemon({ configFile: files.configFile });
		await claimAndSignIn(daemon);
		await ready();
	});

	afterAll(async () => {
		await daemon?.kill();
		await central?.kill();
		await board?.stop();
		await pty?.close();
		await mosquitto?.stop();
		files[Symbol.dispose]();
	});

	/** The store of a central that does not run, read or changed here. */
	async function withCentral<T>(work: (stopped: Central) => Promise<T>): Promise<T> {
		const clock = createSystemClock();
		const stopped = createCentral({
			dir: centralDir,
			tenant: 'acme',
			broker: () => ({ url: mosquitto.url }),
			openLink: createMqttLinks(clock),
			clock,
			log: createMemoryLog(),
			newId: randomUUIDv7,
			random: Math.random,
		});
		try {
			return await work(stopped);
		} finally {
			await stopped.stop();
		}
	}

	function startCentral(): Program {
		const options = ['--mqtt', mosquitto.url, '--tenant', 'acme', '--store', centralDir, '--listen', '127.0.0.1:0'];
		return startProgram([process.execPath, PARKGATE, 'central', ...options]);
	}

	async function ready(): Promise<void> {
		await until(async () => expect((await fetch(`${daemon.url}/readyz`)).status).toBe(200));
		const api = await signIn(daemon.url);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ state: 'online' }));
	}

	/** A lane whose pulse has no known outcome waits for its passage, from every restart anew. */
	async function nextLaneIdle(): Promise<void> {
		const api = await signIn(daemon.url);
		await until(
			async () => expect(await api.get(`lanes/L${(cars % LANES) + 1}`)).toMatchObject({ phase: 'idle' }),
			90_000,
		);
	}

	/** The next car stands before the next lane's camera. */
	async function nextCar(): Promise<void> {
		const driver = createDriverRegistry().get('hikvision-push');
		if (driver.carrier !== 'push') throw new Error('no push driver');
		const id = `cam-${(cars % LANES) + 1}`;
		const camera = driver.createSimulator({ id, driver: 'hikvision-push', path: id });
		cars += 1;
		const read = { confidence: 0.97, direction: 'approaching', at: new Date(), eventId: randomUUID() } as const;
		const { contentType, body } = camera.plate({ plate: lastPlate(), ...read });
		const headers = { 'content-type': contentType };
		const answer = await fetch(`${daemon.ingestUrl}/${id}`, { method: 'POST', headers, body: Buffer.from(body) });
		expect(answer.status).toBe(200);
	}

	const lastPlate = () => PLATES[(cars - 1) % PLATES.length] ?? '';

	async function allSent(): Promise<void> {
		const api = await signIn(daemon.url);
		await until(
			async () => expect(await api.get<SyncNow>('sync')).toMatchObject({ connected: true, outboxDepth: 0 }),
			90_000,
		);
	}

	function readJournal(): { epoch: string; entries: readonly JournalEntry[]; acked: number } {
		const store = openSiteStore({ dir: files.storeDir, nowMs: Date.now, log: createMemoryLog(), readOnly: true });
		try {
			const entries = store.journal.after(0, 100_000).map(({ seq, entry }, index) => {
				expect(seq).toBe(index + 1);
				if (entry === null) throw new Error(`entry ${seq} is erased`);
				return entry;
			});
			return { epoch: store.journal.gatewayEpoch(), entries, acked: store.journal.ackedSeq() };
		} finally {
			store.close();
		}
	}

	/** A lane's wait may end between the last look and the stop: then what it tells is waited for, too. */
	async function stopAllSent() {
		for (;;) {
			await allSent();
			await daemon.stop();
			const journal = readJournal();
			if (journal.acked >= journal.entries.length) return journal;
			daemon = await startDaemon({ configFile: files.configFile });
			await ready();
		}
	}

	/** Every event of the site at central, once and in order: exactly the journal. */
	async function expectSame(): Promise<readonly JournalEntry[]> {
		const { epoch, entries } = await stopAllSent();
		await central.kill();
		const events = await withCentral(async (stopped) => stopped.events('site-1', epoch, 0, 100_000));
		expect(events.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
		expect(events.map(({ id }) => id)).toEqual(entries.map(({ id }) => id));
		expect(events.filter(({ rejected }) => rejected !== null)).toEqual([]);
		const verified = await parkgate(['journal', 'verify', '--config', files.configFile, '--json']);
		expect(verified).toMatchObject({ code: 0, stderr: '' });
		expect(JSON.parse(verified.stdout)).toMatchObject({ rows: entries.length, lastSeq: entries.length, broken: null });
		central = startCentral();
		daemon = await startDaemon({ configFile: files.configFile });
		await ready();
		return entries;
	}

	it('loses no event and has none counted twice when it is killed between decision and publish, again and again', async () => {
		for (let crash = 0; crash < CRASHES; crash++) {
			await nextCar();
			await nextCar();
			// Each time a little later: before the commit, between commit and pulse, between pulse and publish, after it.
			const last = nextCar().catch(() => undefined);
			await new Promise((resolve) => setTimeout(resolve, crash * 4));
			await daemon.kill();
			await last;
			if (crash === CRASHES / 2) {
				await central.kill();
				central = startCentral();
			}
			daemon = await startDaemon({ configFile: files.configFile });
			await ready();
		}
		const entries = await expectSame();
		const decisions = entries.filter(({ type }) => type === 'decision');
		// Whether a car was decided before the kill is up to the moment; most were.
		expect(decisions.length).toBeGreaterThan(CRASHES / 2);
		expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
		expect(board.pulses()).toBeLessThanOrEqual(decisions.length);
	}, 180_000);

	it('sends what was decided while the broker was away, though it was killed before it came back', async () => {
		await nextLaneIdle();
		await mosquitto.kill();
		const api = await signIn(daemon.url);
		await until(async () => expect(await api.get<SyncNow>('sync')).toMatchObject({ connected: false }));
		await nextCar();
		const decided = await until(async () => {
			const [newest] = (await api.get<{ items: readonly Summary[] }>('decisions')).items;
			expect(newest?.subject).toBe(lastPlate());
			return newest?.id;
		});
		expect((await api.get<SyncNow>('sync')).outboxDepth).toBeGreaterThan(0);
		await daemon.kill();
		daemon = await startDaemon({ configFile: files.configFile });
		await mosquitto.start();
		const entries = await expectSame();
		expect(entries.filter(({ id }) => id === decided)).toHaveLength(1);
	}, 180_000);

	it('never sends a pulse again whose answer it did not live to see', async () => {
		await nextLaneIdle();
		const before = board.pulses();
		board.answersWrites = false;
		await nextCar();
		await until(() => expect(board.pulses()).toBe(before + 1));
		await daemon.kill();
		board.answersWrites = true;
		daemon = await startDaemon({ configFile: files.configFile });
		await ready();
		// Longer than the life of any opening.
		await new Promise((resolve) => setTimeout(resolve, 3_500));
		expect(board.pulses()).toBe(before + 1);
		const { items } = await (await signIn(daemon.url)).get<{ items: readonly Summary[] }>('decisions');
		// Its place is given back after a while, which is then the last thing known of it.
		expect(items[0]).toMatchObject({ subject: lastPlate(), sequel: expect.stringMatching(/^(openUnknown|notUsed)$/) });
		const decided = items[0]?.id;
		const outcomes = (await expectSame()).filter((entry) => entry.type === 'vend' && entry.decisionId === decided);
		expect(outcomes).toMatchObject([{ outcome: { result: 'unknown' } }]);
	}, 180_000);
});

const PEOPLE: readonly SeedRow[] = [
	STAFF,
	...PLATES.flatMap((plate, number) => aPerson({ id: `person-${number}`, name: `Person ${number}`, plate })),
];

function opsOf(rows: readonly SeedRow[], which: 'holders' | 'others') {
	return rows
		.filter(({ table }) => (table === 'holders') === (which === 'holders'))
		.map(({ table, ...row }) => ({ op: 'put', table, key: row.id, row }) as const);
}

function eachLane<T>(make: (lane: number) => T): readonly T[] {
	return Array.from({ length: LANES }, (_, index) => make(index + 1));
}

function boardOn(port: string) {
	const outputs = Object.fromEntries(eachLane((lane) => [outputOf(lane), lane]));
	return { id: 'boom-1', driver: 'modbus-relay', port, unit: 1, channels: 16, timeoutMs: 2_000, outputs };
}

function siteWith(brokerUrl: string, port: string) {
	return {
		mqtt: { url: brokerUrl },
		ingest: { listen: '127.0.0.1:0' },
		parks: [{ id: 'P1', areas: [{ id: 'A1' }] }],
		devices: [
			...eachLane((lane) => ({ id: `cam-${lane}`, driver: 'hikvision-push', path: `cam-${lane}` })),
			boardOn(port),
		],
		lanes: eachLane((lane) => ({
			...{ id: `L${lane}`, kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly', passageTimeoutMs: 5_000 },
			...{ cameras: [`cam-${lane}`], barrier: `boom-1.${outputOf(lane)}` },
		})),
	};
}
