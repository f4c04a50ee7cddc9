import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { DemoOptions } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { RootLog } from '../log.ts';
import type { AccessTokens } from '../sync/central/access-tokens.ts';
import { demoPopulation, seedDemo } from '../sync/central/demo-population.ts';
import { createEmbeddedBroker } from '../sync/embedded-broker.ts';
import { createSystemClock } from '../system-clock.ts';
import { startCentralService } from './central-service.ts';
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
	const population = demoPopulation({
		seed: read.simulation?.traffic.seed ?? 1,
		people: PEOPLE,
		nowMs: clock.nowMs(),
		timeZone: read.site.timeZone,
		reservedAreaId: 'reserved',
	});
	const service = await startCentralService({
		config: {
			...{ tenant, name: read.site.name, timeZone: read.site.timeZone },
			store: { dir: path.join(read.store.dir, 'central') },
			http: { host: '127.0.0.1', port: 0, tls: { mode: 'plain' } },
		},
		broker: () => ({ url: broker.url, username: 'central', password: passwords.central }),
		prepare: (central) => seedDemo(central, population),
		...{ clock, version },
		log: log.child({ part: 'central' }),
	});
	stack.defer(() => service.stop());
	const token = newToken(service.central.tokens);
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
					`Central is at ${service.url}, with the token ${token}`,
				],
			}),
	});
}

/** Good until the demo starts again. */
function newToken(tokens: AccessTokens): string {
	tokens.remove('demo');
	return tokens.add({ name: 'demo', role: 'administrator', expiresAtMs: null }).text;
}

function brokerPort(config: GatewayConfig): number {
	return Number(URL.parse(config.mqtt?.url ?? '')?.port ?? 0);
}

/** Beside the program: in the package, or in the sources. */
export function demoConfigFile(): string {
	const candidates = ['../config/demo.yaml', '../../config/demo.yaml'].map((file) =>
		path.join(import.meta.dirname, file),
	);
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined) throw new GatewayError('NOT_FOUND', 'config/demo.yaml is missing; give one with --config');
	return found;
}
