import type { z } from 'zod';
import { describeValue, formatPath } from './problem.ts';
import { expectation, valueAt } from './zod-problems.ts';

/** What is wrong with the settings of a device given by `--set`: one line each, with what to write. */
export function settingProblems(issues: readonly z.core.$ZodIssue[], driver: string, given: object): string {
	return issues
		.flatMap((issue) => {
			const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
			if (issue.code === 'unrecognized_keys') {
				return issue.keys.map((key) => `--set ${formatPath([...path, key])}=…: ${driver} has no such setting`);
			}
			const value = valueAt(given, path);
			const found = value === undefined ? 'nothing' : describeValue(value);
			return [`--set ${formatPath(path)}=…: found ${found}, expected ${expectation(issue)}`];
		})
		.join('\n');
}
