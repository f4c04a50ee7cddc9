import { randomUUIDv7 } from 'node:crypto';
import { openStoreOfSite } from '../../src/compose/store-of-site.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import type { Opens } from '../../src/gateway/core/device.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createAccessLog } from '../../src/gateway/services/access-log.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { createFeed } from '../../src/gateway/services/feed.ts';
import { createOutbox } from '../../src/gateway/services/journal/outbox.ts';
import { createLaneService } from '../../src/gateway/services/lanes/lane-service.ts';
import { createMetrics } from '../../src/gateway/services/metrics.ts';
import { createOccupancy } from '../../src/gateway/services/occupancy.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { createLog } from '../../src/log.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { createSync } from '../../src/sync/sync.ts';
import { createSystemClock } from '../../src/system-clock.ts';

const ONE_LANE = `
site: { id: bench, tenant: bench, name: Bench, timeZone: Europe/Brussels }
store: { dir: . }
parks: [ { id: P1, areas: [ { id: A1 } ] } ]
devices:
  - { id: reader, driver: osdp, port: "sim:reader", address: 1 }
  - { id: boom, driver: modbus-relay, port: "sim:boom", outputs: { open: 1 } }
lanes: [ { id: L, kind: entry, from: outside, to: A1, identify: tagOnly, readers: [reader], barrier: boom } ]
`;

/** Lanes without loops: the pulse's answer stands for the passage, so every read is a whole vehicle. */
function siteOf(lanes: number): Site {
	const noFile = () => {
		throw new Error('the configuration of the bench names no files');
	};
	const parsed = parseConfig({
		text: ONE_LANE,
		file: 'bench.yaml',
		env: {},
		driverSchemas: new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config])),
		readSecret: noFile,
		readPem: noFile,
	});
	if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
	const { site } = parsed.config;
	const numbers = Array.from({ length: lanes }, (_, n) => n + 1);
	return {
		...site,
		lanes: site.lanes.flatMap((lane) =>
			numbers.map((n) => ({
				...lane,
				id: `L${n}`,
				name: `L${n}`,
				readers: [`reader-${n}`],
				barrier: { deviceId: `boom-${n}`, output: 'open', pulseMs: 500 },
			})),
		),
	};
}

export interface BenchSiteOptions {
	readonly dir: string;
	readonly lanes: number;
	readonly opens: (deviceId: string) => Opens;
	/** Events go there while decisions are taken; absent: the site stands alone. */
	readonly brokerUrl?: string;
}

/** The gateway's own services on a seeded store; the bench plays the drivers. */
export function createBenchSite({ dir, lanes, opens, brokerUrl }: BenchSiteOptions) {
	const site = siteOf(lanes);
	const clock = createSystemClock();
	const log = createLog({ level: 'info', format: 'json', write: tellProblem });
	const metrics = createMetrics();
	let lastCommitMs = 0;
	const kept = new AsyncDisposableStack();
	const observeCommit = (seconds: number) => {
		lastCommitMs = seconds * 1_000;
		metrics.observeCommit(seconds);
	};
	const store = openStoreOfSite({ dir, clock, log, metrics: { observeCommit } }, kept);
	const directory = openDirectory({ dir, store, clock, log });
	const outbox = createOutbox({
		store,
		nowMs: clock.nowMs,
		newId: randomUUIDv7,
		rest: () => new Promise((resolve) => setImmediate(resolve)),
	});
	const sync =
		brokerUrl === undefined
			? undefined
			: createSync({
					clock,
					log,
					tenant: site.tenant,
					site: site.id,
					version: 'bench',
					bootId: randomUUIDv7(),
					broker: () => ({ url: brokerUrl }),
					openLink: createMqttLinks(clock),
					outbox,
					directory: createDirectoryUpdates({ directory, nowMs: clock.nowMs, log }),
					edits: { waiting: () => [], answer() {}, reached() {} },
					commands: {
						isUsed: () => true,
						carryOut: () => Promise.reject(new Error('no commands here')),
						onSettled: () => undefined,
						untold: () => [],
						told: () => undefined,
					},
					clockTrust: () => 'synced',
					newId: randomUUIDv7,
					random: Math.random,
				});
	sync?.start();
	const service = createLaneService({
		clock,
		log,
		site,
		store,
		directory: directory.reader,
		accessLog: createAccessLog({ store, directory: directory.reader, lanes: site.lanes }),
		occupancy: createOccupancy({ store, site }),
		feed: createFeed(() => undefined),
		metrics,
		newId: randomUUIDv7,
		soon: setImmediate,
		clockTrust: () => 'synced',
		opens,
		shows: () => ({ show: () => undefined }),
		holds: () => undefined,
		equipment: () => EVERYTHING_LICENSED,
		deviceStatus: () => undefined,
		journalGrew: () => sync?.journalGrew(),
	});
	return {
		clock,
		site,
		store,
		directory,
		service,
		outbox,
		/** Absent: the site stands alone. */
		sync,
		/** How long the disk took for the last transaction. */
		lastCommitMs: () => lastCommitMs,
		/** As the OSDP driver tells a 26-bit card. */
		read(lane: number, tag: string) {
			const now = { atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
			const id = randomUUIDv7();
			const [, bits = ''] = tag.split(':');
			service.events.onObservation({
				kind: 'tag',
				id,
				deviceId: `reader-${lane}`,
				tag,
				raw: `00001a00${bits}`,
				...now,
			});
		},
		async close() {
			service.stop();
			metrics.stop();
			await sync?.stop();
			await directory.close();
			await kept.disposeAsync();
		},
	};
}

/** The daemon's lines are made as they are, and those that tell of trouble are seen. */
function tellProblem(line: string): void {
	if (/"level":"(warn|error)"/.test(line)) process.stderr.write(line);
}

export type BenchSite = ReturnType<typeof createBenchSite>;
