import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { RosterEntry } from '../../../gateway/services/maintenance/roster.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest } from '../problem.ts';
import { id, moment, time } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import { type InterventionRoutesDeps, maintenanceOf, interventionTag as tag } from './intervention-routes.ts';
import { interventionFields, shownPlan, shownTarget } from './intervention-schemas.ts';

const personSchema = z
	.object({
		id,
		name: z.string(),
		role: z
			.enum(['resource', 'mechanic', 'staff', 'former'])
			.openapi({ description: 'resource: never signs in; former: gets no new work' }),
	})
	.openapi('RosterPerson');
const { number, title, status, priority, target } = interventionFields;
const entrySchema = z
	.object({
		...{ number, title, status, priority, target },
		plan: z.object({ start: time, end: time }),
		clashes: z.boolean().openapi({ description: 'They have something else at the same time' }),
	})
	.openapi('RosterEntry');

const DAY_MS = 86_400_000;

/** Who does what when. */
export function rosterRoutes(deps: InterventionRoutesDeps): readonly Route[] {
	const { presenter } = deps;
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/roster/people', permission: { inParts: 'interventions:read' }, tag },
			summary: 'Operators whom work can be given to, by name',
			answer: listOf(personSchema),
			handle: () => ({ items: deps.maintenance.roster.people() }),
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/roster', permission: { inParts: 'interventions:read' }, tag },
			summary: `Planned interventions of everybody in a time of at most ${LIMITS.rosterDays} days`,
			query: z.strictObject({ from: moment, to: moment }),
			answer: z.object({
				items: z.array(z.object({ person: personSchema, entries: z.array(entrySchema).readonly() })).readonly(),
				unassigned: z.array(entrySchema).readonly(),
				cut: z.boolean().openapi({ description: 'There is more than is shown: ask for less at once' }),
			}),
			handle({ query: { from, to } }, c) {
				if (to <= from || to - from > LIMITS.rosterDays * DAY_MS + DAY_MS / 24) {
					const mend = `Send a later moment, at most ${LIMITS.rosterDays} days after \`from\`.`;
					throw new InvalidRequest([{ path: 'query.to', problem: 'No time of a roster', mend }]);
				}
				const { lines, unassigned, isCut } = maintenanceOf(deps, c).roster.view(from, to);
				return {
					items: lines.map(({ person, entries }) => ({ person, entries: entries.map(shown(presenter)) })),
					unassigned: unassigned.map(shown(presenter)),
					cut: isCut,
				};
			},
		}),
	];
}

function shown(presenter: Presenter) {
	return ({ plan, target: about, ...entry }: RosterEntry) => ({
		...entry,
		...{ target: shownTarget(about), plan: shownPlan(presenter, plan) },
	});
}
