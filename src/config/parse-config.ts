import path from 'node:path';
import { LIMITS } from '../gateway/core/limits.ts';
import { DEFAULT_RETENTION, type RetentionSettings } from '../gateway/core/retention.ts';
import type { ForgottenExits, StaleAfter } from '../gateway/core/site.ts';
import { areaIdsOf, areasOf } from './area-checks.ts';
import { isLoopback } from './config-scalars.ts';
import { checkDevices, parseDevices } from './device-checks.ts';
import { applyEnvironment } from './environment.ts';
import { type ConfigFile, fileSchema } from './file-schema.ts';
import type { ConfiguredDevice, GatewayConfig } from './gateway-config.ts';
import { given } from './given.ts';
import { type DriverSchemas, gatewayJsonSchema, type JsonSchema } from './json-schema.ts';
import { lanesOf } from './lane-checks.ts';
import { networkOf } from './network-config.ts';
import { type ConfigPath, type ConfigProblem, formatPath } from './problem.ts';
import { createProblemReport, isSecretSetting, type ProblemReport } from './problem-report.ts';
import { checkFixedSettings, checkTravellingSecrets, type FixedSettings, fixedSettingsOf } from './proposal-rules.ts';
import { type FileAnswer, parseSecretReference, type ReadSecret, resolveSecrets } from './secrets.ts';
import { readYaml } from './yaml-source.ts';
import { reportIssues } from './zod-problems.ts';

export interface ConfigInput {
	readonly text: string;
	/** Shown in problems; relative names in the text start at its directory. */
	readonly file: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly driverSchemas: DriverSchemas;
	readonly readSecret: ReadSecret;
	/** Reads a PEM file, a private key only when nobody else can. */
	readonly readPem: (file: string, options: { ownerOnly: boolean }) => FileAnswer;
	/** The text comes from elsewhere: what it has to leave as it is, and secrets in it are mistakes. */
	readonly present?: FixedSettings;
}

