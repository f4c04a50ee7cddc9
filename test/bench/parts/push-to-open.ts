import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { milesightPush } from '../../../src/drivers/milesight-push/index.ts';
import { createPushClient } from '../../../src/drivers/ports/http-push-client.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { formBody, hikvisionFixture, picturePart, xmlPart } from '../../support/push-camera.ts';
import { runDaemon } from '../daemon.ts';
import { type Figure, type Part, spread } from '../figure.ts';
import { platesInTurn, THOUSAND } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { playBoard } from '../wire/played-board.ts';

/** All together fewer than there are holders: each comes by once. */
const PUSHES_PER_BLOCK = 50;
/** Of each; in turns, and either first as often as the other. */
const BLOCKS = 4;
/** Fewer while pictures flood: plates must last. */
const FLOODED_BLOCKS = 2;
/** A third camera, whose pictures are all looked at and kept or refused. */
const FLOOD_EVERY_MS = 50;
const WARM_UP_PUSHES = 30;
const PICTURE_BYTES = 300_000;
const PATIENCE_MS = 1_500;
const TRIES = 5;
/** Its answer, the passage and the picture are done when the next vehicle comes. */
const PAUSE_MS = 15;

interface Push {
	readonly contentType: string;
	readonly body: Uint8Array;
}

/**
 * First byte of the push written → relay frame read by the board, over real HTTP and a real tty: the built daemon, one
 * camera that posts XML and one that posts JSON, each with a picture of 300 kB.
 */
export const pushToOpen: Part = {
	name: 'push-to-open',
	limitS: 120,
	async run() {
		const dir = await makeSeededStore(THOUSAND);
		const port = await freePort();
		const cameras = [
			await playCamera('xml', 'hikvision-push', port, xmlPush),
			await playCamera('json', 'milesight-push', port, jsonPush),
		];
		const daemon = runDaemon(dir, configOf(dir, port, cameras));
		const flood = createFlood(port);
		const nextPlate = platesInTurn(THOUSAND);
		const both = async () => {
			const quiet = await measure(cameras, nextPlate, { blocks: BLOCKS, when: '' });
			flood.begin();
			const flooded = await measure(cameras, nextPlate, { blocks: FLOODED_BLOCKS, when: ' while pictures flood' });
			return [...quiet, ...flooded];
		};
		try {
			return await Promise.race([both(), daemon.died]);
		} finally {
			flood.end();
			await daemon.stop();
			for (const camera of cameras) await camera.close();
			rmSync(dir, { recursive: true });
		}
	},
};

type Camera = Awaited<ReturnType<typeof playCamera>>;

async function measure(
	cameras: readonly Camera[],
	nextPlate: () => string,
	{ blocks, when }: { readonly blocks: number; readonly when: string },
): Promise<readonly Figure[]> {
	const sides = cameras.map((camera) => ({ camera, durationsMs: [] as number[] }));
	async function block({ camera }: (typeof sides)[number], pushes: number): Promise<number[]> {
		const durationsMs: number[] = [];
		for (let n = 0; n < pushes; n++) durationsMs.push(await camera.nextVehicle(nextPlate));
		return durationsMs;
	}
	for (const side of sides) await block(side, WARM_UP_PUSHES);
	for (let n = 0; n < blocks; n++)
		for (const side of n % 2 === 0 ? sides : sides.toReversed())
			side.durationsMs.push(...(await block(side, PUSHES_PER_BLOCK)));
	const pushes = `${blocks * PUSHES_PER_BLOCK} pushes with a picture of 300 kB`;
	return sides.flatMap(({ camera, durationsMs }) => {
		const { p50, p99 } = spread(durationsMs);
		const what = `${camera.name} push → output written${when}`;
		return [
			{ what: `${what}, p50`, measured: p50, unit: 'µs', note: pushes },
			{ what: `${what}, p99`, measured: p99, unit: 'µs' },
		];
	});
}

async function playCamera(name: string, driver: string, port: number, pushOf: (plate: string) => Push) {
	const boom = await playBoard(`boom-${name}`);
	const client = createPushClient({ randomBytes }, { host: '127.0.0.1', port, path: name, auth: { type: 'none' } });
	/** A daemon that still starts refuses connections. */
	const post = (push: Push) => void client.post(push).catch(() => undefined);
	return {
		name,
		device: { id: name, driver, path: name },
		board: boom.board,
		/** How long the barrier of the next vehicle took, ms. */
		async nextVehicle(nextPlate: () => string): Promise<number> {
			for (let tries = 0; tries < TRIES; tries++) {
				await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
				const push = pushOf(nextPlate());
				const startedMs = performance.now();
				const openedMs = await boom.opening(() => post(push), PATIENCE_MS);
				if (openedMs !== undefined) return openedMs - startedMs;
			}
			throw new Error(`nothing opened for ${TRIES} pushes of ${name}`);
		},
		async close() {
			client.close();
			await boom.close();
		},
	};
}

/** A camera of no lane that posts a picture of its own twenty times a second. */
function createFlood(port: number) {
	const target = { host: '127.0.0.1', port, path: 'flood', auth: { type: 'none' } } as const;
	const client = createPushClient({ randomBytes }, target);
	let timer: NodeJS.Timeout | undefined;
	return {
		begin() {
			timer = setInterval(() => {
				const push = xmlPush('FLOOD1', Buffer.concat([usualPicture, randomBytes(8)]));
				void client.post(push).catch(() => undefined);
			}, FLOOD_EVERY_MS);
		},
		end() {
			clearInterval(timer);
			client.close();
		},
	};
}

/** Lanes without loops, open to every holder. */
function configOf(dir: string, port: number, cameras: readonly Camera[]): object {
	return {
		site: { id: 'bench', tenant: 'bench', name: 'Bench', timeZone: 'Europe/Brussels' },
		store: { dir },
		http: { listen: '127.0.0.1:0' },
		ingest: { listen: `127.0.0.1:${port}`, allow: ['127.0.0.0/8'] },
		parks: [{ id: 'P1', areas: [{ id: 'A1' }] }],
		devices: [
			...cameras.flatMap(({ device, board }) => [device, board]),
			{ id: 'flood', driver: 'hikvision-push', path: 'flood' },
		],
		lanes: cameras.map(({ name, board }) => ({
			...{ id: `L-${name}`, kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly' },
			...{ cameras: [name], barrier: board.id },
		})),
	};
}

const usualPicture = Buffer.concat([encodeSolidJpeg(640, 360, 120, 'bench'), randomBytes(PICTURE_BYTES)]);

function xmlPush(plate: string, picture = usualPicture): Push {
	const xml = hikvisionFixture('access-unit.xml')
		.replaceAll('1E5', plate)
		.replace('5b1e72d4-3652-464a-aebd-3f9190010236', randomUUID());
	return {
		contentType: 'multipart/form-data; boundary=boundary',
		body: formBody([xmlPart(xml), picturePart('detectionPicture.jpg', picture)]),
	};
}

const milesight = milesightPush.createSimulator(
	milesightPush.config.parse({ id: 'json', driver: 'milesight-push', path: 'json' }),
);
const pictureText = usualPicture.toString('base64');

function jsonPush(plate: string): Push {
	const read = { plate, confidence: 0.97, direction: 'approaching', at: new Date(), eventId: randomUUID() } as const;
	const { contentType, body } = milesight.plate(read);
	const message = { ...JSON.parse(Buffer.from(body).toString('utf8')), full_image: pictureText };
	return { contentType, body: Buffer.from(JSON.stringify(message)) };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
