import { randomUUIDv7 } from 'node:crypto';
import { createCentralApp } from '../api/central/central-app.ts';
import { createCentralPages } from '../api/central/central-pages.tsx';
import type { Fleet } from '../api/central/fleet.ts';
import { createTokenLogins } from '../api/central/token-logins.ts';
import { createAssets } from '../api/http/assets.ts';
import { startHttpServer } from '../api/http/http-server.ts';
import type { CentralConfig } from '../config/parse-central-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import { createSmtp } from '../gateway/services/mail/smtp.ts';
import { type Central, createCentral } from '../sync/central/central.ts';
import { EVENT_DATA } from '../sync/event-data.ts';
import type { BrokerAccess } from '../sync/link.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { assetSources } from './assets-of-program.ts';

export interface CentralServiceDeps {
	readonly config: Pick<CentralConfig, 'tenant' | 'name' | 'timeZone' | 'store' | 'http' | 'mail'>;
	/** Asked before every connection, so that rotated secrets and certificates need no restart. */
	readonly broker: () => BrokerAccess;
	readonly clock: Clock;
	readonly log: Log;
	readonly version: string;
	/** Called with the store open, before any site is told of it. */
	readonly prepare?: (central: Central) => void;
}

export interface CentralService {
	readonly central: Central;
	/** Where its pages and its API are. */
	readonly url: string;
	/** Says goodbye to the broker, answers what is under way, closes the store; never rejects. */
	stop(): Promise<void>;
}

/** What the API and the pages are given of it. */
export function fleetOf({ view, heads, ask, change, changeRow, commands }: Central): Fleet {
	return {
		...{ ...view, heads, ask, change, changeRow },
		command(site, commandId) {
			const found = commands.get(commandId);
			return found?.site === site ? found : undefined;
		},
		configuration: commands.configuration,
		proposals: commands.proposals,
	};
}

/** The reference central with its API and pages; connects once it listens. Throws what keeps it from starting. */
export async function startCentralService(deps: CentralServiceDeps): Promise<CentralService> {
	const { config, clock, log, version } = deps;
	await using stack = new AsyncDisposableStack();
	const central = createCentral({
		...{ dir: config.store.dir, tenant: config.tenant, broker: deps.broker, clock, log },
		openLink: createMqttLinks(clock),
		newId: randomUUIDv7,
		random: Math.random,
		...(config.mail && { mail: { send: createSmtp(config.mail), from: config.mail.from } }),
	});
	stack.defer(() => central.stop());
	deps.prepare?.(central);
	const { tokens } = central;
	const fleet = fleetOf(central);
	const { name, timeZone } = config;
	const logins = createTokenLogins({ tokens, clock });
	const assets = createAssets(assetSources());
	const onChange = (by: string, where: string, rows: number) => log.info({ by, where, rows }, 'rows changed by hand');
	const pages = createCentralPages({
		...{ fleet, logins, name, timeZone, log, onChange },
		eventTypes: Object.keys(EVENT_DATA),
		newId: randomUUIDv7,
		assetUrl: assets.url,
		nowMs: clock.nowMs,
	});
	const http = createCentralApp({ fleet, logins, clock, log, version, timeZone, assets, pages, onChange });
	const server = await startHttpServer({ http, listen: config.http, dir: config.store.dir, clock, log });
	stack.defer(() => server.stop());
	central.start();
	log.info({ tenant: config.tenant, url: server.url }, 'central running');
	const running = stack.move();
	return { central, url: server.url, stop: () => running.disposeAsync() };
}
