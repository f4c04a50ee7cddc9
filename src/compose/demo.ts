import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { DemoOptions } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { RootLog } from '../log.ts';
import type { AccessTokens } from '../sync/central/access-tokens.ts';
import { demoPopulation } from '../sync/central/demo-population.ts';
import { createSystemClock } from '../system-clock.ts';
import { readConfig, requireValid } from './configuration.ts';
import { demoLicence } from './demo-licence.ts';
import { startLocalCentral } from './local-central.ts';
import { runGateway } from './run-gateway.ts';

const PEOPLE = 1_000;

/** The demo site: broker and central in this process, and the same gateway that `run` runs, synced with them. */
export async function runDemo(options: DemoOptions, log: RootLog, version: string): Promise<void> {
	const configFile = options.configFile ?? demoConfigFile();
	const file = requireValid(readConfig(configFile));
	const read = file.config;
	const clock = createSystemClock();
	await using stack = new AsyncDisposableStack();
	const population = demoPopulation({
		seed: read.simulation?.traffic.seed ?? 1,
		people: PEOPLE,
		nowMs: clock.nowMs(),
		timeZone: read.site.timeZone,
		reservedAreaId: 'reserved',
	});
	const { service, adapt } = await startLocalCentral(
		{
			...{ config: read, population, clock, log, version, brokerPort: brokerPort(read) },
			storeDir: path.join(read.store.dir, 'central'),
		},
		stack,
	);
	const token = newToken(service.central.tokens);
	const licence = await demoLicence(read.site, clock.nowMs());
	await runGateway({
		configFile,
		file,
		adapt: (config) => ({ ...adapt(config), licence: licence.keys }),
		clock,
		log,
		version,
		signal: options.signal,
		visitors: population.visitors,
		licence: licence.text,
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
