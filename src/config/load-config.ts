import { readFileSync } from 'node:fs';
import { createSecretReader, readPemFile } from './credential-files.ts';
import type { DriverSchemas } from './json-schema.ts';
import { type ConfigInput, type ParsedConfig, parseConfig } from './parse-config.ts';

const FIXES: Readonly<Record<string, string>> = {
	ENOENT: 'Check the name',
	EISDIR: 'Name the file in this directory',
};

type Secrets = Pick<ConfigInput, 'readSecret' | 'readPem'>;

/** Of a valid one also its text. */
export type LoadedConfig =
	| ((ParsedConfig & { readonly result: 'valid' }) & { readonly text: string })
	| (ParsedConfig & { readonly result: 'invalid' });

/** Credentials and key files of this machine, as this file names them. */
export function secretsOf(file: string, env: Readonly<Record<string, string | undefined>>): Secrets {
	return { readSecret: createSecretReader(file, env['CREDENTIALS_DIRECTORY']), readPem: readPemFile };
}

/** Reads and parses one configuration file; a file that is not there is a problem like any other. */
export function loadConfig(options: {
	readonly file: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly driverSchemas: DriverSchemas;
	/** Where secrets and key files come from; absent: credentials and files of this machine. */
	readonly secrets?: Secrets;
}): LoadedConfig {
	const { file, env, driverSchemas } = options;
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
		const found = code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code})`;
		const fix = FIXES[code] ?? 'Check that this user may read it';
		const problem = { file, line: null, column: null, path: '', found, expected: 'a configuration file', fix };
		return { result: 'invalid', problems: [{ severity: 'error', ...problem }] };
	}
	const parsed = parseConfig({ text, file, env, driverSchemas, ...(options.secrets ?? secretsOf(file, env)) });
	return parsed.result === 'valid' ? { ...parsed, text } : parsed;
}
