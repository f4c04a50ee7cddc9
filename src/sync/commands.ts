import { LIMITS } from '../gateway/core/limits.ts';
import type { Body } from './envelope.ts';

/**
 * Commands of central, in three steps: command → our challenge with a nonce → its return. A command may have waited in a
 * queue, a frozen process or a slow link; the nonce can't have: it is made here and now, and its age is told by a clock
 * that nobody sets. Pure: time, nonces and what the store knows come in.
 */
export interface CommandsState {
	/** Challenged and not confirmed, oldest first. */
	readonly open: readonly Challenged[];
}

export interface Challenged {
	readonly command: Command;
	readonly nonce: string;
	/** Monotonic. */
	readonly atMs: number;
}

export type Command = Body<'command'>;
export type CommandResult = Body<'commandResult'>;

export type CommandsInput =
	| {
			readonly kind: 'command';
			readonly command: Command;
			readonly retained: boolean;
			/** The connection it was made for. */
			readonly link: string | null;
			readonly currentLink: string;
			/** A command of this id was carried out, or begun. */
			readonly isUsed: boolean;
			readonly nonce: string;
	  }
	| { readonly kind: 'confirm'; readonly commandId: string; readonly nonce: string; readonly retained: boolean };

export type CommandsOutput =
	| { readonly do: 'challenge'; readonly body: Body<'challenge'> }
	/** `untilMs`, monotonic: the last moment at which it may act. */
	| { readonly do: 'carryOut'; readonly command: Command; readonly untilMs: number }
	| { readonly do: 'answer'; readonly result: CommandResult };

export interface CommandsStep {
	readonly state: CommandsState;
	readonly outputs: readonly CommandsOutput[];
}

export const NO_COMMANDS: CommandsState = { open: [] };

/** @param nowMs monotonic. */
export function stepCommands(state: CommandsState, input: CommandsInput, nowMs: number): CommandsStep {
	const open = state.open.filter(({ atMs }) => nowMs - atMs <= LIMITS.commandNonceMs);
	if (input.kind === 'command') return take(open, input, nowMs);
	const found = open.find(({ command }) => command.commandId === input.commandId);
	// Too late, made up, or sent twice: there is nothing to carry out, and nobody to tell what they do not know.
	if (found === undefined || found.nonce !== input.nonce || input.retained) return { state: { open }, outputs: [] };
	const { command, atMs } = found;
	return {
		state: { open: open.filter((other) => other !== found) },
		outputs: [{ do: 'carryOut', command, untilMs: atMs + LIMITS.commandNonceMs }],
	};
}

function take(
	open: readonly Challenged[],
	input: Extract<CommandsInput, { kind: 'command' }>,
	nowMs: number,
): CommandsStep {
	const { command, nonce } = input;
	const because = refusal(open, input);
	if (because !== undefined) {
		const result = { commandId: command.commandId, outcome: 'refused', because } as const;
		return { state: { open }, outputs: [{ do: 'answer', result }] };
	}
	return {
		state: { open: [...open, { command, nonce, atMs: nowMs }] },
		outputs: [{ do: 'challenge', body: { commandId: command.commandId, nonce } }],
	};
}

function refusal(
	open: readonly Challenged[],
	{ command, retained, link, currentLink, isUsed }: Extract<CommandsInput, { kind: 'command' }>,
): string | undefined {
	if (retained) return 'commands are never retained';
	if (link !== currentLink) return 'it was made for another connection of this site';
	if (isUsed || open.some((other) => other.command.commandId === command.commandId)) return 'its id was used before';
	return open.length >= LIMITS.commandsWaiting ? 'too many commands wait to be confirmed' : undefined;
}
