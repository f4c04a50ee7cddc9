import { Buffer } from 'node:buffer';
import { type Command, Option } from 'commander';
import type { RefusedDocument } from '../../../gateway/core/licence/judge-document.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { LicenceReport } from '../licence-handlers.ts';
import { jsonLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { addLicenceKinds } from './licence-kinds.ts';

interface Options {
	readonly config: string;
	readonly json?: true;
}

export function addLicence(program: Command, context: CommandContext): void {
	const licence = program
		.command('licence')
		.summary('what the gateway may do, and until when')
		.description(
			'Shows, installs and asks for product licences, and gives operators their kinds of licence; vendors sign with it.',
		)
		.addHelpText('after', example('parkgate licence show'));
	addShow(licence, context);
	addInstall(licence, context);
	addRequest(licence, context);
	addIssue(licence, context, 'productLicence');
	addLicenceKinds(licence, context);
}

export function addPark(program: Command, context: CommandContext): void {
	const park = program
		.command('park')
		.summary('support’s word on a park')
		.description('A park is made active or inactive by a statement that support signed, by nothing else.')
		.addHelpText('after', example('sudo -u parkgate parkgate park statement roof.jws'));
	addStatement(park, context);
	addIssue(park, context, 'parkStatement');
}

function addShow(licence: Command, { handlers, terminal }: CommandContext): void {
	licence
		.command('show')
		.summary('print it, and how much of it is used')
		.description('Prints what the gateway goes by: the licence, its end, cameras and parks.')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate licence show --json'))
		.action(async (options: Options) => {
			const report = await handlers.showLicence({ configFile: options.config });
			if (options.json) terminal.out(jsonLine(report));
			else printReport(terminal, report);
		});
}

function addInstall(licence: Command, { handlers, terminal, exitWith }: CommandContext): void {
	licence
		.command('install')
		.summary('install a signed licence')
		.description(
			'Checks a licence and puts it in the place of the one that counts. One that is refused changes nothing.',
		)
		.argument('<file>', 'as it came from the vendor; - reads standard input')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate licence install acme.jws'))
		.action(async (file: string, options: Options) => {
			const text = await readText(terminal, file);
			const installed = await handlers.installLicence({ configFile: options.config, text });
			if ('refusal' in installed) exitWith(1);
			if (options.json) terminal.out(jsonLine(installed));
			else if ('refusal' in installed) printRefusal(terminal, installed);
			else {
				const { claims, result } = installed;
				const done = result === 'same' ? 'counts already' : 'is installed';
				terminal.out(`Licence ${claims.jti} for ${claims.customer.name} ${done}, valid until ${day(claims.exp)}.\n`);
			}
		});
}

function addStatement(park: Command, { handlers, terminal, exitWith }: CommandContext): void {
	park
		.command('statement')
		.summary('install a statement that support signed')
		.description('Makes a park active or inactive as support says. One that is refused changes nothing.')
		.argument('<file>', 'as it came from support; - reads standard input')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate park statement roof.jws'))
		.action(async (file: string, options: Options) => {
			const text = await readText(terminal, file);
			const installed = await handlers.installParkStatement({ configFile: options.config, text });
			if ('refusal' in installed) exitWith(1);
			if (options.json) terminal.out(jsonLine(installed));
			else if ('refusal' in installed) printRefusal(terminal, installed);
			else terminal.out(`Park ${installed.claims.park} is ${installed.claims.active ? 'active' : 'inactive'}.\n`);
		});
}

function addRequest(licence: Command, { handlers, terminal }: CommandContext): void {
	licence
		.command('request')
		.summary('make the file to send to the vendor')
		.description('Prints who asks for a licence, signed by the gateway’s own key.')
		.addOption(configOption())
		.addOption(new Option('--output <file>', 'write it there').default('-', 'standard output'))
		.addHelpText('after', example('sudo -u parkgate parkgate licence request --output request.jws'))
		.action(async (options: { config: string; output: string }) => {
			const text = await handlers.licenceRequest({ configFile: options.config });
			await terminal.write(options.output, bytesOf(`${text}\n`));
		});
}

function addIssue(
	parent: Command,
	{ handlers, terminal }: CommandContext,
	kind: 'productLicence' | 'parkStatement',
): void {
	const what = kind === 'productLicence' ? 'licence' : 'statement';
	const name = kind === 'productLicence' ? 'licence' : 'park';
	parent
		.command('issue')
		.summary(`sign a ${what} (for ${kind === 'productLicence' ? 'vendors' : 'support'})`)
		.description(
			`Signs a ${what} with an Ed25519 key (openssl genpkey -algorithm ed25519). Number and times that the claims leave out are filled in; docs/licences.md lists them.`,
		)
		.argument('<claims>', 'file of JSON; - reads standard input')
		.requiredOption('--key <file>', 'private key, PEM')
		.addOption(new Option('--output <file>', 'write it there').default('-', 'standard output'))
		.addHelpText('after', example(`parkgate ${name} issue claims.json --key vendor.pem --output acme.jws`))
		.action(async (file: string, options: { key: string; output: string }) => {
			const privateKeyPem = await readText(terminal, options.key);
			const claims = await readText(terminal, file);
			const text = await handlers.issueDocument({ kind, privateKeyPem, claims });
			await terminal.write(options.output, bytesOf(`${text}\n`));
		});
}

function printReport(terminal: Terminal, report: LicenceReport): void {
	const { licence, term, problem, operators, cameras, cameraPool, parks, gatewayKey } = report;
	const rows = [
		['Phase', `${PHASE[term.phase]}${term.endsAtMs === null ? '' : `, until ${day(term.endsAtMs / 1_000)}`}`],
		...(problem === null ? [] : [['Problem', problem]]),
		...(term.next === null ? [] : [['Stops next', `${term.next.stops}, on ${day(term.next.atMs / 1_000)}`]]),
		...(term.stopped.length === 0 ? [] : [['Stopped', term.stopped.join(', ')]]),
		...(licence === null
			? []
			: [
					['Licence', `${licence.jti}, ${licence.variant}, instance ${licence.instance}`],
					['Customer', `${licence.customer.name} (${licence.customer.id})`],
					['Capabilities', licence.capabilities.join(', ')],
					['Vendor', [licence.vendor.name, licence.vendor.email, licence.vendor.phone].filter(Boolean).join(', ')],
				]),
		['Operators', `${operators.used} of ${operators.available}`],
		['Cameras', `${cameras.filter(({ active }) => active).length} of ${cameraPool}`],
		...cameras.map(({ cameraId, active }) => [`  ${cameraId}`, active ? 'licensed' : 'not licensed']),
		...parks.map(({ parkId, active }) => [`Park ${parkId}`, active ? 'active' : 'inactive']),
		['Gateway key', gatewayKey ?? 'none yet: start the gateway once'],
	];
	printTable(terminal, ['WHAT', ''], rows);
}

const PHASE: Readonly<Record<LicenceReport['term']['phase'], string>> = {
	commissioning: 'commissioning, without a licence',
	valid: 'valid',
	grace: 'run out, in its grace',
	ended: 'run out',
};

function printRefusal(terminal: Terminal, { refusal, detail }: RefusedDocument): void {
	terminal.err(`Refused (${refusal}): ${detail} Nothing was changed.\n`);
}

async function readText(terminal: Terminal, file: string): Promise<string> {
	return Buffer.from(await terminal.read(file, 4 * LIMITS.licenceDocumentBytes)).toString('utf8');
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
	yield Buffer.from(text);
}

function day(seconds: number): string {
	return new Date(seconds * 1_000).toISOString().slice(0, 10);
}
