import { type Command, InvalidArgumentError } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { parseScope, scopeText } from '../../../gateway/core/permission/scope.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { HandedCode } from '../operator-handlers.ts';
import { jsonLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
	readonly config: string;
	readonly json?: true;
}

interface Role {
	readonly roleId: string;
	readonly scope: string;
}

export function addOperator(program: Command, context: CommandContext): void {
	const operator = program
		.command('operator')
		.summary('who may sign in')
		.description('Invites operators and lets them in again who forgot their password. Run it as the service user.')
		.addHelpText(
			'after',
			example('sudo -u parkgate parkgate operator add ada@example.org --name Ada --role reception'),
		);
	addAdd(operator, context);
	addReset(operator, context);
	addResetSecondFactor(operator, context);
}

function addAdd(operator: Command, { handlers, terminal }: CommandContext): void {
	operator
		.command('add')
		.summary('invite somebody')
		.description('Adds an operator, who chooses a password with the one-time code that is printed.')
		.argument('<email>', 'what they sign in with', parseEmail)
		.requiredOption('--name <name>', 'what they are called', parseName)
		.option(
			'--role <role>',
			'built-in or own, for a park or area where asked: security@park:P1; may be repeated',
			collectRole,
		)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example('sudo -u parkgate parkgate operator add bo@example.org --name Bo --role security@park:P1'),
		)
		.action(async (email: string, { config, name, role, json }: Options & { name: string; role?: readonly Role[] }) => {
			const roles = role ?? [{ roleId: 'user', scope: 'site' }];
			printCode(terminal, await handlers.addOperator({ configFile: config, email, name, roles }), json);
		});
}

function addReset(operator: Command, { handlers, terminal }: CommandContext): void {
	operator
		.command('reset-password')
		.summary('let somebody choose a new password')
		.description('Ends their logins and prints a one-time code with which they choose a new password.')
		.argument('<email>', 'what they sign in with', parseEmail)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate operator reset-password ada@example.org'))
		.action(async (email: string, { config, json }: Options) => {
			printCode(terminal, await handlers.resetPassword({ configFile: config, email }), json);
		});
}

function addResetSecondFactor(operator: Command, { handlers, terminal }: CommandContext): void {
	operator
		.command('reset-second-factor')
		.summary('let somebody in who lost their authenticator')
		.description('Takes their second factor and ends their logins; they sign in by their password, or set up another.')
		.argument('<email>', 'what they sign in with', parseEmail)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate operator reset-second-factor ada@example.org'))
		.action(async (email: string, { config, json }: Options) => {
			const reset = await handlers.resetSecondFactor({ configFile: config, email });
			if (json) terminal.out(jsonLine({ email, reset }));
			else
				terminal.out(`${escapeHidden(email)} ${reset ? 'has no second factor any more' : 'had no second factor'}.\n`);
		});
}

function printCode(terminal: Terminal, { endsAtMs, ...handed }: HandedCode, json: true | undefined): void {
	const ends = new Date(endsAtMs).toISOString();
	if (json) {
		terminal.out(jsonLine({ ...handed, ends }));
		return;
	}
	terminal.out(`Code  ${terminal.style('bold', handed.code)}\nLink  ${terminal.style('cyan', handed.url)}\n`);
	terminal.out(`It works once, until ${ends}. Hand it to ${escapeHidden(handed.email)}.\n`);
}

function parseEmail(text: string): string {
	if (text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text)) return text;
	throw new InvalidArgumentError('Give an e-mail address.');
}

function parseName(text: string): string {
	const name = text.trim();
	if (name !== '' && name.length <= 200) return name;
	throw new InvalidArgumentError('Give a name of at most 200 characters.');
}

function collectRole(text: string, before: readonly Role[] = []): readonly Role[] {
	const [, roleId, where = 'site'] = /^([^@]{1,64})(?:@(.+))?$/.exec(text) ?? [];
	const scope = parseScope(where);
	if (roleId === undefined || scope === undefined || before.length >= LIMITS.operatorRoles) {
		throw new InvalidArgumentError('Give a role, such as reception or security@park:P1.');
	}
	return [...before, { roleId, scope: scopeText(scope) }];
}
