import process from 'node:process';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** One file with this process's environment and the drivers' schemas. */
export function readConfig(file: string): ParsedConfig {
	const driverSchemas = new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));
	return loadConfig({ file, env: process.env, driverSchemas });
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
