import { z } from '@hono/zod-openapi';
import type { ConfigurationProblem } from '../../../gateway/core/configuration/configuration-change.ts';
import type { AskedBy } from '../../../gateway/core/configuration/configuration-state.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type {
	ConfigurationVersions,
	ConfigurationView,
	KeepAnswer,
} from '../../../gateway/services/configuration/configuration-view.ts';
import { CREATED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { type FieldProblem, noSuch, problem } from '../problem.ts';
import { time, whySchema } from '../scalar-schemas.ts';

export interface ConfigurationRoutesDeps {
	readonly configuration: ConfigurationVersions;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const tag = 'configuration';
/** What names gateway.yaml on the machine in the place of a version. */
export const FILE = 'file';
const versionText = z
	.string()
	.regex(/^(?:[0-9a-f]{64}|file)$/)
	.openapi({ description: 'SHA-256 of its text; file: gateway.yaml on the machine', example: FILE });
const idOf = (version: string | null) => version ?? FILE;
const versionOf = (id: string) => (id === FILE ? null : id);

/** Versions of gateway.yaml: proposed, tried, kept, reverted (docs/operations.md). */
export function configurationRoutes(deps: ConfigurationRoutesDeps): readonly Route[] {
	return [
		viewRoute(deps),
		versionRoute(deps),
		proposeRoute(deps),
		applyRoute(deps),
		keepRoute(deps),
		revertRoute(deps),
	];
}

const who = {
	source: z.enum(['central', 'console', 'gateway']),
	by: z.string(),
	reason: z.string(),
};

const viewSchema = z
	.object({
		runs: versionText,
		fileVersion: z.string().openapi({ description: 'SHA-256 of gateway.yaml as it is' }),
		problem: z.string().nullable().openapi({ description: 'Why what should run does not' }),
		trial: z
			.object({ ...who, version: versionText, started: time, ends: time, waitsFor: z.string().nullable() })
			.nullable(),
		versions: z.array(z.object({ ...who, version: versionText, proposed: time })),
		history: z.array(
			z.object({
				...who,
				at: time,
				what: z.enum(['proposed', 'tried', 'kept', 'reverted', 'fileTookOver']),
				version: versionText,
				because: z.string().nullable(),
			}),
		),
	})
	.openapi('Configuration');

function shown(view: ConfigurationView, { time: at }: Presenter): z.input<typeof viewSchema> {
	const whoOf = ({ source, by, reason }: AskedBy) => ({ source, by, reason });
	const { trial } = view;
	return {
		runs: idOf(view.runs),
		fileVersion: view.file,
		problem: view.problem,
		trial: trial && {
			...whoOf(trial),
			version: idOf(trial.version),
			started: at(trial.startedAtMs),
			ends: at(trial.endsAtMs),
			waitsFor: trial.waitsFor,
		},
		versions: view.versions.map((kept) => ({ ...whoOf(kept), version: kept.version, proposed: at(kept.proposedAtMs) })),
		history: view.history.map((event) => ({
			...whoOf(event),
			...{ at: at(event.atMs), what: event.what, version: idOf(event.version), because: event.because },
		})),
	};
}

function viewRoute({ configuration, presenter }: ConfigurationRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/configuration',
		permission: 'configuration:read',
		tag,
		summary: 'What runs, what is on trial, and which versions could run',
		answer: viewSchema,
		handle: () => shown(configuration.view(), presenter),
	});
}

const problemLine = z.object({
	severity: z.enum(['error', 'warning']),
	line: z.int().nullable(),
	column: z.int().nullable(),
	path: z.string(),
	text: z.string(),
	fix: z.string(),
});
const changeSchema = z
	.object({
		part: z.enum(['lane', 'device', 'park', 'area', 'setting']),
		id: z.string(),
		change: z.enum(['added', 'removed', 'rewired', 'changed']),
		fields: z.array(z.string()),
	})
	.openapi('ConfigurationChange');
/** Mutable, as schemas take them. */
const plain = <T>(value: T) => structuredClone(value) as { -readonly [K in keyof T]: T[K] };

function versionRoute({ configuration }: ConfigurationRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/configuration/versions/{version}',
		permission: 'configuration:read',
		tag,
		summary: 'A version: its text without secrets, and what it would change of what runs',
		params: z.object({ version: versionText }),
		answer: z.object({
			version: versionText,
			text: z.string(),
			valid: z.boolean(),
			changes: z.array(changeSchema),
			problems: z.array(problemLine),
		}),
		problems: [404],
		async handle({ params: { version } }) {
			requireKept(configuration, version);
			await configuration.prepare({ version: versionOf(version) });
			const checked = configuration.check(versionOf(version));
			return {
				...{ version, text: configuration.shownText(versionOf(version)), valid: checked.result === 'valid' },
				changes:
					checked.result === 'valid'
						? checked.changes.map((change) => ({ ...plain(change), fields: [...change.fields] }))
						: [],
				problems: (checked.result === 'valid' ? checked.warnings : checked.problems).map(plain),
			};
		},
	});
}

