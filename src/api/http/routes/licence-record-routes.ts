import { z } from '@hono/zod-openapi';
import type { LicenceKind } from '../../../gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import {
	COUNTED_KINDS,
	type CountedKind,
	type LicenceStatistics,
} from '../../../gateway/services/licensing/licence-days.ts';
import type { LicenceExports } from '../../../gateway/services/licensing/licence-exports.ts';
import type { AskedStatistics } from '../../../gateway/services/licensing/licence-services.ts';
import { LICENCE_EVENTS, type LicenceChangeFilter } from '../../../gateway/services/licensing/licence-standing.ts';
import type { Licensing } from '../../../gateway/services/licensing/licensing.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest } from '../problem.ts';
import { givenId, moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { licenceKind, unusedQuery } from './licence-grant-routes.ts';

export interface LicenceRecordRoutesDeps {
	readonly licensing: Pick<Licensing, 'history'>;
	/** Throws CONFLICT after they have stopped for want of a licence. */
	readonly licenceStatistics: (query: AskedStatistics) => LicenceStatistics;
	readonly licenceExports: LicenceExports;
	readonly presenter: Presenter;
}

/** What was given and taken, how many there were, and both as files. */
export function licenceRecordRoutes(deps: LicenceRecordRoutesDeps): readonly Route[] {
	return [historyRoute(deps), statisticsRoute(deps), ...exportRoutes(deps)];
}

const filterQuery = {
	from: moment.optional(),
	to: moment.optional().openapi({ description: 'Before this time' }),
	kind: licenceKind.optional(),
	subject: givenId.optional().openapi({ description: 'Of one operator, camera, park or licence, by its id' }),
};

interface GivenFilter {
	readonly from?: number | undefined;
	readonly to?: number | undefined;
	readonly kind?: LicenceKind | undefined;
	readonly subject?: string | undefined;
}

function filterOf({ from, to, kind, subject }: GivenFilter): LicenceChangeFilter {
	if (from !== undefined && to !== undefined && from >= to) throw notAfter('query.to');
	return {
		...(from !== undefined && { fromMs: from }),
		...(to !== undefined && { toMs: to }),
		...(kind !== undefined && { kind }),
		...(subject !== undefined && { subject }),
	};
}

function notAfter(path: string): InvalidRequest {
	return new InvalidRequest([{ path, problem: 'Is not after `from`', mend: 'Send a `to` after `from`.' }]);
}

const cursors = createListCursor('licence changes');

function historyRoute({ licensing, presenter }: LicenceRecordRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/licences/history',
		permission: 'licences:read',
		tag: 'licences',
		summary: 'What was installed, given and taken, the newest first',
		query: z.strictObject({ ...pageQuery, ...filterQuery }),
		answer: pageOf(
			z.object({
				at: time,
				what: z.enum(LICENCE_EVENTS),
				subject: z.string(),
				kind: z.string().nullable().openapi({ description: 'Of a kind that was given or taken' }),
				operatorId: z.string().nullable().openapi({ description: 'null: the gateway itself, or a command on it' }),
			}),
		),
		handle({ query: { cursor, limit, ...given } }) {
			const place = cursor === undefined ? null : cursors.decode(cursor);
			const before = place === null ? null : { atMs: place.position, number: Number(place.id) };
			const found = licensing.history(filterOf(given), before, limit + 1);
			const last = found.length > limit ? found[limit - 1] : undefined;
			return {
				items: found.slice(0, limit).map(({ atMs, what, subject, kind, operatorId }) => ({
					...{ at: presenter.time(atMs), what, subject, kind, operatorId },
				})),
				nextCursor: last === undefined ? null : cursors.encode(last.atMs, String(last.number)),
			};
		},
	});
}

const counted = z.enum(COUNTED_KINDS as readonly [CountedKind, ...CountedKind[]]);
const figures = { used: z.int(), given: z.int(), taken: z.int() };

function statisticsRoute({ licenceStatistics }: LicenceRecordRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/licences/statistics',
		permission: 'licences:read',
		tag: 'licences',
		summary: 'How many licences there were, day by day; a year unless asked otherwise, today as it is now',
		query: z.strictObject({
			from: z.iso.date().optional().openapi({ description: 'First day; a year before the last unless given' }),
			to: z.iso.date().optional().openapi({ description: 'Last day; today unless given' }),
			kind: z.union([counted.transform((kind) => [kind]), z.array(counted)]).optional(),
		}),
		answer: z.object({
			from: z.string(),
			to: z.string(),
			days: z.array(z.object({ day: z.string(), ...figures })).readonly(),
			kinds: z
				.array(z.object({ kind: counted, ...figures, most: z.int().openapi({ description: 'At the end of a day' }) }))
				.readonly(),
		}),
		problems: [409],
		handle({ query: { from, to, kind = COUNTED_KINDS } }) {
			if (from !== undefined && to !== undefined && from > to) throw notAfter('query.to');
			const query = { ...(from !== undefined && { fromDay: from }), ...(to !== undefined && { toDay: to }) };
			const { fromDay, toDay, days, kinds } = licenceStatistics({ ...query, kinds: kind });
			return { from: fromDay, to: toDay, days, kinds };
		},
	});
}

function exportRoutes({ licenceExports }: LicenceRecordRoutesDeps): readonly Route[] {
	const common = {
		method: 'get',
		permission: 'licences:read',
		tag: 'licences',
		answer: 'text/csv',
		answerHeaders: { 'Content-Disposition': 'The name of the file' },
		problems: [503],
	} as const;
	const formatQuery = { ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') };
	return [
		defineRoute({
			...common,
			path: '/api/v1/licences/export',
			summary: 'Who has which licence, as a file: CSV, an Excel workbook or JSON lines; who took it is journalled',
			query: z.strictObject({
				...formatQuery,
				q: z.string().max(LIMITS.searchLength).optional(),
				kind: licenceKind.optional(),
				...unusedQuery,
			}),
			handle({ query: { q = '', kind = null, unusedDays = null, lang, format } }, c) {
				const ask = { q, kind, unusedDays, format, language: answerLanguage(c, lang) };
				return answerFile(c, licenceExports.licences(ask, requireLogin(c).operator.id));
			},
		}),
		defineRoute({
			...common,
			path: '/api/v1/licences/history/export',
			summary: 'The history of licences as a file, narrowed as the list; who took it is journalled',
			query: z.strictObject({ ...formatQuery, ...filterQuery }),
			handle({ query: { lang, format, ...given } }, c) {
				const ask = { filter: filterOf(given), format, language: answerLanguage(c, lang) };
				return answerFile(c, licenceExports.history(ask, requireLogin(c).operator.id));
			},
		}),
	];
}