/** `problems` holds at least one error, and the warnings beside it. */
export type ParsedConfig =
	| {
			readonly result: 'valid';
			readonly config: GatewayConfig;
			readonly warnings: readonly ConfigProblem[];
			readonly fixed: FixedSettings;
	  }
	| { readonly result: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** The one way from the text of `gateway.yaml` to a typed configuration; finds all problems it can in one go. */
export function parseConfig(input: ConfigInput): ParsedConfig {
	if (Buffer.byteLength(input.text) > LIMITS.configBytes) return tooLarge(input.file);
	const source = readYaml(input.text, input.file);
	if (source.problems.length > 0) return { result: 'invalid', problems: source.problems };
	const schema = gatewayJsonSchema(input.driverSchemas);
	const environment = applyEnvironment(source.value ?? {}, input.env, schema);
	let secrets: ReadonlyMap<string, string> = new Map();
	const report = createProblemReport({
		locate: (at) => environment.placeOf(at) ?? source.locate(at),
		locateKey: (at) => environment.placeOf(at) ?? source.locateKey(at),
		isSecret: (at) => secrets.has(formatPath(at)),
	});
	for (const problem of environment.problems) report.add(problem);
	const value = environment.value;
	const { present } = input;
	reportPlainSecrets(value, present === undefined ? report.warning : report.error);
	const fixed = fixedSettingsOf(value, input.file);
	if (present !== undefined) {
		checkFixedSettings(value, fixed, present, report);
		checkTravellingSecrets(value, report);
	}
	secrets = resolveSecrets(value, input.readSecret, report);
	const credentialAt = (at: ConfigPath) => secrets.get(formatPath(at));
	const config = checkAll({ value, schema }, { ...input, credentialAt }, report);
	const problems = report.list();
	if (config === undefined || report.hasErrors()) return { result: 'invalid', problems };
	return { result: 'valid', config, warnings: problems, fixed };
}

function checkAll(
	root: { readonly value: unknown; readonly schema: JsonSchema },
	input: ConfigInput & { readonly credentialAt: (at: ConfigPath) => string | undefined },
	report: ProblemReport,
): GatewayConfig | undefined {
	const parsed = fileSchema.safeParse(root.value);
	if (!parsed.success) reportIssues(report, parsed.error.issues, root);
	const sections = parsed.success ? parsed.data : readableSections(root.value);
	const devices = parseDevices(sections.devices ?? [], input.driverSchemas, root, report);
	checkDevices(sections.devices ?? [], devices, report);
	const { parks, areas } = areasOf(sections.parks ?? [], report);
	const byId = new Map(sections.devices?.map((entry, index) => [entry.id, devices[index]]));
	const lanes =
		sections.parks === undefined || sections.devices === undefined
			? []
			: lanesOf(sections.lanes ?? [], areaIdsOf(sections.parks), byId, report);
	if (!parsed.success) return undefined;
	const file = parsed.data;
	const network = networkOf(file, input, report);
	checkSimulation(file, devices, report);
	return {
		site: {
			...file.site,
			parks,
			areas,
			lanes,
			staleAfterMs: staleAfterMs(file.staleAfterHours),
			forgottenExits: forgottenExitsOf(file),
		},
		store: { dir: path.resolve(path.dirname(input.file), file.store.dir) },
		retention: retentionOf(file),
		evidence: file.evidence,
		...network,
		devices: devices.filter((device) => device !== undefined),
		...(file.simulation && { simulation: file.simulation }),
		log: file.log,
	};
}

function forgottenExitsOf({ forgottenExits }: ConfigFile): ForgottenExits {
	const { autoCloseHours, freesPlace } = forgottenExits;
	return {
		autoCloseAfterMs: autoCloseHours === undefined ? null : autoCloseHours * 3_600_000,
		autoCloseFreesPlace: freesPlace,
	};
}

function retentionOf({ retention: { at, ...days } }: ConfigFile): RetentionSettings {
	const [hour, minute] = at?.split(':').map(Number) ?? [];
	const { atMinute } = DEFAULT_RETENTION;
	return {
		...DEFAULT_RETENTION,
		...given(days),
		atMinute: hour === undefined || minute === undefined ? atMinute : hour * 60 + minute,
	};
}

function staleAfterMs(hours: ConfigFile['staleAfterHours']): StaleAfter {
	return Object.fromEntries(Object.entries(given(hours)).map(([kind, age]) => [kind, age * 3_600_000]));
}

/** Of a file with mistakes: the sections that are sound by themselves, so that all problems come at once. */
function readableSections(value: unknown): { [Name in 'parks' | 'devices' | 'lanes']: ConfigFile[Name] | undefined } {
	const { parks, devices, lanes } = fileSchema.shape;
	const sections = Object(value);
	return {
		parks: parks.safeParse(sections.parks).data,
		devices: devices.safeParse(sections.devices).data,
		lanes: lanes.safeParse(sections.lanes).data,
	};
}

/** Made-up vehicles must never move a real barrier. */
function checkSimulation(
	file: ConfigFile,
	devices: readonly (ConfiguredDevice | undefined)[],
	report: ProblemReport,
): void {
	const real = devices.find((device) => device?.port !== undefined && !device.port.startsWith('sim:'));
	if (file.simulation === undefined || real === undefined) return;
	report.error(['simulation'], {
		found: `made-up vehicles beside ${real.id} on the real port ${real.port}`,
		expected: 'only simulated ports (port: sim:NAME)',
		fix: 'Remove the section simulation',
	});
}

type Report = ProblemReport['error'];

/** A secret in the file is readable by everyone who may read the file, and ends up in its copies. */
function reportPlainSecrets(value: unknown, report: Report): void {
	const { mqtt, mail, devices } = Object(value) as { mqtt?: unknown; mail?: unknown; devices?: unknown };
	const password: unknown = Object(mqtt).password;
	const url = URL.parse(String(Object(mqtt).url ?? ''));
	if (typeof password === 'string' && parseSecretReference(password) === undefined && !isLoopback(url?.hostname ?? ''))
		reportPlainSecret(['mqtt', 'password'], report);
	reportPlainSecretsIn(mail, ['mail'], report);
	if (!Array.isArray(devices)) return;
	devices.forEach((device: unknown, index) => {
		if (String(Object(device).port ?? '').startsWith('sim:')) return;
		reportPlainSecretsIn(device, ['devices', index], report);
	});
}

function reportPlainSecretsIn(section: unknown, at: ConfigPath, report: Report): void {
	for (const [name, setting] of Object.entries(Object(section))) {
		const path = [...at, name];
		if (typeof setting === 'object') reportPlainSecretsIn(setting, path, report);
		else if (isSecretSetting(path) && typeof setting === 'string' && !setting.startsWith('${'))
			reportPlainSecret(path, report);
	}
}

function reportPlainSecret(at: ConfigPath, report: Report): void {
	report(at, {
		found: 'a secret written into the file',
		expected: `\${credential:NAME}`,
		fix: 'Move it into a credential file (docs/operations.md, Credentials)',
	});
}

function tooLarge(file: string): ParsedConfig {
	const problem: ConfigProblem = {
		severity: 'error',
		file,
		line: null,
		column: null,
		path: '',
		found: `more than ${LIMITS.configBytes} bytes`,
		expected: 'a configuration file',
		fix: 'Check the name of the file',
	};
	return { result: 'invalid', problems: [problem] };
}
