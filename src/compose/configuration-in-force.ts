import path from 'node:path';
import { configChanges } from '../config/config-changes.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { maskSecrets } from '../config/mask-secrets.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import type { FixedSettings } from '../config/proposal-rules.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { CheckedConfiguration, ConfigurationProblem } from '../gateway/core/configuration/configuration-change.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { Log } from '../gateway/core/log.ts';
import {
	createSiteConfiguration,
	type SiteConfiguration,
} from '../gateway/services/configuration/site-configuration.ts';
import { createConfigurationFiles } from '../gateway/store/configuration-files.ts';
import { parseConfigInPlaceOf } from './configuration.ts';
import { parseConfigBeside } from './parse-config-beside.ts';

/** gateway.yaml as it was read last, valid. */
export type ConfigFile = LoadedConfig & { readonly result: 'valid' };

/** Parsing takes some 1.5 ms for each 1,000 characters. */
const PARSED_AT_ONCE = 4_096;

/** What a gateway is started with. */
export interface ChosenConfig {
	readonly config: GatewayConfig;
	/** null: gateway.yaml. */
	readonly version: string | null;
	readonly configuration: SiteConfiguration;
}

/** Which configuration the process runs, over all starts of its gateway. */
export interface ConfigurationInForce {
	/** With the file as it is now. The store's lock is held, or the store can't be written at all. */
	choose(file: ConfigFile): ChosenConfig;
	/** What to run has changed since this was chosen. */
	isStale(chosen: ChosenConfig): boolean;
	stop(): void;
}

export function createConfigurationInForce(deps: {
	readonly configFile: string;
	readonly clock: Clock;
	readonly log: Log;
	readonly startAnew: () => void;
}): ConfigurationInForce {
	const { configFile, clock, log, startAnew } = deps;
	let opened: { readonly dir: string; readonly configuration: SiteConfiguration } | undefined;
	let present: ConfigFile | undefined;
	let running: GatewayConfig | undefined;
	/** Parsed beside the lanes, for the check that follows. */
	let prepared:
		| { readonly text: string; readonly present: FixedSettings | undefined; readonly parsed: ParsedConfig }
		| undefined;

	function open(dir: string): SiteConfiguration {
		if (opened?.dir === dir) return opened.configuration;
		opened?.configuration.stop();
		const files = createConfigurationFiles(dir);
		const configuration = createSiteConfiguration({
			...{ files, clock, log, check, prepare, startAnew },
			mask: maskSecrets,
		});
		opened = { dir, configuration };
		return configuration;
	}

	/** The machine's own file may say everything. */
	function fixedFor(text: string): FixedSettings | undefined {
		return present === undefined || text === present.text ? undefined : present.fixed;
	}

	async function prepare(text: string): Promise<void> {
		if (text.length <= PARSED_AT_ONCE) return;
		const fixed = fixedFor(text);
		try {
			prepared = { text, present: fixed, parsed: await parseConfigBeside({ file: configFile, text, present: fixed }) };
		} catch (error) {
			log.warn({ err: error }, 'a configuration is parsed where the lanes are');
		}
	}

	function parse(text: string): ParsedConfig {
		const fixed = fixedFor(text);
		const found = prepared;
		// Once: credentials may be others the next time.
		prepared = undefined;
		if (found?.text === text && found.present === fixed) return found.parsed;
		return parseConfigInPlaceOf(configFile, text, fixed === undefined ? {} : { present: fixed });
	}

	function check(text: string): CheckedConfiguration {
		const parsed = parse(text);
		if (parsed.result === 'invalid') return { result: 'invalid', problems: parsed.problems.map(shown) };
		const changes = running === undefined ? [] : configChanges(running, parsed.config);
		return { result: 'valid', changes, warnings: parsed.warnings.map(shown) };
	}

	/** The text is none of the file's, but stands for it. */
	function shown(problem: ConfigProblem): ConfigurationProblem {
		const { severity, line, column, path: at, file, fix } = problem;
		const named = { ...problem, file: file === configFile ? path.basename(configFile) : file };
		return { severity, line, column, path: at, text: formatProblem(named), fix };
	}

	function parsed(configuration: SiteConfiguration, version: string): GatewayConfig {
		const found = parseConfigInPlaceOf(configFile, configuration.text(version));
		if (found.result === 'valid') return found.config;
		throw new GatewayError('CONFIG_INVALID', found.problems.map(formatProblem).join('\n'));
	}

	return {
		choose(file) {
			present = file;
			const configuration = open(file.config.store.dir);
			configuration.fileIs(file.text);
			for (;;) {
				const version = configuration.target();
				const isOnTrial = configuration.view().trial !== null;
				try {
					const config = version === null ? file.config : parsed(configuration, version);
					configuration.notRun(null);
					running = config;
					if (version !== null) log.info({ version }, 'a version runs that was applied in the place of gateway.yaml');
					return { config, version, configuration };
				} catch (error) {
					if (!(error instanceof GatewayError)) throw error;
					if (isOnTrial) {
						configuration.startFailed(error.message);
						continue;
					}
					log.error({ err: error, version }, 'the version in force can not be run; gateway.yaml is');
					configuration.notRun(error.message);
					running = file.config;
					return { config: file.config, version: null, configuration };
				}
			}
		},
		isStale: ({ configuration, version }) =>
			configuration.view().problem === null && configuration.target() !== version,
		stop: () => opened?.configuration.stop(),
	};
}
