import { z } from '@hono/zod-openapi';
import type { SeenCharges } from '../../../gateway/services/charges/seen-charges.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { checkInParts, type HttpContext, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest } from '../problem.ts';
import { moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';

export interface ChargeRoutesDeps {
	/** As whoever asks may see them. */
	readonly chargesOf: (c: HttpContext) => SeenCharges;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
}

/** What stays were charged, for who writes invoices. */
export function chargeRoutes(deps: ChargeRoutesDeps): readonly Route[] {
	return [listRoute(deps), exportRoute(deps)];
}

const span = { from: moment, to: moment.openapi({ description: 'Before this time' }) };

const chargeSchema = z
	.object({
		at: time,
		stayId: z.string(),
		rightId: z.string(),
		segment: z.int().openapi({ description: '0: of the entry; further ones of a stay that lasted longer' }),
		holderId: z.string().nullable().openapi({ description: 'null: nobody’s any more' }),
		price: z
			.object({ minor: z.int().openapi({ description: 'In minor units' }), currency: z.string() })
			.nullable()
			.openapi({ description: 'null: it cost credits alone' }),
		credits: z.int(),
	})
	.openapi('Charge');

function listRoute({ chargesOf, presenter }: ChargeRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/charges',
		permission: { inParts: 'parkingSessions:read' },
		tag: 'charges',
		summary: 'What stays were charged in a time, oldest first: prices and credits, for invoices',
		query: z.strictObject({ ...span, ...pageQuery }),
		answer: pageOf(chargeSchema),
		async handle({ query: { from, to, cursor, limit } }, c) {
			const query = { ...spanOf(from, to), limit, ...(cursor !== undefined && { cursor }) };
			const { items, nextCursor } = await chargesOf(c).page(query);
			return { items: items.map(({ atMs, ...charge }) => ({ at: presenter.time(atMs), ...charge })), nextCursor };
		},
	});
}

function exportRoute({ chargesOf, viewOf }: ChargeRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/charges/export',
		permission: { inParts: 'directory:export' },
		tag: 'charges',
		summary: 'The same as a file: CSV, an Excel workbook or JSON lines; who took it is journalled',
		query: z.strictObject({ ...span, ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
		answer: 'text/csv',
		answerHeaders: { 'Content-Disposition': 'The name of the file' },
		problems: [503],
		handle({ query: { from, to, lang, format } }, c) {
			checkInParts(requireLogin(c), 'parkingSessions:read');
			const charges = chargesOf(c);
			const sight = { personal: viewOf(c).seesAll || charges.seesNames };
			const ask = { ...spanOf(from, to), format, sight, language: answerLanguage(c, lang) };
			return answerFile(c, charges.export(ask, requireLogin(c).operator.id));
		},
	});
}

function spanOf(fromMs: number, toMs: number) {
	if (fromMs < toMs) return { fromMs, toMs };
	throw new InvalidRequest([
		{
			path: 'query.to',
			problem: 'Is not after `from`',
			mend: 'Send a `to` after `from`, such as the next month’s first day.',
		},
	]);
}
