import type { ProposedSite } from '../api/http/routes/decision-question-routes.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { parseProposedConfig } from './configuration.ts';

const FIELD = 'body.proposed';

/** The site of a `gateway.yaml` that came as text, for a replay under it. */
export function proposedSite(yaml: string): ProposedSite {
	const parsed = parseProposedConfig(yaml, FIELD);
	if (parsed.result === 'valid') return { result: 'valid', site: parsed.config.site };
	const errors = parsed.problems.filter(({ severity }) => severity === 'error');
	return { result: 'invalid', problems: errors.map(fieldProblem) };
}

/** `body.proposed:12:5: lanes[0].to` with what was found and the mend. */
function fieldProblem({ file, line, column, path, found, expected, fix }: ConfigProblem) {
	const place = [file, line, column].filter((part) => part !== null).join(':');
	return {
		path: path === '' ? place : `${place}: ${path}`,
		problem: `Found ${found}, expected ${expected}`,
		mend: `${fix}.`,
	};
}
