import { z } from '@hono/zod-openapi';
import { AUDIT_KINDS, AUDIT_VERBS } from '../../../gateway/core/audit/audited-action.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { MODULES } from '../../../gateway/core/permission/modules.ts';
import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import type { AccessLog } from '../../../gateway/services/access-log.ts';
import type { ActivityExports } from '../../../gateway/services/activity/activity-exports.ts';
import type { AuditItem } from '../../../gateway/services/activity/audit-log.ts';
import { auditSightOf } from '../../../gateway/services/activity/audit-sight.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { checkGuard, type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';

export interface AuditRoutesDeps {
	readonly operators: Operators;
	readonly activityExports: ActivityExports;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
	readonly rowLook: () => RowLook;
	readonly accessLog: Pick<AccessLog, 'get'>;
}

const text = z.string().min(1).max(200);

const filterQuery = {
	q: z.string().max(LIMITS.searchLength).optional().openapi({
		description: 'Words that all stand in what a line tells; a page may then be short, even empty, and go on',
	}),
	operator: text.optional().openapi({ description: 'Whoever did it, by id' }),
	target: text.optional().openapi({ description: 'What it was done to: the id of a row, an operator, a lane, …' }),
	kind: z.enum(AUDIT_KINDS).optional(),
	action: text.optional(),
	from: moment.optional(),
	to: moment.optional(),
};

const doneFields = {
	at: time,
	seq: z.int().openapi({ description: 'Place in the journal of this gateway epoch' }),
	action: z.string(),
	kind: z.enum(AUDIT_KINDS).openapi({ description: 'What it is about' }),
	verb: z.enum(AUDIT_VERBS),
	module: z.enum(MODULES).openapi({ description: 'Part of the console' }),
	target: z.string().nullable(),
};

/** One thing that was done, without what was before and after. */
export const doneSchema = z.object(doneFields).openapi('Done');

const auditSchema = z
	.object({
		...doneFields,
		id: z.string().nullable().openapi({ description: 'null: what it told was erased' }),
		operatorId: z
			.string()
			.nullable()
			.openapi({ description: 'null: the gateway itself, its command line, or nobody who is known' }),
		table: z.string().nullable().openapi({ description: 'Of a row of the directory' }),
		batchId: z.string().nullable().openapi({ description: 'Changes of the directory that were made together' }),
		changes: z
			.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
			.readonly()
			.openapi({ description: 'Field by field; secrets are hidden, personal data without personalData:read too' }),
		facts: z
			.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
			.openapi({ description: 'What else is said of it' }),
	})
	.openapi('AuditLine');

type Asked = { readonly [K in keyof typeof filterQuery]?: z.output<(typeof filterQuery)[K]> | undefined };

/** As the service takes it. */
function filterOf({ q, operator, target, kind, action, from, to }: Asked, personal: boolean) {
	return {
		personal,
		...(q !== undefined && q !== '' && { q }),
		...(operator !== undefined && { operatorId: operator }),
		...(target !== undefined && { target }),
		...(kind !== undefined && { kinds: [kind] }),
		...(action !== undefined && { action }),
		...(from !== undefined && { fromMs: from }),
		...(to !== undefined && { toMs: to }),
	};
}

/** Every change with who made it, and what was before and after. */
export function auditRoutes(deps: AuditRoutesDeps): readonly Route[] {
	const { operators, activityExports, presenter, viewOf } = deps;
	const filterFor = (c: HttpContext, asked: Asked, ...permissions: readonly Permission[]) => {
		const sight = auditSightOf(
			requireLogin(c).access,
			{
				rowLook: deps.rowLook,
				decisionOf: (decisionId) => deps.accessLog.get(decisionId)?.summary,
				viewAt: (place) => viewOf(c, place),
			},
			...permissions,
		);
		return { ...filterOf(asked, viewOf(c).seesAll), ...(sight !== undefined && { sight }) };
	};
	const shown = ({ atMs, changes, facts, ...line }: AuditItem) => ({
		...{ ...line, at: presenter.time(atMs), changes, facts },
	});
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/audit/export', permission: { inParts: 'audit:read' }, tag: 'audit' },
			summary: 'The audit as a file, a row for each field that changed; who took it is journalled',
			query: z.strictObject({ ...filterQuery, ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
			answer: 'text/csv',
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			handle({ query: { lang, format, ...asked } }, c) {
				checkGuard({ inParts: 'directory:export' }, c);
				const filter = filterFor(c, asked, 'audit:read', 'directory:export');
				const ask = { format, language: answerLanguage(c, lang), filter };
				return answerFile(c, activityExports.audit(ask, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/audit', permission: { inParts: 'audit:read' }, tag: 'audit' },
			summary: 'Every change of what one has, with who made it and what was before and after, newest first',
			query: z.strictObject({ ...filterQuery, ...pageQuery }),
			answer: pageOf(auditSchema),
			handle({ query: { cursor, limit, ...asked } }, c) {
				const filter = filterFor(c, asked, 'audit:read');
				const page = operators.audit.list({ ...filter, limit, ...(cursor !== undefined && { cursor }) });
				return { items: page.items.map(shown), nextCursor: page.nextCursor };
			},
		}),
	];
}
