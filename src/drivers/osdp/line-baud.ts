import type { Clock } from '../../gateway/core/clock.ts';
import type { CommandOutcome } from '../../gateway/core/device.ts';
import type { Communication } from './commands.ts';
import type { Line, Member } from './line.ts';

/** A reader that took the new rate is there within this: some restart for it. */
const FOLLOW_MS = 6_000;
const LOOK_EVERY_MS = 100;

/**
 * COMSET for every reader of the line, one after the other at the old rate, then the line itself. It counts as done for
 * a reader that answers at the new rate. When none does the line goes back to the old one.
 * @returns outcomes by device id, and the rate the line has afterwards
 */
export async function changeBaud(
	line: Line,
	clock: Clock,
	{ from, to }: { readonly from: number; readonly to: number },
): Promise<{ readonly outcomes: ReadonlyMap<string, CommandOutcome>; readonly baud: number }> {
	const outcomes = new Map<string, CommandOutcome>();
	for (const member of line.members) {
		const communication = { address: member.session.address(), baud: to };
		outcomes.set(member.config.id, await setCommunication(member, communication, to !== from));
	}
	const told = line.members.filter(({ config }) => outcomes.get(config.id)?.result === 'done');
	if (told.length === 0 || to === from) return { outcomes, baud: from };
	const sinceMs = clock.monotonicMs();
	await line.setBaud(to);
	await until(clock, sinceMs + FOLLOW_MS, () => told.every((member) => answeredSince(member, sinceMs)));
	for (const member of told) {
		if (answeredSince(member, sinceMs)) continue;
		const problem = `it confirmed ${to} baud and does not answer at it`;
		outcomes.set(member.config.id, { result: 'unknown', problem });
	}
	if (told.some((member) => answeredSince(member, sinceMs))) return { outcomes, baud: to };
	await line.setBaud(from);
	return { outcomes, baud: from };
}

/** @param leaves it is not to be reached at the line's rate afterwards */
export async function setCommunication(
	{ work }: Member,
	communication: Communication,
	leaves: boolean,
): Promise<CommandOutcome> {
	const { address, baud } = communication;
	const { outcome, communication: set } = await work((id) => ({ kind: 'communication', id, communication, leaves }));
	if (set === undefined || (set.address === address && set.baud === baud)) return outcome;
	return { result: 'failed', problem: `the reader chose address ${set.address} and ${set.baud} baud instead` };
}

function answeredSince({ session }: Member, sinceMs: number): boolean {
	const lastReplyMs = session.lastReplyMs();
	return lastReplyMs !== undefined && lastReplyMs > sinceMs;
}

async function until(clock: Clock, endMs: number, holds: () => boolean): Promise<void> {
	while (!holds() && clock.monotonicMs() < endMs) {
		await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
	}
}
