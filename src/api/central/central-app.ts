import type { Hono } from 'hono';
import type { Clock } from '../../gateway/core/clock.ts';
import type { Log } from '../../gateway/core/log.ts';
import { frameApp, type HttpApp } from '../http/app-frame.ts';
import type { Assets } from '../http/assets.ts';
import { createIdempotency } from '../http/idempotency.ts';
import type { HttpEnv } from '../http/login-context.ts';
import { createPresenter } from '../http/present.ts';
import type { Fleet } from './fleet.ts';
import { gatewayRoutes } from './routes/gateway-routes.ts';
import { mailRoutes } from './routes/mail-routes.ts';
import { serviceRoutes } from './routes/service-routes.ts';
import { siteRoutes } from './routes/site-routes.ts';
import { streamRoutes } from './routes/stream-routes.ts';
import type { TokenLogins } from './token-logins.ts';

export interface CentralAppDeps {
	readonly fleet: Fleet;
	readonly logins: TokenLogins;
	readonly clock: Clock;
	readonly log: Log;
	/** Of the program, for the API's document. */
	readonly version: string;
	/** IANA: gives every time its offset. */
	readonly timeZone: string;
	/** Somebody changed rows by hand. */
	readonly onChange: (by: string, where: string, rows: number) => void;
	readonly assets?: Assets;
	readonly pages?: Hono<HttpEnv>;
}

/** Central's HTTP face. */
export function createCentralApp(deps: CentralAppDeps): HttpApp {
	const { fleet, clock, log, assets, pages, onChange } = deps;
	const made = { fleet, presenter: createPresenter(deps.timeZone), idempotency: createIdempotency(clock) };
	const http = frameApp({
		...{ logins: deps.logins, clock, log, assets, pages },
		about: {
			title: 'Parkgate central',
			version: deps.version,
			description:
				'The reference central of a fleet of parking sites. Times are RFC 3339; lists are paged by cursor; what goes wrong is an RFC 9457 problem with a stable code.',
			login: {
				type: 'http',
				scheme: 'bearer',
				description: 'A token that `parkgate central token add` made; what it may do is that of its role.',
			},
		},
		routes: [
			...serviceRoutes(fleet),
			...mailRoutes(made),
			...siteRoutes(made),
			...gatewayRoutes(made),
			...streamRoutes({ fleet, onChange }),
		],
	});
	return http;
}