function requireKept(configuration: ConfigurationVersions, version: string): void {
	const { versions, file } = configuration.view();
	const isKept = version === FILE || version === file || versions.some((kept) => kept.version === version);
	if (!isKept) noSuch('version', version);
}

function proposeRoute({ configuration, idempotency }: ConfigurationRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/configuration/versions',
		permission: 'configuration:write',
		tag,
		summary: 'Propose a whole gateway.yaml: checked and kept; nothing runs differently',
		headers: idempotencyHeaders,
		body: z.strictObject({ text: z.string().min(1).max(LIMITS.proposedConfigLength), reason: whySchema }),
		...CREATED,
		answer: z.object({ version: versionText, changes: z.array(changeSchema), warnings: z.array(problemLine) }),
		problems: [422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				await configuration.prepare({ text: body.text });
				const answer = configuration.propose({ text: body.text, asked: askedBy(c, body.reason) });
				if (answer.result === 'valid') {
					const { version, changes, warnings } = answer;
					return created(c, { path: `/api/v1/configuration/versions/${version}` }, { version, changes, warnings });
				}
				const detail = 'The proposed configuration is not valid; see errors.';
				const errors = answer.problems.map(fieldProblem);
				return problem(c, { status: 422, code: 'CONFIG_INVALID', detail, errors });
			}),
	});
}

function fieldProblem({ line, column, path, text, fix }: ConfigurationProblem): FieldProblem {
	const place = ['body.text', line, column].filter((part) => part !== null).join(':');
	return { path: path === '' ? place : `${place}: ${path}`, problem: text, mend: `${fix}.` };
}

function applyRoute({ configuration, idempotency }: ConfigurationRoutesDeps): Route {
	const { trialMinimumMs, trialMaximumMs } = LIMITS;
	return defineRoute({
		method: 'post',
		path: '/api/v1/configuration/versions/{version}/apply',
		permission: 'configuration:write',
		tag,
		summary: 'Run a version on trial: the gateway starts anew, and goes back by itself unless it is kept in time',
		params: z.object({ version: versionText }),
		headers: idempotencyHeaders,
		body: z.strictObject({
			reason: whySchema,
			withinS: z
				.int()
				.min(trialMinimumMs / 1_000)
				.max(trialMaximumMs / 1_000)
				.default(300),
			force: z.boolean().default(false).openapi({ description: 'Also while vehicles are under way' }),
		}),
		answer: z.object({ result: z.literal('begun') }),
		problems: [404, 409, 503],
		handle: ({ params: { version }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				requireKept(configuration, version);
				await configuration.prepare({ version: versionOf(version) });
				const { reason, withinS, force } = body;
				const withinMs = withinS * 1_000;
				const answer = configuration.apply({ version: versionOf(version), withinMs, force, asked: askedBy(c, reason) });
				if (answer.result === 'begun') return c.json({ result: 'begun' as const });
				const detail = `It was not applied: ${answer.problem}.`;
				return problem(c, { status: 409, code: 'CONFLICT', because: answer.because, detail });
			}),
	});
}

function keepRoute({ configuration }: ConfigurationRoutesDeps): Route {
	return defineRoute({
		...{
			method: 'post',
			path: '/api/v1/configuration/versions/{version}/keep',
			permission: 'configuration:write',
			tag,
		},
		summary: 'What is on trial may stay, as soon as all is as it was before',
		params: z.object({ version: versionText }),
		answer: notedSchema,
		problems: [409],
		handle: ({ params: { version } }, c) => noted(c, configuration.keep(versionOf(version))),
	});
}

function revertRoute({ configuration }: ConfigurationRoutesDeps): Route {
	return defineRoute({
		...{
			method: 'post',
			path: '/api/v1/configuration/versions/{version}/revert',
			permission: 'configuration:write',
			tag,
		},
		summary: 'End the trial now: what ran before runs again',
		params: z.object({ version: versionText }),
		answer: notedSchema,
		problems: [409],
		handle: ({ params: { version } }, c) => {
			const { name } = requireLogin(c).operator;
			return noted(c, configuration.giveUp(versionOf(version), name));
		},
	});
}

const notedSchema = z.object({
	result: z.literal('noted'),
	waitsFor: z.string().nullable().openapi({ description: 'It is kept as soon as that is there; null: it is kept' }),
});

function noted(c: HttpContext, answer: KeepAnswer): Response {
	if (answer.result === 'noted') return c.json(answer);
	return problem(c, { status: 409, code: 'CONFLICT', detail: `Nothing was done: ${answer.problem}.` });
}

function askedBy(c: HttpContext, reason: string): AskedBy {
	const { id, name } = requireLogin(c).operator;
	return { source: 'console', by: name, operatorId: id, reason, commandId: null };
}
