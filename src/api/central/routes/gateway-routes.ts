import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { defineRoute, type Route } from '../../http/define-route.ts';
import { idempotencyHeaders } from '../../http/idempotency.ts';
import { type HttpContext, requireLogin } from '../../http/login-context.ts';
import { noSuch } from '../../http/problem.ts';
import { givenId, time, whySchema } from '../../http/scalar-schemas.ts';
import { type FleetCommandDetail, type GatewayCommand, reportValue } from '../fleet.ts';
import { commandSchema, type SiteRoutesDeps } from './site-routes.ts';

const tag = 'gateways';
const params = z.object({ site: givenId });
const version = z
	.string()
	.regex(/^(?:[0-9a-f]{64}|file)$/)
	.openapi({ description: 'SHA-256 of its text; file: gateway.yaml on the machine', example: 'file' });
const ofVersion = z.object({ site: givenId, version });
const force = z.boolean().default(false).openapi({ description: 'Also while vehicles are under way' });

const detailSchema = commandSchema.extend({
	report: z.unknown().openapi({ description: 'What it found; null: nothing, or it did not come whole' }),
	text: z.string().nullable().openapi({ description: 'Of a configuration that was proposed' }),
});
const begun = z
	.object({ commandId: z.string() })
	.openapi('BegunCommand', { description: 'Its outcome stands in sites/{site}/commands/{commandId}' });

const configurationSchema = z
	.object({
		runs: z
			.object({
				version: z.string(),
				source: z.enum(['file', 'version']),
				onTrial: z.string().nullable().openapi({ description: 'Until it is kept or goes back by itself' }),
				told: time,
			})
			.nullable()
			.openapi({ description: 'As the site last told; null: not yet' }),
		proposals: z.array(commandSchema.extend({ version: z.string() })),
	})
	.openapi('SiteConfiguration');

/** What is asked of gateways themselves: all of it takes its time, so that each answers at once with the command. */
export function gatewayRoutes(deps: SiteRoutesDeps): readonly Route[] {
	return [...readRoutes(deps), ...configurationRoutes(deps), ...ownRoutes(deps)];
}

function readRoutes({ fleet, presenter }: SiteRoutesDeps): readonly Route[] {
	const presented = ({ atMs, id, op, target, by, reason, outcome, because }: FleetCommandDetail) => ({
		...{ id, op, target, by, reason, outcome, because },
		at: presenter.time(atMs),
	});
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}/commands/{command}', permission: 'configuration:read', tag },
			summary: 'One command, and what it found',
			params: z.object({ site: givenId, command: givenId }),
			answer: detailSchema,
			problems: [404],
			handle({ params: { site, command } }) {
				const found = fleet.command(site, command) ?? noSuch('command', command);
				const { report, text } = found;
				return { ...presented(found), report: report === null ? null : reportValue(report), text };
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}/configuration', permission: 'configuration:read', tag },
			summary: 'Which configuration a site runs, and which were proposed to it from here',
			params,
			answer: configurationSchema,
			problems: [404],
			handle({ params: { site } }) {
				const held = fleet.site(site) ?? noSuch('site', site);
				const runs = fleet.configuration(held.site);
				return {
					runs: runs
						? {
								...{ version: runs.version, source: runs.source, onTrial: runs.trial?.target ?? null },
								told: presenter.time(runs.toldAtMs),
							}
						: null,
					proposals: fleet
						.proposals(held.site, LIMITS.configurationVersions)
						.map((proposal) => ({ ...presented(proposal), version: proposal.target })),
				};
			},
		}),
	];
}

function asking({ fleet, idempotency }: SiteRoutesDeps) {
	return (
		c: HttpContext,
		{ site, key, body }: { readonly site: string; readonly key: string | undefined; readonly body: unknown },
		command: WithoutBy,
	) =>
		idempotency.run(c, { key, body }, () => {
			const held = fleet.site(site) ?? noSuch('site', site);
			const { commandId } = fleet.ask(held.site, { ...command, by: requireLogin(c).operator.name });
			return Promise.resolve(c.json({ commandId }, 201));
		});
}

type WithoutBy = GatewayCommand extends infer Command
	? Command extends GatewayCommand
		? Omit<Command, 'by'>
		: never
	: never;

function configurationRoutes(deps: SiteRoutesDeps): readonly Route[] {
	const ask = asking(deps);
	const { trialMinimumMs, trialMaximumMs } = LIMITS;
	const common = { method: 'post', permission: 'configuration:write', tag } as const;
	const made = { headers: idempotencyHeaders, status: 201, answer: begun, problems: [404] } as const;
	const versions = '/api/v1/sites/{site}/configuration/versions';
	return [
		defineRoute({
			...{ ...common, ...made, path: versions, params },
			summary: 'Propose a whole gateway.yaml: the site checks and keeps it; nothing runs differently',
			body: z.strictObject({ text: z.string().min(1).max(LIMITS.proposedConfigLength), reason: whySchema }),
			handle: ({ params: { site }, headers, body }, c) =>
				ask(c, { site, key: headers['idempotency-key'], body }, { op: 'configPropose', ...body }),
		}),
		defineRoute({
			...{ ...common, ...made, path: `${versions}/{version}/apply`, params: ofVersion },
			summary: 'Have the site run a version on trial; it goes back by itself unless it is kept in time',
			body: z.strictObject({
				reason: whySchema,
				withinS: z
					.int()
					.min(trialMinimumMs / 1_000)
					.max(trialMaximumMs / 1_000)
					.default(300),
				force,
				keep: z
					.enum(['byItself', 'byHand'])
					.default('byItself')
					.openapi({ description: 'byItself: as soon as the site is back with it; byHand: when somebody says so' }),
			}),
			handle: ({ params: { site, version: target }, headers, body }, c) =>
				ask(c, { site, key: headers['idempotency-key'], body }, { op: 'configApply', target, ...body }),
		}),
		...(['configKeep', 'configRevert'] as const).map((op) =>
			defineRoute({
				...{ ...common, ...made, params: ofVersion },
				path: `${versions}/{version}/${op === 'configKeep' ? 'keep' : 'revert'}`,
				summary: op === 'configKeep' ? 'What is on trial may stay' : 'End the trial now',
				body: z.strictObject({ reason: whySchema }),
				handle: ({ params: { site, version: target }, headers, body }, c) =>
					ask(c, { site, key: headers['idempotency-key'], body }, { op, target, ...body }),
			}),
		),
	];
}

function ownRoutes(deps: SiteRoutesDeps): readonly Route[] {
	const ask = asking(deps);
	const made = { headers: idempotencyHeaders, status: 201, answer: begun, problems: [404] } as const;
	return [
		defineRoute({
			...{ method: 'post', path: '/api/v1/sites/{site}/restart', permission: 'configuration:write', tag, params },
			...made,
			summary: 'Restart the gateway of a site',
			body: z.strictObject({ reason: whySchema, force }),
			handle: ({ params: { site }, headers, body }, c) =>
				ask(c, { site, key: headers['idempotency-key'], body }, { op: 'restart', ...body }),
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/sites/{site}/diagnostics', permission: 'configuration:read', tag, params },
			...made,
			summary: 'Fetch what the gateway of a site knows of itself, without secrets',
			body: z.strictObject({ reason: whySchema }),
			handle: ({ params: { site }, headers, body }, c) =>
				ask(c, { site, key: headers['idempotency-key'], body }, { op: 'diagnostics', ...body }),
		}),
	];
}
