import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { type Command, type CommandsInput, NO_COMMANDS, stepCommands } from '../../src/sync/commands.ts';

const command = (commandId = 'c1'): Command => ({
	commandId,
	op: 'vend',
	target: 'L1',
	reason: 'deliveries',
	by: 'Anna at central',
	untilMs: null,
	ttlS: 5,
});
const asked = (change: Partial<Extract<CommandsInput, { kind: 'command' }>> = {}): CommandsInput => ({
	...{ kind: 'command', command: command(), retained: false, link: 'link-1', currentLink: 'link-1' },
	...{ isUsed: false, nonce: 'n1' },
	...change,
});
const confirm = (change: Partial<Extract<CommandsInput, { kind: 'confirm' }>> = {}): CommandsInput => ({
	...{ kind: 'confirm', commandId: 'c1', nonce: 'n1', retained: false },
	...change,
});

describe('a command of central', () => {
	it('N11: acts only when the nonce made for it comes back', () => {
		const challenged = stepCommands(NO_COMMANDS, asked(), 1_000);
		expect(challenged.outputs).toEqual([{ do: 'challenge', body: { commandId: 'c1', nonce: 'n1' } }]);
		const confirmed = stepCommands(challenged.state, confirm(), 1_500);
		expect(confirmed.outputs).toEqual([{ do: 'carryOut', command: command(), untilMs: 1_000 + LIMITS.commandNonceMs }]);
		expect(stepCommands(confirmed.state, confirm(), 1_501).outputs).toEqual([]);
	});

	it.each([
		['retained', { retained: true }, 'commands are never retained'],
		['made for an earlier connection', { link: 'link-0' }, 'it was made for another connection of this site'],
		['made for no connection', { link: null }, 'it was made for another connection of this site'],
		['used before', { isUsed: true }, 'its id was used before'],
	])('N11: is refused when it is %s', (_name, change, because) => {
		const { outputs } = stepCommands(NO_COMMANDS, asked(change), 1_000);
		expect(outputs).toEqual([{ do: 'answer', result: { commandId: 'c1', outcome: 'refused', because } }]);
	});

	it.each([
		['another nonce', { nonce: 'n2' }, 0],
		['another command', { commandId: 'c2' }, 0],
		['a retained message', { retained: true }, 0],
		['the nonce too late', {}, LIMITS.commandNonceMs + 1],
	])('N11: does nothing on %s', (_name, change, afterMs) => {
		const { state } = stepCommands(NO_COMMANDS, asked(), 1_000);
		expect(stepCommands(state, confirm(change), 1_000 + afterMs).outputs).toEqual([]);
	});

	it('N11: whatever comes in whatever order, each acts once at most and never late', () => {
		const id = fc.constantFrom('c1', 'c2', 'c3');
		const nonce = fc.constantFrom('n1', 'n2', 'n3');
		const step = fc.record({
			waitMs: fc.nat(4_000),
			input: fc.oneof(
				fc.record({ commandId: id, nonce, retained: fc.boolean(), link: fc.constantFrom('link-1', 'link-0', null) }),
				fc.record({ commandId: id, nonce, retained: fc.boolean() }),
			),
		});
		fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => liveThrough(steps)));
	});
});

interface Step {
	readonly waitMs: number;
	readonly input: {
		readonly commandId: string;
		readonly nonce: string;
		readonly retained: boolean;
		readonly link?: string | null;
	};
}

function liveThrough(steps: readonly Step[]): void {
	let state = NO_COMMANDS;
	let nowMs = 0;
	const challengedAt = new Map<string, number>();
	const done = new Set<string>();
	for (const { waitMs, input } of steps) {
		nowMs += waitMs;
		const { commandId, nonce, retained, link } = input;
		const isUsed = done.has(commandId);
		const next =
			link === undefined
				? confirm({ commandId, nonce, retained })
				: asked({ command: command(commandId), nonce, retained, link, isUsed });
		const result = stepCommands(state, next, nowMs);
		state = result.state;
		expect(state.open.length).toBeLessThanOrEqual(LIMITS.commandsWaiting);
		for (const output of result.outputs) {
			if (output.do === 'challenge') challengedAt.set(commandId, nowMs);
			if (output.do !== 'carryOut') continue;
			expect(isUsed).toBe(false);
			expect(nowMs).toBeLessThanOrEqual(output.untilMs);
			expect(output.untilMs).toBe((challengedAt.get(commandId) ?? 0) + LIMITS.commandNonceMs);
			done.add(commandId);
		}
	}
}
