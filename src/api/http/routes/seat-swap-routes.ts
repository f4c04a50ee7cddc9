import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { id, time } from '../scalar-schemas.ts';

export interface SeatSwapRoutesDeps {
	readonly operators: Pick<Operators, 'administration'>;
	readonly presenter: Presenter;
}

const named = z.object({ id, name: z.string().nullable().openapi({ description: 'null: removed since' }) });

/** Who gave seats of the licence to whom; giving one is `POST operators/{id}/swap`. */
export function seatSwapRoutes({ operators, presenter }: SeatSwapRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/operators/seat-swaps', permission: 'operators:read', tag: 'operators' },
			summary: 'Seats that changed hands, the last first',
			query: z.strictObject({
				limit: z.coerce.number().int().min(1).max(LIMITS.seatSwapsKept).default(LIMITS.seatSwapsKept),
			}),
			answer: z.object({
				items: z.array(z.object({ at: time, from: named, to: named, by: named.nullable() })).readonly(),
			}),
			handle: ({ query: { limit } }) => presenter.present({ items: operators.administration.seatSwaps(limit) }),
		}),
	];
}
