import type { Clock } from '../gateway/core/clock.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import {
	type Command,
	type CommandResult,
	type CommandsInput,
	type CommandsOutput,
	NO_COMMANDS,
	stepCommands,
} from './commands.ts';
import type { PublishOutcome } from './link.ts';
import type { IncomingCommand } from './message-intake.ts';
import type { SiteLink } from './site-link.ts';

/** The part of `RemoteCommands` (services) that sync speaks with. */
export interface CommandsOfSite {
	isUsed(commandId: string): boolean;
	/** null: its result comes later. Never rejects. */
	carryOut(command: Command, actUntilMs: number): Promise<(CommandResult & { readonly report?: string | null }) | null>;
	onSettled(tell: () => void): void;
	untold(): readonly CommandResult[];
	told(commandId: string): void;
}

export interface RunningCommands {
	take(incoming: IncomingCommand, currentLink: string): void;
	/** A connection stands, or central is back: what it may not have heard is told. */
	tellAgain(): void;
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
	/** Being sent over the link as it is. */
	const leaving = new Set<string>();
	/** What was found, until it is told; of the newest commands. It is made again where a stop of the gateway loses it. */
	const reports = new Map<string, string>();
	commands.onSettled(tellAll);

	/** With its report, again over later connections until a broker has all of it for somebody who listens. */
	function tell({ commandId, outcome, because }: CommandResult): void {
		if (leaving.has(commandId)) return;
		leaving.add(commandId);
		const parts = tellReport(commandId, reports.get(commandId) ?? '');
		const sent = link.send('up/result', 'commandResult', { commandId, outcome, because });
		void Promise.all([...parts, sent.outcome]).then((published) => {
			leaving.delete(commandId);
			if (published.some((one) => one !== 'delivered')) return;
			reports.delete(commandId);
			commands.told(commandId);
		});
	}

	/** In parts that any broker takes, ahead of the result. */
	function tellReport(commandId: string, report: string): readonly Promise<PublishOutcome>[] {
		const length = LIMITS.reportPartLength;
		const count = Math.ceil(report.length / length);
		return Array.from({ length: count }, (_, index) => {
			const part = report.slice(index * length, (index + 1) * length);
			return link.send('up/result', 'commandReport', { commandId, index, count, part }).outcome;
		});
	}

	function keepReport(commandId: string, report: string): void {
		reports.set(commandId, report);
		const [oldest] = reports.keys();
		if (reports.size > LIMITS.commandsWaiting && oldest !== undefined) reports.delete(oldest);
	}

	function tellAll(): void {
		for (const result of commands.untold()) tell(result);
	}

	function perform(output: CommandsOutput): void {
		switch (output.do) {
			case 'challenge':
				link.send('up/challenge', 'challenge', output.body);
				return;
			case 'answer':
				link.send('up/result', 'commandResult', output.result);
				return;
			case 'carryOut':
				// Never rejects; the answer may go over a later connection.
				void commands.carryOut(output.command, output.untilMs).then((result) => {
					if (result === null) return;
					if (result.report) keepReport(result.commandId, result.report);
					tell(result);
				});
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
		tellAgain: tellAll,
	};
}
