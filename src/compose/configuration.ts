import process from 'node:process';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { DriverSchemas } from '../config/json-schema.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ConfigInput, type ParsedConfig, parseConfig } from '../config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** One file with this process's environment and the drivers' schemas. */
export function readConfig(file: string): ParsedConfig {
	return loadConfig({ file, env: process.env, driverSchemas: driverSchemas() });
}

/** The text of a configuration that is only thought about. */
export function parseProposedConfig(text: string, file: string): ParsedConfig {
	return parseConfig({ text, file, env: process.env, driverSchemas: driverSchemas(), ...STAND_INS });
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

/** Throws CONFIG_INVALID with every problem on a line of its own. */
export function requireConfig(file: string): {
	readonly config: GatewayConfig;
	readonly warnings: readonly ConfigProblem[];
} {
	return requireValid(readConfig(file));
}

/** For commands that use no secret: stand-ins take their place. Throws CONFIG_INVALID. */
export function requireConfigWithoutSecrets(file: string): GatewayConfig {
	const parsed = loadConfig({ file, env: process.env, driverSchemas: driverSchemas(), secrets: STAND_INS });
	return requireValid(parsed).config;
}

function requireValid(parsed: ParsedConfig): ParsedConfig & { readonly result: 'valid' } {
	if (parsed.result === 'valid') return parsed;
	throw new GatewayError('CONFIG_INVALID', parsed.problems.map(formatProblem).join('\n'));
}
