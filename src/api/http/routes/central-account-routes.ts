import { z } from '@hono/zod-openapi';
import type { CentralAccounts } from '../../../gateway/services/operators/central-accounts.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { problem } from '../problem.ts';
import { id, time } from '../scalar-schemas.ts';

export interface CentralAccountRoutesDeps {
	readonly centralAccounts: CentralAccounts;
	readonly presenter: Presenter;
}

const path = '/api/v1/central-accounts';
const tag = 'operators';
const rules = z.strictObject({
	administrators: z.boolean().openapi({ description: 'Central may give what only administrators have' }),
});
const account = z
	.object({
		accountId: id.openapi({ description: 'Of central’s row' }),
		email: z.string(),
		operatorId: id.nullable(),
		standing: z.enum(['made', 'linked', 'pending', 'refused', 'ended']).openapi({
			description:
				'made: invited by central; linked: somebody here has the address and stays as they are; pending: no seat is free; refused: it may not be; ended: central ended it',
		}),
		reason: z
			.string()
			.nullable()
			.openapi({ description: 'Why it waits or is refused, such as seatsTaken or notYours' }),
		made: z.boolean().openapi({ description: 'The operator is central’s to change and to end' }),
		at: time,
	})
	.openapi('CentralAccount');

/** Accounts that come from central, and what central may give them. */
export function centralAccountRoutes({ centralAccounts, presenter }: CentralAccountRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path, permission: 'operators:read', tag },
			summary: 'What became of the accounts that central sent, by address',
			answer: z.object({ items: z.array(account).readonly(), rules }),
			handle: () => ({
				items: centralAccounts.list().map(({ atMs, ...one }) => ({ ...one, at: presenter.time(atMs) })),
				rules: centralAccounts.rules(),
			}),
		}),
		defineRoute({
			...{ method: 'put', path: `${path}/rules`, permission: 'settings:write', tag, body: rules, answer: rules },
			summary: 'Say whether central may make administrators; for administrators alone, and off unless set',
			problems: [403],
			handle({ body }, c) {
				if (centralAccounts.setRules(body, actorOf(c)) === 'done') return centralAccounts.rules();
				const detail = 'They may do, or would, what you may not do yourself; ask an administrator.';
				return problem(c, { status: 403, code: 'FORBIDDEN', because: 'notYours', detail });
			},
		}),
	];
}
