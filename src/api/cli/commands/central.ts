import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES, type Role } from '../../../gateway/core/permission.ts';
import type { CentralReady, CentralStore } from '../central-handlers.ts';
import { type CommandContext, example, jsonOption, logLevelOption } from '../command-context.ts';
import type { CliLogLevel } from '../handlers.ts';
import { jsonLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface CentralFlags {
	config?: string;
	mqtt?: string;
	tenant?: string;
	store?: string;
	listen?: string;
	logLevel?: CliLogLevel;
	madeUpPeople: number;
}

const TENANT = 'demo';

export function addCentral(program: Command, context: CommandContext): void {
	const { handlers, terminal } = context;
	const central = program
		.command('central')
		.summary('run the reference central service')
		.description(
			'Runs the reference central: gives sites their people and rights, takes their events, shows both on its pages\n' +
				'and in its API, until Ctrl-C or SIGTERM. Settings come from flags, the environment and a file, in this order.',
		)
		.option('--config <file>', 'its configuration, as config/central.example.yaml')
		.option('--mqtt <url>', 'broker (default: mqtt://127.0.0.1:1883)')
		.option('--tenant <id>', `whose sites it serves (default: ${TENANT})`)
		.option('--store <dir>', 'directory of its own database')
		.option('--listen <address:port>', 'pages and API (default: 127.0.0.1:8090)')
		.addOption(logLevelOption())
		.option('--made-up-people <number>', 'fill an empty store with so many people, for trying it out', count, 0)
		.addHelpText(
			'after',
			example(
				'parkgate central --config /etc/parkgate/central.yaml',
				'parkgate central --mqtt mqtt://127.0.0.1:1883 --tenant acme --store ./central',
				'parkgate central token add billing --role technician --store ./central',
			),
		)
		.action(async ({ config, madeUpPeople, ...flags }: CentralFlags, command: Command) => {
			storeOf(command, { config, store: flags.store });
			await handlers.central({
				...(config !== undefined && { configFile: config }),
				flags: { ...(config === undefined && { tenant: TENANT }), ...flags },
				madeUpPeople,
				showsToken: terminal.interactive,
				signal: terminal.interrupted(),
				onReady: (ready) => printCentral(terminal, ready),
			});
		});
	addTokens(central, context);
	addSites(central, context);
}

function printCentral(terminal: Terminal, { url, token, hasTokens }: CentralReady): void {
	if (terminal.interactive) {
		terminal.out(`\n${terminal.style('bold', 'Central runs.')}\n`);
		terminal.out(`  ${'Pages'.padEnd(10)}${terminal.style('cyan', url)}\n`);
		if (token !== null) {
			terminal.out(`  ${'Token'.padEnd(10)}${terminal.style('cyan', token)}\n`);
			terminal.out(
				`  ${terminal.style('dim', 'Sign in with it. It is shown only now; an administrator may do everything.')}\n`,
			);
		}
		terminal.out(`  ${terminal.style('dim', 'Ctrl-C stops.')}\n\n`);
	} else if (!hasTokens) {
		terminal.err('Nobody can sign in yet: make a token with `parkgate central token add NAME`.\n');
	}
}

function addTokens(central: Command, { handlers, terminal }: CommandContext): void {
	const token = central
		.command('token')
		.summary('who may use its API and pages')
		.description(
			'Makes, lists and removes access tokens, beside a central that runs or without. What one may do is that of its role.',
		)
		.addHelpText('after', example('parkgate central token add billing --role technician --store ./central'));
	withStore(token.command('add'))
		.summary('make a token; it is shown once')
		.description('Makes a token and shows it this once; the store keeps only its hash.')
		.argument('<name>', 'what it is for', tokenName)
		.addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('administrator'))
		.option('--days <number>', 'how long it is good for (default: until it is removed)', days)
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate central token add billing --role technician --days 365 --store ./central'))
		.action(async (name: string, flags: StoreFlags & { role: Role; days?: number; json?: true }, command: Command) => {
			const store = storeOf(command, flags);
			const made = await handlers.addCentralToken({
				...{ store, name, role: flags.role, days: flags.days ?? null },
			});
			if (flags.json) terminal.out(jsonLine(tokenForPrograms(made)));
			else terminal.out(`${terminal.style('bold', made.text)}\nIt is shown only now.\n`);
		});
	withStore(token.command('list'))
		.summary('list tokens')
		.description('Lists the tokens by name, never what they are.')
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate central token list --store ./central'))
		.action(async (flags: StoreFlags & { json?: true }, command: Command) => {
			const store = storeOf(command, flags);
			const tokens = await handlers.listCentralTokens({ store });
			if (flags.json) terminal.out(jsonLine(tokens.map(tokenForPrograms)));
			else
				printTable(
					terminal,
					['NAME', 'ROLE', 'MADE', 'ENDS'],
					tokens.map(({ name, role, createdAtMs, expiresAtMs }) => [
						name,
						role,
						moment(createdAtMs),
						moment(expiresAtMs),
					]),
				);
		});
	withStore(token.command('remove'))
		.summary('end a token')
		.description('Ends a token at once, and whoever is signed in with it.')
		.argument('<name>', 'as it was made')
		.addHelpText('after', example('parkgate central token remove billing --store ./central'))
		.action(async (name: string, flags: StoreFlags, command: Command) => {
			await handlers.removeCentralToken({ store: storeOf(command, flags), name });
			terminal.out('Removed.\n');
		});
}

