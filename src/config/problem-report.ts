import { LIMITS } from '../gateway/core/limits.ts';
import { type ConfigPath, type ConfigProblem, describeValue, formatPath, type Place } from './problem.ts';

/** Gathers everything wrong with one configuration, each at its place in the text. */
export interface ProblemReport {
	error(path: ConfigPath, problem: Wrong): void;
	warning(path: ConfigPath, problem: Wrong): void;
	/** At the key instead of its value, for keys that should not be there. */
	unknownKey(path: ConfigPath, problem: Wrong): void;
	/** A problem that knows its own place. */
	add(problem: ConfigProblem): void;
	/** The value as it may be shown: secrets and what looks like one never are. */
	show(path: ConfigPath, value: unknown): string;
	/** The value came from a credential file. */
	isSecret(path: ConfigPath): boolean;
	/** By place; at most LIMITS.configProblems. */
	list(): readonly ConfigProblem[];
	hasErrors(): boolean;
}

interface Wrong {
	readonly found: string;
	readonly expected: string;
	readonly fix: string;
}

interface Places {
	locate(path: ConfigPath): Place;
	locateKey(path: ConfigPath): Place;
	isSecret(path: ConfigPath): boolean;
}

export function createProblemReport(places: Places): ProblemReport {
	const problems: ConfigProblem[] = [];
	const add = (severity: ConfigProblem['severity'], locate: Places['locate'], at: ConfigPath, wrong: Wrong) => {
		// Enough is wrong: each further one is sought among the others and in the text.
		if (problems.length >= LIMITS.configProblems && severity === 'error' && hasErrors()) return;
		const { file, line, column } = locate(at);
		const path = formatPath(at);
		// The first complaint about a value says enough: an unread secret also has the wrong length.
		if (problems.some((other) => other.path === path && other.severity === 'error' && other.file === file)) return;
		problems.push({ severity, file, line, column, path, ...wrong });
	};
	const hasErrors = () => problems.some((problem) => problem.severity === 'error');
	return {
		error: (path, wrong) => add('error', places.locate, path, wrong),
		warning: (path, wrong) => add('warning', places.locate, path, wrong),
		unknownKey: (path, wrong) => add('error', places.locateKey, path, wrong),
		add: (problem) => problems.push(problem),
		show(path, value) {
			const plain = typeof value === 'string' || typeof value === 'number';
			const hidden = places.isSecret(path) || isSecretSetting(path) || /:\/\/[^/]*@/.test(String(value));
			if (plain && hidden) return 'a value that is not shown';
			return describeValue(value);
		},
		isSecret: (path) => places.isSecret(path),
		list() {
			return problems
				.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
				.slice(0, LIMITS.configProblems);
		},
		hasErrors,
	};
}

/** Settings whose value is secret, whoever declared them, told by their name. Keys below `licence:` are public. */
export function isSecretSetting(path: ConfigPath): boolean {
	const name = path.at(-1);
	if (path[0] === 'licence' || typeof name !== 'string') return false;
	return /(?:^|[a-z-])(?:key|password|passphrase|secret|token|pin)$/i.test(name);
}
