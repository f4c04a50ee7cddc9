import { z } from '@hono/zod-openapi';
import type { Clock, ClockTrust } from '../../../gateway/core/clock.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { time } from '../scalar-schemas.ts';

export interface ClockRoutesDeps {
	readonly clock: Clock;
	readonly clockTrust: () => ClockTrust;
	/** Journalled, then believed; while the clock is trusted nothing happens. */
	readonly confirmClock: (operatorId: string) => void;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const clockSchema = z
	.object({
		at: time.openapi({ description: 'What the gateway takes the time to be' }),
		trust: z.enum(['synced', 'held', 'untrusted']).openapi({
			description: 'synced: a time server says so; held: it has run on; untrusted: rights with a limit in time rest',
		}),
	})
	.openapi('Clock');

/** The gateway's clock, and an administrator's word on site that it is right. */
export function clockRoutes({
	clock,
	clockTrust,
	confirmClock,
	presenter,
	idempotency,
}: ClockRoutesDeps): readonly Route[] {
	const now = () => ({ at: presenter.time(clock.nowMs()), trust: clockTrust() });
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/clock',
			permission: 'lanes:read',
			tag: 'site',
			summary: 'The gateway’s clock, and whether it can be trusted',
			answer: clockSchema,
			handle: now,
		}),
		defineRoute({
			method: 'post',
			path: '/api/v1/clock/confirm',
			permission: 'clock:confirm',
			tag: 'site',
			summary: 'Say on site that the clock is right: rights with a limit in time open again',
			headers: idempotencyHeaders,
			answer: clockSchema,
			problems: [422, 503],
			handle: ({ headers }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body: null }, async () => {
					confirmClock(requireLogin(c).operator.id);
					return c.json(now());
				}),
		}),
	];
}