function addSites(central: Command, { handlers, terminal }: CommandContext): void {
	withStore(central.command('sites'))
		.summary('list the sites it knows')
		.description('Lists the sites that ever came by, and whether they are connected.')
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate central sites --store ./central --json'))
		.action(async (flags: StoreFlags & { json?: true }, command: Command) => {
			const store = storeOf(command, flags);
			const sites = await handlers.listCentralSites({ store });
			if (flags.json)
				terminal.out(
					jsonLine(
						sites.map(({ site, online, version, seenAtMs }) => ({ site, online, version, lastSeen: iso(seenAtMs) })),
					),
				);
			else
				printTable(
					terminal,
					['SITE', 'STATE', 'VERSION', 'LAST BIRTH'],
					sites.map(({ site, online, version, seenAtMs }) => [
						...[site, online ? 'online' : 'offline', version ?? '', moment(seenAtMs)],
					]),
				);
		});
}

interface StoreFlags {
	readonly config?: string;
	readonly store?: string;
}

function withStore(command: Command): Command {
	return command
		.option('--config <file>', 'configuration of the central')
		.option('--store <dir>', 'or the directory of its database');
}

/** Ends as not understood where neither is given. Options of the same name may stand before the subcommand. */
function storeOf(
	command: Command,
	own: { readonly config?: string | undefined; readonly store?: string | undefined },
): CentralStore {
	const { config, store } = { ...command.optsWithGlobals<StoreFlags>(), ...definedOf(own) };
	if (store !== undefined) return { dir: store };
	if (config !== undefined) return { configFile: config };
	return command.error('error: give --config or --store', { exitCode: 2 });
}

function definedOf<T extends object>(own: T): Partial<T> {
	return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function tokenForPrograms({
	name,
	role,
	createdAtMs,
	expiresAtMs,
	...more
}: {
	readonly name: string;
	readonly role: Role;
	readonly createdAtMs: number;
	readonly expiresAtMs: number | null;
	readonly text?: string;
}) {
	const token = more.text === undefined ? {} : { token: more.text };
	return { name, role, made: iso(createdAtMs), ends: expiresAtMs === null ? null : iso(expiresAtMs), ...token };
}

function iso(epochMs: number): string {
	return new Date(epochMs).toISOString();
}

function moment(epochMs: number | null): string {
	return epochMs === null ? 'never' : iso(epochMs).replace('T', ' ').slice(0, 16);
}

function count(text: string): number {
	if (/^\d{1,7}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('It is a whole number.');
}

function days(text: string): number {
	if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('It is a number of days from 1 on.');
}

function tokenName(text: string): string {
	if (/^[^\p{Cc}]{1,200}$/u.test(text)) return text;
	throw new InvalidArgumentError('It has 1 to 200 characters on one line.');
}
