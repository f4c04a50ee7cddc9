import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { DemoOptions } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { RootLog } from '../log.ts';
import { createCentral } from '../sync/central/central.ts';
import { demoPopulation, seedDemo } from '../sync/central/demo-population.ts';
import { createEmbeddedBroker } from '../sync/embedded-broker.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { createSystemClock } from '../system-clock.ts';
import { readConfig, requireValid } from './configuration.ts';
import { runGateway } from './run-gateway.ts';

const PEOPLE = 1_000;

/** The demo site: broker and central in this process, and the same gateway that `run` runs, synced with them. */
export async function runDemo(options: DemoOptions, log: RootLog, version: string): Promise<void> {
	const configFile = options.configFile ?? demoConfigFile();
	const file = requireValid(readConfig(configFile));
	const read = file.config;
	const clock = createSystemClock();
	await using stack = new AsyncDisposableStack();
	const passwords = { site: randomBytes(24).toString('base64url'), central: randomBytes(24).toString('base64url') };
	const { tenant, id: site } = read.site;
	const broker = await createEmbeddedBroker({
		tenant,
		port: brokerPort(read),
		users: [
			{ username: site, password: passwords.site, user: { role: 'site', site } },
			{ username: 'central', password: passwords.central, user: { role: 'central' } },
		],
		log: log.child({ part: 'broker' }),
	});
	stack.defer(() => broker.close());
	const central = createCentral({
		dir: path.join(read.store.dir, 'central'),
		tenant,
		broker: () => ({ url: broker.url, username: 'central', password: passwords.central }),
		openLink: createMqttLinks(clock),
		clock,
		log: log.child({ part: 'central' }),
		newId: randomUUIDv7,
		random: Math.random,
	});
	stack.defer(() => central.stop());
	const population = demoPopulation({
		seed: read.simulation?.traffic.seed ?? 1,
		people: PEOPLE,
		nowMs: clock.nowMs(),
		timeZone: read.site.timeZone,
		reservedAreaId: 'reserved',
	});
	seedDemo(central, population);
	central.start();
	const adapt = (config: GatewayConfig): GatewayConfig => ({
		...config,
		mqtt: { url: broker.url, username: site, password: passwords.site },
	});
	await runGateway({
		configFile,
		file,
		adapt,
		clock,
		log,
		version,
		signal: options.signal,
		visitors: population.visitors,
		onReady: (ready) =>
			options.onReady({
				...ready,
				notes: [
					`${read.site.lanes.length} lanes, ${PEOPLE} people, a vehicle every few seconds; its data is in ${path.relative(process.cwd(), read.store.dir) || '.'}`,
				],
			}),
	});
}

function brokerPort(config: GatewayConfig): number {
	return Number(URL.parse(config.mqtt?.url ?? '')?.port ?? 0);
}

/** Beside the program: in the package, or in the sources. */
function demoConfigFile(): string {
	const candidates = ['../config/demo.yaml', '../../config/demo.yaml'].map((file) =>
		path.join(import.meta.dirname, file),
	);
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined) throw new GatewayError('NOT_FOUND', 'config/demo.yaml is missing; give one with --config');
	return found;
}
