import { nearestName } from '../gateway/core/nearest-name.ts';
import { fileDescribedBy, type JsonSchema, keysAt, schemasAt } from './json-schema.ts';
import { type ConfigPath, type ConfigProblem, formatPath, type Place } from './problem.ts';
import { isSecretSetting } from './problem-report.ts';
import { parseSecretReference } from './secrets.ts';
import { readYaml } from './yaml-source.ts';
import { valueAt } from './zod-problems.ts';

/** Variables of that prefix which set something else than the configuration. */
const NOT_SETTINGS: readonly string[] = ['PARKGATE_CONFIG'];
const PREFIX = 'PARKGATE_';

export interface AppliedEnvironment {
	/** The document with the overrides in; the given one is left alone. */
	readonly value: unknown;
	/** The variable that set this value or a section around it. */
	placeOf(path: ConfigPath): Place | undefined;
	readonly problems: readonly ConfigProblem[];
}

/**
 * `PARKGATE_HTTP__LISTEN=…` sets `http.listen`: two underscores go one level down, case and single
 * underscores do not matter, entries of lists are named by their id or position
 * (`PARKGATE_DEVICES__READER_1__PORT`).
 */
export function applyEnvironment(
	document: unknown,
	environment: Readonly<Record<string, string | undefined>>,
	schema: JsonSchema,
): AppliedEnvironment {
	const value = structuredClone(document);
	const places = new Map<string, Place>();
	const problems: ConfigProblem[] = [];
	for (const name of Object.keys(environment).sort()) {
		const text = environment[name];
		if (!name.startsWith(PREFIX) || NOT_SETTINGS.includes(name) || text === undefined) continue;
		const place: Place = { file: `environment ${name}`, line: null, column: null };
		const problem = applyOne(value, name, text, schema, (path) => places.set(formatPath(path), place));
		if (problem !== undefined) problems.push({ severity: 'error', ...place, ...problem });
	}
	return {
		value,
		problems,
		placeOf(path) {
			for (let length = path.length; length > 0; length--) {
				const place = places.get(formatPath(path.slice(0, length)));
				if (place !== undefined) return place;
			}
			return undefined;
		},
	};
}

type Wrong = Pick<ConfigProblem, 'path' | 'found' | 'expected' | 'fix'>;

function applyOne(
	value: unknown,
	name: string,
	text: string,
	schema: JsonSchema,
	onSet: (path: ConfigPath) => void,
): Wrong | undefined {
	const target = resolvePath(name.slice(PREFIX.length).split('__'), value, schema);
	if ('candidates' in target) return unknownVariable(name, target, schema);
	const { path } = target;
	if (isSecretSetting(path) && parseSecretReference(text) === undefined && !isFileName(path, text))
		return {
			path: formatPath(path),
			found: 'a secret in the environment, where other programs can read it',
			expected: `\${credential:NAME}`,
			fix: 'Put the secret into a credential file and name it here',
		};
	setAt(value, path, parseValue(text, schemasAt(schema, path, value)));
	onSet(path);
	return undefined;
}

/** Text stays text where text is wanted (`PARKGATE_SITE__NAME=42`); elsewhere it is read as YAML. */
function parseValue(text: string, schemas: readonly JsonSchema[]): unknown {
	if (schemas.every((schema) => schema.type === 'string')) return text;
	const { value, problems } = readYaml(text, '');
	return problems.length > 0 ? text : value;
}

type Target = { path: ConfigPath } | { done: ConfigPath; segment: string; candidates: readonly string[] };

function resolvePath(segments: readonly string[], value: unknown, schema: JsonSchema): Target {
	const path: (string | number)[] = [];
	for (const segment of segments) {
		const current = valueAt(value, path);
		const isList = schemasAt(schema, path, value).some((candidate) => candidate.items !== undefined);
		const part = isList ? entryNamed(segment, current) : undefined;
		const keys = isList
			? idsOf(current)
			: [...new Set([...keysAt(schema, path, value), ...Object.keys(Object(current))])];
		const found = part ?? (isList ? undefined : keys.find((key) => plain(key) === plain(segment)));
		if (found === undefined) return { done: path, segment, candidates: keys };
		path.push(found);
	}
	return { path };
}

function entryNamed(segment: string, list: unknown): number | undefined {
	const byId = idsOf(list).findIndex((id) => plain(id) === plain(segment));
	if (byId >= 0) return byId;
	const position = /^\d{1,3}$/.test(segment) ? Number(segment) : Number.NaN;
	return Array.isArray(list) && position < list.length ? position : undefined;
}

function idsOf(list: unknown): string[] {
	return Array.isArray(list) ? list.map((entry) => String(valueAt(entry, ['id']) ?? '')) : [];
}

function unknownVariable(
	name: string,
	target: { done: ConfigPath; segment: string; candidates: readonly string[] },
	schema: JsonSchema,
): Wrong {
	const near = nearestName(target.segment, target.candidates);
	const section = formatPath(target.done);
	return {
		path: section,
		found: `the variable ${name}, which names no setting`,
		expected: `${section === '' ? `a section of ${fileDescribedBy(schema)}` : `a setting of ${section}`}: ${target.candidates.join(', ')}`,
		fix: near === undefined ? `Unset ${name}` : `Write ${variableFor([...target.done, near])}`,
	};
}

function variableFor(path: ConfigPath): string {
	const segments = path.map((part) =>
		String(part)
			.replaceAll(/([a-z])([A-Z])/g, '$1_$2')
			.replaceAll('-', '_')
			.toUpperCase(),
	);
	return PREFIX + segments.join('__');
}

/** Sections that are not there are made. */
export function setAt(root: unknown, path: ConfigPath, value: unknown): void {
	let container: unknown = root;
	path.forEach((part, index) => {
		if (typeof container !== 'object' || container === null) return;
		if (index === path.length - 1) {
			Reflect.set(container, part, value);
			return;
		}
		const next: unknown = Reflect.get(container, part);
		if (typeof next !== 'object' || next === null) Reflect.set(container, part, {});
		container = Reflect.get(container, part);
	});
}

/** `http.tls.key` and `mqtt.clientKey` may name a file, which is no secret. */
function isFileName(path: ConfigPath, text: string): boolean {
	return path[0] !== 'devices' && path.at(-1) !== 'password' && !text.includes('-----BEGIN');
}

function plain(name: string): string {
	return name.toLowerCase().replaceAll(/[_-]/g, '');
}
