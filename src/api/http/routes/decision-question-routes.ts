import { z } from '@hono/zod-openapi';
import type { Clock } from '../../../gateway/core/clock.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { placeOfEvent } from '../../../gateway/core/permission/event-place.ts';
import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { AccessLog } from '../../../gateway/services/access-log.ts';
import type { Replay, ReplayReport } from '../../../gateway/services/decisions/replay.ts';
import { seenWhatIf } from '../../../gateway/services/decisions/seen-what-if.ts';
import type { WhatIf, WhatIfQuestion } from '../../../gateway/services/decisions/what-if.ts';
import { checkedDecisionSchema, replayReportSchema } from '../decision-schemas.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { explainDecision } from '../explain-decision.ts';
import { languageQuery } from '../language.ts';
import { requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { type FieldProblem, noSuch, problem } from '../problem.ts';
import { givenId, moment } from '../scalar-schemas.ts';
import { laneAt, type Sight } from '../seen-in-parts.ts';

/** The site of a proposed `gateway.yaml`, or everything that is wrong with the file. */
export type ProposedSite =
	| { readonly result: 'valid'; readonly site: Site }
	| { readonly result: 'invalid'; readonly problems: readonly FieldProblem[] };

export interface DecisionQuestionDeps {
	readonly whatIf: WhatIf;
	readonly replay: Replay;
	readonly proposedSite: (yaml: string) => ProposedSite;
	readonly clock: Clock;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
	readonly accessLog: Pick<AccessLog, 'get'>;
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes'>;
	readonly sight: Pick<Sight, 'lanes'>;
}

/** Questions about decisions: they open, hold and write nothing. */
export function decisionQuestionRoutes(deps: DecisionQuestionDeps): readonly Route[] {
	return [checkRoute(deps), replayRoute(deps)];
}

const checkBody = z
	.strictObject({
		lane: givenId,
		credential: z
			.strictObject({ kind: z.enum(['tag', 'plate']), value: z.string().min(1).max(64) })
			.optional()
			.openapi({ description: 'As it would be read' }),
		holder: givenId.optional().openapi({ description: 'With whatever tag and plate they have' }),
		at: moment.optional().openapi({ description: 'Now, when left out; occupancy and presence are those of now' }),
		direction: z.enum(['forward', 'back']).optional().openapi({ description: 'Of a reversible lane' }),
	})
	.refine(({ credential, holder }) => (credential === undefined) !== (holder === undefined), {
		path: ['holder'],
		message: 'Neither or both of credential and holder',
		params: { mend: 'Send either credential or holder.' },
	});

function checkRoute(deps: DecisionQuestionDeps): Route {
	const { whatIf, clock, presenter, viewOf, rowLook } = deps;
	return defineRoute({
		method: 'post',
		path: '/api/v1/decisions/check',
		permission: { inParts: 'decisions:check' },
		tag: 'decisions',
		summary: 'What if: the decision for somebody at a lane at a time; opens and records nothing',
		query: z.strictObject(languageQuery),
		body: checkBody,
		answer: checkedDecisionSchema,
		problems: [404],
		handle: ({ body, query: { lang } }, c) => {
			const { lane: laneId, at: atMs = clock.nowMs(), direction } = body;
			const question = { laneId, who: whoOf(body), atMs, ...(direction !== undefined && { direction }) };
			const asked = seenWhatIf(whatIf, deps, requireLogin(c).access);
			const { decision, facts, holderName } = asked.check(question);
			const view = viewOf(c, placeOfEvent({ laneIds: [laneId], holderId: decision.holderId }, rowLook()));
			const explained = explainDecision(c, { decision: view.decision(decision), facts: view.facts(facts), lang });
			const shownName = holderName === null ? null : view.text(holderName);
			return presenter.present({ atMs, laneId, holderName: shownName, ...explained });
		},
	});
}

function whoOf({ credential, holder = '' }: z.output<typeof checkBody>): WhatIfQuestion['who'] {
	return credential ?? { kind: 'holder', holderId: holder };
}

const replayBody = z
	.strictObject({
		since: moment.optional(),
		until: moment.optional().openapi({ description: 'Before this time; now, when left out' }),
		decision: givenId.optional().openapi({ description: 'Only this one' }),
		proposed: z
			.string()
			.max(LIMITS.proposedConfigLength)
			.optional()
			.openapi({ description: 'Text of a changed gateway.yaml; left out: every decision must come out the same' }),
	})
	.refine(({ since, decision }) => (since === undefined) !== (decision === undefined), {
		path: ['since'],
		message: 'Neither or both of since and decision',
		params: { mend: 'Send either since or decision.' },
	})
	.refine(({ since, until }) => since === undefined || until === undefined || since < until, {
		path: ['until'],
		message: 'Not after since',
		params: { mend: 'Send a time after since, or leave it out.' },
	});

function replayRoute(deps: DecisionQuestionDeps): Route {
	const { replay, proposedSite, presenter, viewOf, sight } = deps;
	let isRunning = false;

	return defineRoute({
		method: 'post',
		path: '/api/v1/decisions/replay',
		permission: { inParts: 'decisions:replay' },
		tag: 'decisions',
		summary: 'Decide again what was decided, as it was or under a changed configuration; lists whose outcome changes',
		body: replayBody,
		answer: replayReportSchema,
		problems: [404, 409, 422],
		handle: async ({ body }, c) => {
			if (body.decision === undefined && isRunning) {
				const detail = 'A replay is running; there is one at a time. Try again when it is done.';
				return problem(c, { status: 409, code: 'REPLAY_RUNNING', detail });
			}
			const proposed = body.proposed === undefined ? undefined : proposedSite(body.proposed);
			if (proposed?.result === 'invalid') {
				const detail = 'The proposed configuration is not valid; see errors.';
				return problem(c, { status: 422, code: 'CONFIG_INVALID', detail, errors: proposed.problems });
			}
			const shown = (report: ReplayReport & { readonly complete: boolean }) =>
				presenter.present({
					...report,
					changes: report.changes.map((changed) => viewOf(c, laneAt(changed.laneId)).changed(changed)),
				});
			const laneIds = sight.lanes(requireLogin(c).access, 'decisions:replay');
			if (body.decision !== undefined) {
				if (laneIds !== undefined && !isOf(laneIds, body.decision)) noSuch('decision', body.decision);
				return shown(replayOne(body.decision, proposed?.site));
			}
			isRunning = true;
			try {
				return shown(await replaySince({ ...body, laneIds }, proposed?.site, c.req.raw.signal));
			} finally {
				isRunning = false;
			}
		},
	});

	/** Whose lane is not told any more, because it was erased, is the whole site's. */
	function isOf(laneIds: readonly string[], decisionId: string): boolean {
		const laneId = deps.accessLog.get(decisionId)?.summary.laneId;
		return laneId !== undefined && laneIds.includes(laneId);
	}

	function replayOne(decisionId: string, proposed: Site | undefined): ReplayReport & { readonly complete: boolean } {
		const replayed = replay.one(decisionId, proposed) ?? noSuch('decision', decisionId);
		const earlierRules = 'earlierRules' in replayed && replayed.earlierRules === true ? 1 : 0;
		const counts = { decisions: 1, identical: 0, redacted: 0, changed: 0, earlierRules, [replayed.result]: 1 };
		return { ...counts, complete: true, changes: replayed.result === 'changed' ? [replayed] : [] };
	}

	/** Ends early when the sender is gone or the bound is reached. */
	async function replaySince(
		{ since = 0, until, laneIds }: z.output<typeof replayBody> & { readonly laneIds: readonly string[] | undefined },
		proposed: Site | undefined,
		gone: AbortSignal,
	): Promise<ReplayReport & { readonly complete: boolean }> {
		const enough = new AbortController();
		const report = await replay.since({
			sinceMs: since,
			...(until !== undefined && { untilMs: until }),
			...(laneIds !== undefined && { laneIds }),
			...(proposed !== undefined && { proposed }),
			maximumChanges: LIMITS.replayedChanges,
			signal: AbortSignal.any([enough.signal, gone]),
			onProgress(done) {
				if (done >= LIMITS.replayedDecisions) enough.abort();
			},
		});
		return { ...report, complete: !enough.signal.aborted };
	}
}
