import { z } from '@hono/zod-openapi';
import { NEXT_ACTIONS } from '../../gateway/core/access/next-actions.ts';
import { LANGUAGES } from './language.ts';
import { id, reasonSchema, time } from './scalar-schemas.ts';

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const decisionSummarySchema = z
	.object({
		id: z.string(),
		seq: z.int(),
		at: time,
		laneId: id,
		laneName: z.string(),
		direction: z.enum(['entry', 'exit']),
		outcome: z.enum(['granted', 'refused']),
		headline: reasonSchema.nullable().openapi({ description: 'The first rule that refused' }),
		subject: z.string().openapi({ description: 'Plate or card as read: untrusted text' }),
		holderId: z.string().nullable(),
		holderName: z.string().nullable(),
		sequel: z.enum(['none', 'opening', 'opened', 'openFailed', 'openUnknown', 'passed', 'backedOut', 'notUsed']),
	})
	.openapi('DecisionSummary');

const verdict = z
	.object({
		rule: reasonSchema,
		verdict: z.object({
			result: z.enum(['pass', 'fail', 'waived', 'notApplicable']),
			by: z.string().optional(),
			because: z.string().optional(),
			detail: attributes.optional().openapi({ description: 'The figures the rule looked at' }),
		}),
		cause: z.string().optional().openapi({ description: 'Of a failing rule, in words' }),
		advice: z.string().optional(),
	})
	.openapi('Verdict');

/** A decision with what to say and do about it; made by `createDecisionExplainer`. */
const explainedDecision = {
	decision: z.object({
		outcome: z.enum(['granted', 'refused']),
		headline: reasonSchema.nullable(),
		verdicts: z.array(verdict).readonly(),
		holderId: z.string().nullable(),
		credentialId: z.string().nullable(),
		rightId: z.string().nullable(),
		counted: z.boolean().openapi({ description: 'The vehicle takes a place' }),
		reserve: z.array(z.string()).readonly(),
	}),
	language: z.enum(LANGUAGES).openapi({ description: 'Of cause and advice: `lang`, else Accept-Language' }),
	cause: z.string().nullable().openapi({ description: 'Why it was refused, to tell the person at the lane' }),
	advice: z.string().nullable(),
	nearest: z
		.object({
			onvif: z.string().openapi({ description: 'Denial reason of tns1:AccessControl/Denied' }),
			bacnet: z.string().openapi({ description: 'BACnetAccessEvent, ANSI/ASHRAE 135' }),
		})
		.nullable()
		.openapi({ description: 'The headline as other systems would say it' }),
	nextActions: z
		.array(
			z.object({
				action: z.enum(NEXT_ACTIONS),
				who: z.enum(['driver', 'operator']),
				answers: reasonSchema.nullable().openapi({ description: 'The failing rule it helps against' }),
			}),
		)
		.readonly()
		.openapi({ description: 'What can be done at the lane, by the driver or by whoever is signed in' }),
	facts: z.looseObject({}).openapi({ description: 'Everything the decision was made on' }),
};

export const decisionSchema = z
	.object({
		summary: decisionSummarySchema,
		...explainedDecision,
		vendId: z.string().nullable().openapi({ description: 'The one opening a grant asks for' }),
		journalledLate: z.boolean(),
		sequel: z.array(z.object({ seq: z.int(), entry: z.looseObject({ type: z.string(), at: time }) })).readonly(),
	})
	.openapi('Decision');

export const checkedDecisionSchema = z
	.object({ at: time, laneId: id, holderName: z.string().nullable(), ...explainedDecision })
	.openapi('CheckedDecision');

const outcome = z.object({ outcome: z.enum(['granted', 'refused']), headline: reasonSchema.nullable() });

export const replayReportSchema = z
	.object({
		decisions: z.int().openapi({ description: 'Decided again' }),
		identical: z.int(),
		redacted: z.int().openapi({ description: 'Their facts were erased' }),
		changed: z.int(),
		earlierRules: z.int().openapi({
			description: 'Made by the rules of an earlier version of the program: only their outcome is compared',
		}),
		complete: z.boolean().openapi({ description: 'false: older ones were left out; ask for less time' }),
		changes: z
			.array(
				z.object({
					decisionId: z.string(),
					at: time,
					laneId: id,
					subject: z.string().openapi({ description: 'Plate or card as read: untrusted text' }),
					before: outcome,
					after: outcome,
					because: z.array(reasonSchema).readonly().openapi({ description: 'Rules with another verdict' }),
					earlierRules: z.boolean(),
				}),
			)
			.readonly()
			.openapi({ description: 'Newest first; the first 500' }),
	})
	.openapi('ReplayReport');
