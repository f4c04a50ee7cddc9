import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { KeyWindows } from '../../../gateway/services/key-windows.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { checkPermission, type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { time } from '../scalar-schemas.ts';
import type { Sight } from '../seen-in-parts.ts';

export interface KeyWindowRoutesDeps {
	readonly keyWindows: KeyWindows;
	readonly presenter: Presenter;
	readonly sight: Pick<Sight, 'device'>;
}

const MINUTE_MS = 60_000;
const LONGEST = LIMITS.keyWindowMs / MINUTE_MS;
const params = z.object({ deviceId: z.string().max(64) });

/** Bringing a reader into service: it may take its own key for some minutes. */
export function keyWindowRoutes({ keyWindows, presenter, sight }: KeyWindowRoutesDeps): readonly Route[] {
	/** Throws FORBIDDEN for one that they only see. */
	function isTheirs(c: HttpContext, deviceId: string): boolean {
		const login = requireLogin(c);
		if (sight.device(login.access, deviceId, 'devices:install')) return true;
		if (sight.device(login.access, deviceId)) checkPermission(login, 'devices:install');
		return false;
	}
	const common = { permission: { inParts: 'devices:install' }, tag: 'devices', params } as const;
	return [
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/devices/{deviceId}/key-window' },
			summary: 'Let a new or reset reader take its key for some minutes; one that is open begins anew',
			body: z.strictObject({ minutes: z.int().min(1).max(LONGEST).default(LONGEST) }),
			answer: z.object({ deviceId: z.string(), end: time }),
			problems: [404, 409, 503],
			handle: ({ params: { deviceId }, body: { minutes } }, c) => {
				if (!isTheirs(c, deviceId)) return noSuch('device', deviceId);
				const operatorId = requireLogin(c).operator.id;
				const opened = keyWindows.open({ deviceId, operatorId, forMs: minutes * MINUTE_MS });
				switch (opened.result) {
					case 'opened':
						return presenter.present({ deviceId, endMs: opened.endMs });
					case 'noDevice':
						return noSuch('device', deviceId);
					case 'noKey':
						return problem(c, {
							...{ status: 409, code: 'NO_KEY' },
							detail: 'This device has no key in gateway.yaml that it could be given.',
						});
				}
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/devices/{deviceId}/key-window/close' },
			...{ summary: 'Let it take its key no longer', body: z.strictObject({}), problems: [404, 503] },
			answer: z.object({ deviceId: z.string() }),
			handle: ({ params: { deviceId } }, c) => {
				const isClosed =
					isTheirs(c, deviceId) && keyWindows.close({ deviceId, operatorId: requireLogin(c).operator.id });
				return isClosed ? { deviceId } : noSuch('device that takes a key', deviceId);
			},
		}),
	];
}
