import { escapeHidden } from '../gateway/core/hidden-text.ts';

/** One thing wrong (or doubtful: `warning`) in the configuration. Never holds a secret's value. */
export interface ConfigProblem {
	readonly severity: 'error' | 'warning';
	/** As it was given, or `environment NAME`. */
	readonly file: string;
	/** From 1; null where there is no text to point at. */
	readonly line: number | null;
	readonly column: number | null;
	/** Such as `devices[0].port`; empty: the whole document. */
	readonly path: string;
	readonly found: string;
	readonly expected: string;
	/** What to do about it, in words. */
	readonly fix: string;
}

export type ConfigPath = readonly (string | number)[];

/** Where something stands. */
export interface Place {
	readonly file: string;
	readonly line: number | null;
	readonly column: number | null;
}

/** `gateway.yaml:12:5: devices[0].driver: found "osdq", expected one of osdp, modbus-relay. Write osdp.` */
export function formatProblem(problem: ConfigProblem): string {
	const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
	const path = problem.path === '' ? '' : `${problem.path}: `;
	const severity = problem.severity === 'warning' ? 'warning: ' : '';
	return `${place}: ${severity}${path}found ${problem.found}, expected ${problem.expected}. ${problem.fix}.`;
}

/** `['devices', 0, 'port']` as people write it: `devices[0].port`. */
export function formatPath(path: ConfigPath): string {
	return path.reduce<string>((text, part) => {
		if (typeof part === 'number') return `${text}[${part}]`;
		return text === '' ? part : `${text}.${part}`;
	}, '');
}

const LONGEST_SHOWN = 60;

/** A value as a person can recognise it: short, on one line, control characters escaped. */
export function describeValue(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'an empty value';
	if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
	if (typeof value === 'object') return 'a section';
	// JSON knows neither .nan nor .inf.
	const text = typeof value === 'number' ? String(value) : escapeHidden(JSON.stringify(value) ?? String(value));
	return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
