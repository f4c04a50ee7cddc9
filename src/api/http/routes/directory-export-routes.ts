import { z } from '@hono/zod-openapi';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { isSearchedByPersonalData } from '../directory-faces.ts';
import { whereOf } from '../directory-schemas.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { checkInParts, requireLogin } from '../login-context.ts';
import { requireSight } from '../personal-view-of.ts';
import type { CollectionDeps } from './directory-routes.ts';

/** A collection as a file, with the search and the filters of its list. */
export function exportRoute(own: CollectionDeps): Route {
	const { table, face, path, schemas, directoryOf, viewOf } = own;
	const { cursor: _, limit: __, count: ___, ...narrowed } = schemas.list.shape;
	return defineRoute({
		method: 'get',
		path: `${path}/export`,
		permission: { inParts: 'directory:export' },
		tag: face.path,
		summary: 'The list as a file to take along: CSV, an Excel workbook or JSON lines; who took what is journalled',
		query: z.strictObject({
			...narrowed,
			...schemas.codes,
			...languageQuery,
			format: z.enum(EXPORT_FORMATS).default('csv'),
		}),
		answer: 'text/csv',
		answerHeaders: { 'Content-Disposition': 'The name of the file' },
		problems: [429, 503],
		async handle({ query }, c) {
			const { q, sort, lang, format } = query;
			const codes = query['codes'] === true;
			const login = requireLogin(c);
			checkInParts(login, `${table}:read`);
			if (codes) checkInParts(login, 'codes:read');
			const view = viewOf(c, { kind: 'rows', table });
			const sight = { personal: view.seesAll, codes };
			if (q !== undefined && isSearchedByPersonalData(own)) requireSight(view);
			const asked = { where: whereOf(own, query), descending: sort === 'desc', ...(q !== undefined && { q }) };
			const file = directoryOf(c).exports.export(
				{ ...asked, face: face.path, format, language: answerLanguage(c, lang), sight },
				{ operatorId: login.operator.id, signal: c.req.raw.signal },
			);
			return answerFile(c, file);
		},
	});
}
