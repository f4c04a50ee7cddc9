import { z } from '@hono/zod-openapi';
import { LETTER_KINDS, MAIL_PROBLEMS } from '../../../gateway/core/letter.ts';
import { defineRoute, type Route } from '../../http/define-route.ts';
import type { Presenter } from '../../http/present.ts';
import { time } from '../../http/scalar-schemas.ts';
import type { Fleet } from '../fleet.ts';

const mailSchema = z
	.object({
		site: z.string(),
		id: z.string(),
		kind: z.enum(LETTER_KINDS),
		address: z.string().openapi({ description: 'Masked' }),
		at: time,
		outcome: z
			.enum(['sent', 'refused', 'failed', 'unknown'])
			.nullable()
			.openapi({ description: 'failed: the site may offer it again; null: on its way' }),
		problem: z.enum(MAIL_PROBLEMS).nullable(),
		code: z.int().nullable().openapi({ description: 'Of the mail server' }),
	})
	.openapi('SiteMail');

/** Mails that sites send through central. */
export function mailRoutes({ fleet, presenter }: { readonly fleet: Fleet; readonly presenter: Presenter }) {
	const counts = { sent: z.int(), refused: z.int(), failed: z.int(), unknown: z.int(), underWay: z.int() };
	const routes: readonly Route[] = [
		defineRoute({
			...{ method: 'get', path: '/api/v1/mail', permission: 'sync:read', tag: 'mail' },
			summary: 'Whether central sends mails of sites, and what became of the newest; what they said is kept nowhere',
			answer: z.object({
				from: z.string().nullable().openapi({ description: 'null: central has no mail server' }),
				counts: z.object(counts).openapi({ description: 'Of the last 24 hours' }),
				newest: z.array(mailSchema).readonly(),
			}),
			handle: () => presenter.present(fleet.mails()),
		}),
	];
	return routes;
}
