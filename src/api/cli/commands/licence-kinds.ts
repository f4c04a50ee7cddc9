import { Argument, type Command, Option } from 'commander';
import { isLicenceKind, LICENCE_KIND_NAMES, type LicenceKind } from '../../../gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { GrantRefusal, LicensedOperator } from '../../../gateway/services/licensing/licence-grants.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine, printTable } from '../output.ts';
import { whole } from '../whole-number.ts';

interface Options {
	readonly config: string;
	readonly json?: true;
}

/** Kinds of licence of operators: how many there are, who has them, and giving and taking them. */
export function addLicenceKinds(licence: Command, context: CommandContext): void {
	addKinds(licence, context);
	addUsers(licence, context);
	addChange(licence, context, 'give');
	addChange(licence, context, 'take');
}

function addKinds(licence: Command, { handlers, terminal }: CommandContext): void {
	licence
		.command('kinds')
		.summary('print the kinds of licence, and how many of each are used')
		.description('Prints the kinds of licence that operators can be given, and the seats of the product licence.')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate licence kinds'))
		.action(async (options: Options) => {
			const kinds = await handlers.licenceKinds({ configFile: options.config });
			if (options.json) {
				terminal.out(jsonLine(kinds));
				return;
			}
			const rows = kinds.map(({ kind, used, available, isUnlocked }) => [
				kind,
				`${used} of ${available}`,
				isUnlocked ? '' : 'the product licence does not have what it is about',
			]);
			printTable(terminal, ['KIND', 'USED', ''], rows);
		});
}

function addUsers(licence: Command, { handlers, terminal }: CommandContext): void {
	licence
		.command('users')
		.summary('print which operators have which kinds')
		.description('Prints operators by name with the kinds of licence that they have.')
		.option('--search <text>', 'only whose name or e-mail begins so')
		.addOption(new Option('--kind <kind>', 'only who has this one').choices(LICENCE_KIND_NAMES))
		.addOption(new Option('--limit <number>', 'at most').argParser(whole(1, LIMITS.pageSize)).default(50))
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate licence users --kind zScan'))
		.action(async (options: Options & { search?: string; kind?: LicenceKind; limit: number }) => {
			const { search: q = '', kind = null, limit } = options;
			const { items, next } = await handlers.licensedOperators({ configFile: options.config, q, kind, limit });
			if (options.json) {
				terminal.out(jsonLine(items));
				return;
			}
			printTable(
				terminal,
				['NAME', 'E-MAIL', 'LICENCES'],
				items.map(({ name, email, grants }) => [name, email, grants.map(({ kind: one }) => one).join(', ')]),
			);
			if (next !== null) terminal.err(`There are more; narrow them by --search, or raise --limit.\n`);
		});
}

function addChange(licence: Command, { handlers, terminal, exitWith }: CommandContext, what: 'give' | 'take'): void {
	licence
		.command(what)
		.summary(`${what} kinds of licence ${what === 'give' ? 'to' : 'from'} an operator`)
		.description('Acts on their next request. What can’t be done changes nothing.')
		.argument('<email>', 'of the operator')
		.addArgument(new Argument('<kinds...>', 'such as zScan').choices(LICENCE_KIND_NAMES))
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example(`sudo -u parkgate parkgate licence ${what} ada@acme.example zScan zReview`))
		.action(async (email: string, names: readonly string[], options: Options) => {
			const kinds = names.filter(isLicenceKind);
			const answer = await handlers.changeLicenceKinds({
				...{ configFile: options.config, email },
				...{ give: what === 'give' ? kinds : [], take: what === 'take' ? kinds : [] },
			});
			if (!('operator' in answer)) exitWith(1);
			if (options.json) terminal.out(jsonLine(answer));
			else if ('operator' in answer) terminal.out(`${has(answer.operator)}\n`);
			else terminal.err(`${refusalText(answer, email)} Nothing was changed.\n`);
		});
}

function has({ name, grants }: LicensedOperator): string {
	const kinds = grants.map(({ kind }) => kind).join(', ');
	return kinds === '' ? `${name} has no licence.` : `${name} has ${kinds}.`;
}

function refusalText(answer: GrantRefusal | { readonly result: 'unknown' }, email: string): string {
	switch (answer.result) {
		case 'unknown':
			return `There is no operator ${email}.`;
		case 'full':
			return `${answer.used} of ${answer.available} licences ${answer.kind} are used: take one from somebody, or ask the vendor for more.`;
		case 'excludes':
			return `Whoever has ${answer.kind} never signs in and has no other kind.`;
		case 'administrator':
			return `With ${answer.kind} an administrator could no longer sign in: give them another role first.`;
		case 'stopped':
			return 'The product licence has run out: nothing is activated any more. Install a new one.';
	}
}
