import { type ConfigPath, formatPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

/** What became of a secret or key file that the configuration names. */
export type FileAnswer =
	| { readonly result: 'read'; readonly text: string }
	| { readonly result: 'refused'; readonly found: string; readonly expected: string; readonly fix: string };

/** `at`: where the configuration wants it. */
export type ReadSecret = (name: string, at: ConfigPath) => FileAnswer;

const REFERENCE = /^\$\{credential:([A-Za-z0-9][A-Za-z0-9._-]{0,63})\}$/;

/** `name` of `${credential:name}`; undefined for any other text. */
export function parseSecretReference(text: string): string | undefined {
	return REFERENCE.exec(text)?.[1];
}

/**
 * Replaces every `${credential:name}` in `value` by the secret, in place.
 * @returns the formatted paths that now hold a secret, never to be shown, each with its credential's name
 */
export function resolveSecrets(value: unknown, readSecret: ReadSecret, report: ProblemReport): Map<string, string> {
	const resolved = new Map<string, string>();
	const visit = (container: object, path: ConfigPath) => {
		for (const [key, member] of Object.entries(container)) {
			const memberPath = [...path, Array.isArray(container) ? Number(key) : key];
			if (typeof member === 'object' && member !== null) visit(member, memberPath);
			if (typeof member !== 'string' || !member.includes('${')) continue;
			const secret = resolveOne(member, memberPath, readSecret, report);
			if (secret === undefined) continue;
			resolved.set(formatPath(memberPath), parseSecretReference(member) ?? '');
			Reflect.set(container, key, secret);
		}
	};
	if (typeof value === 'object' && value !== null) visit(value, []);
	return resolved;
}

function resolveOne(text: string, path: ConfigPath, readSecret: ReadSecret, report: ProblemReport): string | undefined {
	const name = parseSecretReference(text);
	if (name === undefined) {
		report.error(path, {
			found: text.startsWith('${credential:') ? 'a secret with no usable name' : `a \${…} inside other text`,
			expected: `\${credential:NAME} alone, with a NAME of letters, digits, dots and dashes`,
			fix: 'Put the whole value into one credential file',
		});
		return undefined;
	}
	if (!maySecretStandAt(path)) {
		report.error(path, {
			found: `the secret ${name}`,
			expected: 'a value that may be shown',
			fix: 'Write the value itself; secrets belong into mqtt, mail, licence, http.tls and settings of devices',
		});
		return undefined;
	}
	const answer = readSecret(name, path);
	if (answer.result === 'read') return answer.text;
	report.error(path, { found: answer.found, expected: answer.expected, fix: answer.fix });
	return undefined;
}

const SHOWN_DEVICE_FIELDS: readonly unknown[] = ['id', 'driver', 'port', 'path'];

/** What names or addresses things is shown on pages and in logs. */
function maySecretStandAt(path: ConfigPath): boolean {
	const [section, second, third] = path;
	if (section === 'devices') return !SHOWN_DEVICE_FIELDS.includes(third);
	if (section === 'mqtt') return second !== 'url';
	if (section === 'mail') return second === 'username' || second === 'password' || second === 'ca';
	return section === 'licence' || (section === 'http' && second === 'tls');
}
