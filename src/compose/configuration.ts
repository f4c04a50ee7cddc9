import process from 'node:process';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { DriverSchemas } from '../config/json-schema.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ParsedConfig, parseConfig } from '../config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** One file with this process's environment and the drivers' schemas. */
export function readConfig(file: string): ParsedConfig {
	return loadConfig({ file, env: process.env, driverSchemas: driverSchemas() });
}

/** The text of a configuration that is only thought about: stand-ins take the place of its secrets and key files, so that none is looked for. */
export function parseProposedConfig(text: string, file: string): ParsedConfig {
	return parseConfig({
		...{ text, file, env: process.env, driverSchemas: driverSchemas() },
		readSecret: (_name, at) => ({ result: 'read', text: at[0] === 'devices' ? STAND_IN_KEY : STAND_IN_PEM }),
		readPem: () => ({ result: 'read', text: STAND_IN_PEM }),
	});
}

/** Of the length that readers' keys have. */
const STAND_IN_KEY = '0'.repeat(32);
const STAND_IN_PEM = '-----BEGIN STAND-IN-----';

function driverSchemas(): DriverSchemas {
	return new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));
}

/** Throws CONFIG_INVALID with every problem on a line of its own. */
export function requireConfig(file: string): {
	readonly config: GatewayConfig;
	readonly warnings: readonly ConfigProblem[];
} {
	const parsed = readConfig(file);
	if (parsed.result === 'valid') return parsed;
	throw new GatewayError('CONFIG_INVALID', parsed.problems.map(formatProblem).join('\n'));
}
