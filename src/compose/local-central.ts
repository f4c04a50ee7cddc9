import { randomBytes } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { RootLog } from '../log.ts';
import { type DemoPopulation, seedDemo } from '../sync/central/demo-population.ts';
import { createEmbeddedBroker } from '../sync/embedded-broker.ts';
import { type CentralService, startCentralService } from './central-service.ts';

/** A broker and a central in this process, for one site. */
export interface LocalCentral {
	readonly service: CentralService;
	/** The site's configuration with the way to them. */
	adapt(config: GatewayConfig): GatewayConfig;
}

/** `population`: rows of a central that has none yet. What was started stops with `stack`. */
export async function startLocalCentral(
	deps: {
		readonly config: GatewayConfig;
		/** Of central. */
		readonly storeDir: string;
		/** 0: the system chooses. */
		readonly brokerPort: number;
		readonly population: DemoPopulation;
		readonly clock: Clock;
		readonly log: RootLog;
		readonly version: string;
	},
	stack: AsyncDisposableStack,
): Promise<LocalCentral> {
	const { config, clock, log, version } = deps;
	const { tenant, id: site, name, timeZone } = config.site;
	const passwords = { site: randomBytes(24).toString('base64url'), central: randomBytes(24).toString('base64url') };
	const broker = await createEmbeddedBroker({
		tenant,
		port: deps.brokerPort,
		users: [
			{ username: site, password: passwords.site, user: { role: 'site', site } },
			{ username: 'central', password: passwords.central, user: { role: 'central' } },
		],
		log: log.child({ part: 'broker' }),
	});
	stack.defer(() => broker.close());
	const service = await startCentralService({
		config: {
			...{ tenant, name, timeZone, store: { dir: deps.storeDir } },
			http: { host: '127.0.0.1', port: 0, tls: { mode: 'plain' } },
		},
		broker: () => ({ url: broker.url, username: 'central', password: passwords.central }),
		prepare: (central) => seedDemo(central, deps.population),
		...{ clock, version },
		log: log.child({ part: 'central' }),
	});
	stack.defer(() => service.stop());
	const mqtt = { url: broker.url, username: site, password: passwords.site };
	return { service, adapt: (read) => ({ ...read, mqtt }) };
}
