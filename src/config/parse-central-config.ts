import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { centralFileSchema } from './central-file-schema.ts';
import { isLoopback } from './config-scalars.ts';
import { createSecretReader, readPemFile } from './credential-files.ts';
import { applyEnvironment, setAt } from './environment.ts';
import type { HttpConfig, LogLevel, MqttConfig, SmtpConfig } from './gateway-config.ts';
import { centralJsonSchema } from './json-schema.ts';
import { smtpOf } from './mail-config.ts';
import { mqttOf, pemOf, tlsOf } from './network-config.ts';
import { type ConfigPath, type ConfigProblem, formatPath, formatProblem } from './problem.ts';
import { createProblemReport } from './problem-report.ts';
import { parseSecretReference, resolveSecrets } from './secrets.ts';
import { readYaml } from './yaml-source.ts';
import { reportIssues } from './zod-problems.ts';

/** Everything `central.yaml`, the environment and the command line say, checked, with secrets resolved. Never logged as a whole. */
export interface CentralConfig {
	readonly tenant: string;
	readonly name: string;
	/** IANA. */
	readonly timeZone: string;
	/** `dir` is absolute. */
	readonly store: { readonly dir: string };
	readonly http: HttpConfig;
	readonly mqtt: MqttConfig;
	/** Absent: it sends no mails of sites. */
	readonly mail?: SmtpConfig;
	readonly log: { readonly level: LogLevel };
}

/** One setting of the command line; it wins over the environment, and that over the file. */
export interface FlagSetting {
	/** As it is written, for problems: `--mqtt`. */
	readonly flag: string;
	readonly path: ConfigPath;
	readonly value: unknown;
}

/**
 * Reads the configuration of the reference central; everything may come from flags alone, then secrets lie in
 * `credentials/` of its store. Throws CONFIG_INVALID with every problem on a line of its own.
 */
export function requireCentralConfig(options: {
	readonly file: string | undefined;
	readonly flags: readonly FlagSetting[];
	readonly env: Readonly<Record<string, string | undefined>>;
	/** false: stand-ins take their place, for commands that use none. */
	readonly withSecrets?: boolean;
}): { readonly config: CentralConfig; readonly warnings: readonly ConfigProblem[] } {
	const { flags, env } = options;
	const file = options.file ?? path.join(storeOf(flags), 'central.yaml');
	const source = readYaml(options.file === undefined ? '' : readText(options.file), options.file ?? 'the command line');
	if (source.problems.length > 0) throw invalid(source.problems);
	const schema = centralJsonSchema();
	const environment = applyEnvironment(source.value ?? {}, env, schema);
	const { value } = environment;
	for (const flag of flags) setAt(value, flag.path, flag.value);
	const placeOf = (at: ConfigPath) => flagAt(flags, at) ?? environment.placeOf(at);
	let secrets: ReadonlyMap<string, string> = new Map();
	const report = createProblemReport({
		locate: (at) => placeOf(at) ?? source.locate(at),
		locateKey: (at) => placeOf(at) ?? source.locateKey(at),
		isSecret: (at) => secrets.has(formatPath(at)),
	});
	for (const problem of environment.problems) report.add(problem);
	warnOfPlainPassword(value, report.warning);
	const { readSecret, readPem } = options.withSecrets === false ? STAND_INS : secretsOf(file, env);
	secrets = resolveSecrets(value, readSecret, report);
	const parsed = centralFileSchema.safeParse(value);
	if (!parsed.success) {
		reportIssues(report, parsed.error.issues, { value, schema });
		throw invalid(report.list());
	}
	const reader = { file, readPem, credentialAt: (at: ConfigPath) => secrets.get(formatPath(at)) };
	const { tenant, name = tenant, store, http, mqtt, mail, log } = parsed.data;
	const config: CentralConfig = {
		...{ tenant, name, log },
		timeZone: parsed.data.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
		store: { dir: options.file === undefined ? path.resolve(store.dir) : path.resolve(path.dirname(file), store.dir) },
		http: { ...http.listen, tls: tlsOf({ http }, reader, report) },
		mqtt: mqttOf(mqtt, reader, report),
		...(mail && { mail: smtpOf(mail, (ca) => pemOf(ca, ['mail', 'ca'], reader, report), report) }),
	};
	if (report.hasErrors()) throw invalid(report.list());
	return { config, warnings: report.list() };
}

const STAND_IN = { result: 'read', text: '-----BEGIN STAND-IN-----' } as const;
const STAND_INS = { readSecret: () => STAND_IN, readPem: () => STAND_IN };

function secretsOf(file: string, env: Readonly<Record<string, string | undefined>>) {
	return { readSecret: createSecretReader(file, env['CREDENTIALS_DIRECTORY']), readPem: readPemFile };
}

function storeOf(flags: readonly FlagSetting[]): string {
	return String(flags.find(({ path: at }) => formatPath(at) === 'store.dir')?.value ?? '.');
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
		const found = code === 'ENOENT' ? 'There is no such file; check the name' : `It can't be read (${code})`;
		throw new GatewayError('CONFIG_INVALID', `${file}: ${found}.`, { cause: error });
	}
}

function flagAt(flags: readonly FlagSetting[], at: ConfigPath) {
	const given = flags.find(({ path: own }) => formatPath(own) === formatPath(at));
	return given && { file: given.flag, line: null, column: null };
}

function warnOfPlainPassword(value: unknown, warn: ReturnType<typeof createProblemReport>['warning']): void {
	const { mqtt, mail } = Object(value);
	const broker = URL.parse(String(Object(mqtt).url ?? ''))?.hostname ?? '';
	const places = [
		['mqtt', Object(mqtt).password, broker],
		['mail', Object(mail).password, String(Object(mail).host ?? '')],
	] as const;
	for (const [section, password, host] of places) {
		if (typeof password !== 'string' || parseSecretReference(password) !== undefined || isLoopback(host)) continue;
		warn([section, 'password'], {
			found: 'a secret written out',
			expected: `\${credential:NAME}`,
			fix: 'Move it into a credential file (docs/operations.md, Credentials)',
		});
	}
}

function invalid(problems: readonly ConfigProblem[]): GatewayError {
	return new GatewayError('CONFIG_INVALID', problems.map(formatProblem).join('\n'));
}
