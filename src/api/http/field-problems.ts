import type { z } from '@hono/zod-openapi';
import { issueWords } from '../../gateway/core/issue-words.ts';
import type { FieldProblem } from './problem.ts';

/** Zod's issues as a sender can use them: which field, what is wrong, what to send instead. */
export function fieldProblems(error: z.ZodError, place: 'path' | 'query' | 'header' | 'body'): readonly FieldProblem[] {
	const told = issueWords(error.issues).slice(0, MOST_TOLD);
	return told.map(({ path, problem, mend }) => ({ path: [place, ...path.map(String)].join('.'), problem, mend }));
}

/** Of the fields of one request: an answer stays smaller than what was asked. */
const MOST_TOLD = 20;
