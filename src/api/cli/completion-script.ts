import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What can follow one command. */
interface Node {
	/** Words from the program on: `devices test`. */
	readonly path: string;
	readonly commands: readonly { readonly name: string; readonly summary: string }[];
	readonly options: readonly { readonly flag: string; readonly summary: string; readonly takesValue: boolean }[];
	/** Values of options that have a fixed choice. */
	readonly choices: readonly { readonly flag: string; readonly values: readonly string[] }[];
}

/** A script for one shell that completes commands, options and their fixed values; anything else is a file. */
export function completionScript(program: Command, shell: Shell): string {
	const name = program.name();
	const nodes = nodesOf(program, []);
	switch (shell) {
		case 'bash':
			return bashScript(name, nodes);
		case 'zsh':
			return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(name, nodes)}`;
		case 'fish':
			return fishScript(name, nodes);
		default:
			return shell satisfies never;
	}
}

function nodesOf(command: Command, path: readonly string[]): Node[] {
	const commands = command.commands.map((child) => ({ name: child.name(), summary: child.summary() }));
	const visible = [...command.options, helpOf(command)].filter((option) => option !== undefined);
	const node: Node = {
		path: path.join(' '),
		commands: commands.toSorted((a, b) => a.name.localeCompare(b.name)),
		options: visible.map((option) => ({
			flag: option.long ?? '',
			summary: option.description,
			takesValue: option.required || option.optional,
		})),
		choices: visible
			.filter((option) => option.argChoices !== undefined)
			.map((option) => ({ flag: option.long ?? '', values: option.argChoices ?? [] })),
	};
	return [node, ...command.commands.flatMap((child) => nodesOf(child, [...path, child.name()]))];
}

function helpOf(command: Command): Option {
	return command.createOption('-h, --help', `help for ${command.name()}`);
}

function bashScript(name: string, nodes: readonly Node[]): string {
	const words = nodes.map((node) => {
		const all = [...node.commands.map((command) => command.name), ...node.options.map((option) => option.flag)];
		return `    '${node.path}') words='${all.join(' ')}' ;;`;
	});
	const choices = nodes.flatMap((node) =>
		node.choices.map(({ flag, values }) => `    '${node.path} ${flag}') words='${values.join(' ')}'; values=1 ;;`),
	);
	const paths = nodes.filter((node) => node.path !== '').map((node) => `'${node.path}'`);
	return `_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' word words='' values=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
    ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path $previous" in
${choices.join('\n')}
  esac
  if [ -z "$values" ]; then
    case "$path" in
${words.join('\n')}
    esac
  fi
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
  if [ -z "$values" ]; then
    case "$current" in -*) ;; *) COMPREPLY+=( $(compgen -f -- "$current") ) ;; esac
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

function fishScript(name: string, nodes: readonly Node[]): string {
	const lines: string[] = [];
	for (const node of nodes) {
		const start = `complete -c ${name} -n ${fishQuote(fishCondition(node))}`;
		for (const command of node.commands) lines.push(`${start} -f -a ${command.name} -d ${fishQuote(command.summary)}`);
		for (const option of node.options) {
			const values = node.choices.find((choice) => choice.flag === option.flag)?.values;
			const value = values ? ` -x -a ${fishQuote(values.join(' '))}` : option.takesValue ? ' -r' : '';
			lines.push(`${start} -l ${option.flag.replace(/^--/, '')}${value} -d ${fishQuote(option.summary)}`);
		}
	}
	return `${lines.join('\n')}\n`;
}

/** True where this command stands and none of its own commands follows yet. */
function fishCondition(node: Node): string {
	if (node.path === '') return '__fish_use_subcommand';
	const seen = node.path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
	const inner = node.commands.map((command) => command.name).join(' ');
	return [...seen, ...(inner === '' ? [] : [`not __fish_seen_subcommand_from ${inner}`])].join('; and ');
}

function fishQuote(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
