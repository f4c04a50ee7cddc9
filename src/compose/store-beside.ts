import { randomUUIDv7 } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createPlaces } from '../gateway/core/permission/scope.ts';
import { createOperators, type Operators } from '../gateway/services/operators.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createLog, type RootLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';

/** The store of a gateway that may be running, for one command. */
export function storeBeside(deps: Parameters<typeof openSiteStore>[0]): Disposable & { readonly store: SiteStore } {
	const store = openSiteStore(deps);
	return { store, [Symbol.dispose]: () => store.close() };
}

/** Its operators. Seats are counted by the gateway, when somebody comes in. */
export function operatorsBeside(
	config: GatewayConfig,
): Disposable & { readonly operators: Operators; readonly store: SiteStore } {
	const clock = createSystemClock();
	const log = silentLog();
	const { store, [Symbol.dispose]: dispose } = storeBeside({ dir: config.store.dir, nowMs: clock.nowMs, log });
	const operators = createOperators({
		...{ clock, log, store, newId: randomUUIDv7, places: createPlaces(config.site) },
		// The gateway that runs looks for new rows by itself.
		journalGrew: () => undefined,
	});
	return { operators, store, [Symbol.dispose]: dispose };
}

/** What a person at a command line would not know what to do with. */
export function silentLog(): RootLog {
	return createLog({ level: 'error', format: 'text', write: () => undefined });
}

/** Where the console of a gateway with this configuration is. */
export function consoleAddress({ http }: Pick<GatewayConfig, 'http'>): string {
	return `${http.tls.mode === 'plain' ? 'http' : 'https'}://${http.host}:${http.port}`;
}
