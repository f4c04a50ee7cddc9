import type { Clock } from '../gateway/core/clock.ts';
import {
	type Command,
	type CommandResult,
	type CommandsInput,
	type CommandsOutput,
	NO_COMMANDS,
	stepCommands,
} from './commands.ts';
import type { IncomingCommand } from './message-intake.ts';
import type { SiteLink } from './site-link.ts';

/** The part of `RemoteCommands` (services) that sync speaks with. */
export interface CommandsOfSite {
	isUsed(commandId: string): boolean;
	carryOut(command: Command, actUntilMs: number): Promise<CommandResult>;
	interrupted(): readonly CommandResult[];
}

export interface RunningCommands {
	take(incoming: IncomingCommand, currentLink: string): void;
	/** A connection stands: what the last stop interrupted is told. */
	linkUp(): void;
}

/** Answers central's commands with challenges, and carries out what comes back confirmed. */
export function runCommands(deps: {
	readonly commands: CommandsOfSite;
	readonly link: Pick<SiteLink, 'send'>;
	readonly clock: Pick<Clock, 'monotonicMs'>;
	readonly newId: () => string;
}): RunningCommands {
	const { commands, link, clock, newId } = deps;
	let state = NO_COMMANDS;

	const answer = (result: CommandResult) => link.send('up/result', 'commandResult', result);

	function perform(output: CommandsOutput): void {
		switch (output.do) {
			case 'challenge':
				link.send('up/challenge', 'challenge', output.body);
				return;
			case 'answer':
				answer(output.result);
				return;
			case 'carryOut':
				// Never rejects; the answer may go over a later connection.
				void commands.carryOut(output.command, output.untilMs).then(answer);
		}
	}

	function dispatch(input: CommandsInput): void {
		const step = stepCommands(state, input, clock.monotonicMs());
		state = step.state;
		for (const output of step.outputs) perform(output);
	}

	return {
		take(incoming, currentLink) {
			const { retained } = incoming;
			if (incoming.type === 'confirm') {
				dispatch({ kind: 'confirm', retained, ...incoming.body });
				return;
			}
			const { body: command, link: madeFor } = incoming;
			const isUsed = commands.isUsed(command.commandId);
			dispatch({ kind: 'command', command, retained, link: madeFor, currentLink, isUsed, nonce: newId() });
		},
		linkUp() {
			for (const result of commands.interrupted()) answer(result);
		},
	};
}
