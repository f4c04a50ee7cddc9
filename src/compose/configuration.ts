import process from 'node:process';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { DriverSchemas } from '../config/json-schema.ts';
import { type LoadedConfig, loadConfig, secretsOf } from '../config/load-config.ts';
import { type ConfigInput, type ParsedConfig, parseConfig } from '../config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { versionInForce } from '../gateway/core/configuration/configuration-state.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { configurationVersion, createConfigurationFiles } from '../gateway/store/configuration-files.ts';

/** One file with this process's environment and the drivers' schemas. */
export function readConfig(file: string): LoadedConfig {
	return loadConfig({ file, env: process.env, driverSchemas: driverSchemas() });
}

/** A text in the place of that file: names, credentials and key files as there. */
export function parseConfigInPlaceOf(
	file: string,
	text: string,
	options: Pick<ConfigInput, 'present'> & { readonly secrets?: Pick<ConfigInput, 'readSecret' | 'readPem'> } = {},
): ParsedConfig {
	const { secrets = secretsOf(file, process.env), ...others } = options;
	return parseConfig({ text, file, env: process.env, driverSchemas: driverSchemas(), ...secrets, ...others });
}

/** The text of a configuration that is only thought about. */
export function parseProposedConfig(text: string, file: string): ParsedConfig {
	return parseConfigInPlaceOf(file, text, { secrets: STAND_INS });
}

/** Of the length that readers' keys have. */
const STAND_IN_KEY = '0'.repeat(32);
const STAND_IN_PEM = '-----BEGIN STAND-IN-----';

/** In the place of secrets and key files where nobody uses them: none is looked for, and whoever may not read them may ask all the same. */
const STAND_INS: Pick<ConfigInput, 'readSecret' | 'readPem'> = {
	readSecret: (_name, at) => ({ result: 'read', text: at[0] === 'devices' ? STAND_IN_KEY : STAND_IN_PEM }),
	readPem: () => ({ result: 'read', text: STAND_IN_PEM }),
};

function driverSchemas(): DriverSchemas {
	return new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));
}

/** What a gateway with this file runs: the file, or the version that was applied in its place. Throws CONFIG_INVALID with every problem on a line of its own. */
export function requireConfig(file: string): {
	readonly config: GatewayConfig;
	readonly warnings: readonly ConfigProblem[];
} {
	return inForce(file, requireValid(readConfig(file)));
}

/** For commands that use no secret: stand-ins take their place. Throws CONFIG_INVALID. */
export function requireConfigWithoutSecrets(file: string): GatewayConfig {
	return inForce(file, requireFileWithoutSecrets(file), STAND_INS).config;
}

/** This file and no other. Throws CONFIG_INVALID. */
export function requireFileWithoutSecrets(file: string): LoadedConfig & { readonly result: 'valid' } {
	return requireValid(loadConfig({ file, env: process.env, driverSchemas: driverSchemas(), secrets: STAND_INS }));
}

/** What a gateway with this file runs. `version`: null: the file itself. */
export function readConfigInForce(
	file: string,
):
	| (ParsedConfig & { readonly result: 'valid'; readonly version: string | null })
	| (ParsedConfig & { result: 'invalid' }) {
	const loaded = readConfig(file);
	return loaded.result === 'valid' ? inForce(file, loaded) : loaded;
}

/** As the running gateway chooses: what can't be read or is not valid any more does not count. */
function inForce(
	file: string,
	loaded: LoadedConfig & { readonly result: 'valid' },
	secrets = secretsOf(file, process.env),
): ParsedConfig & { readonly result: 'valid'; readonly version: string | null } {
	const theFile = { ...loaded, version: null };
	const files = createConfigurationFiles(loaded.config.store.dir);
	try {
		const version = versionInForce(files.read(), configurationVersion(loaded.text));
		if (version === null) return theFile;
		const parsed = parseConfigInPlaceOf(file, files.text(version), { secrets });
		return parsed.result === 'valid' ? { ...parsed, version } : theFile;
	} catch (error) {
		if (error instanceof GatewayError) return theFile;
		throw error;
	}
}

export function requireValid<Parsed extends ParsedConfig>(parsed: Parsed): Parsed & { readonly result: 'valid' } {
	if (isValid(parsed)) return parsed;
	const problems = parsed.result === 'invalid' ? parsed.problems : [];
	throw new GatewayError('CONFIG_INVALID', problems.map(formatProblem).join('\n'));
}

function isValid<Parsed extends ParsedConfig>(parsed: Parsed): parsed is Parsed & { readonly result: 'valid' } {
	return parsed.result === 'valid';
}
