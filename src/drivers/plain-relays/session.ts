import type { CommandOutcome, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { pulseLengthProblem } from '../pulse-length.ts';
import { createCondition, type RelayBoardView } from './condition.ts';
import type { RelayBoardSettings, RelayDialect, RelayStates } from './dialect.ts';
import { createEndings } from './endings.ts';
import type { RelayEffect, RelayInput } from './session-input.ts';
import { chooseTurn, type InFlight, keyOf, type WaitingPulse } from './turns.ts';

/** A guard says within this that it will end a pulse, or never. */
const GUARD_MS = 500;
/** A relay that was not seen off is told again after this. */
const TOLD_AGAIN_MS = 300;
/** Small controllers lose a command that comes right behind another. */
const BETWEEN_MS = 20;
const LOOK_MS = 1_000;
const SILENT_LOOK_MS = 2_000;
const FAILURES_TO_OFFLINE = 3;

/** One board that is only told on and off: one command at a time, and the gateway ends each pulse. */
export interface RelaySession {
	view(): RelayBoardView;
	step(input: RelayInput): readonly RelayEffect[];
	/** When to step with `tick`; undefined: nothing is planned. */
	wakeAtMs(): number | undefined;
}

export function createRelaySession(settings: RelayBoardSettings, dialect: RelayDialect): RelaySession {
	const statistics = { frames: 0, frameErrors: 0, timeouts: 0, pulses: 0, reconnects: 0, guardEnds: 0 };
	const framer = dialect.look?.createFramer();
	const condition = createCondition(settings.guard, () => effects.push({ type: 'condition' }));
	const endings = createEndings();
	const pulses: WaitingPulse[] = [];
	/** Switched on for good: a line that comes back lets none of them go. */
	const held = new Set<number>();
	const outputs = new Map<string, boolean>();
	let effects: RelayEffect[] = [];
	let name: string | undefined;
	let lastSeenMs: number | undefined;
	let isOpen = false;
	let opens = 0;
	let sends = 0;
	let failures = 0;
	let inFlight: InFlight | undefined;
	/** A write the port never ended; nothing is sent behind it. */
	let stuckSendId: number | undefined;
	let quietUntilMs = 0;
	let nextLookMs = 0;
	/** Switched and not yet seen so: the next answer tells. */
	let unconfirmed: WaitingPulse | undefined;

	function step(input: RelayInput): readonly RelayEffect[] {
		effects = [];
		handle(input);
		for (const pulse of pulses.filter(({ deadlineMs }) => input.nowMs > deadlineMs)) {
			pulses.splice(pulses.indexOf(pulse), 1);
			settle(pulse, { result: 'expired' });
		}
		takeTurn(input.nowMs);
		return effects;
	}

	function handle(input: RelayInput): void {
		const own = inFlight;
		switch (input.type) {
			case 'opened':
				begin(input.nowMs);
				return;
			case 'closed':
				end(input.problem);
				return;
			case 'bytes':
				receive(input.chunk, input.nowMs);
				return;
			case 'tick':
				if (own !== undefined && input.nowMs >= own.dueMs) miss(own, input.nowMs);
				return;
			case 'pulse':
				accept(input.id, input.command, input.switchTo);
				return;
			case 'written':
			case 'writeFailed':
			case 'unsent':
				noteSent(input);
				return;
			case 'guard':
				statistics.guardEnds = input.state.ends;
				condition.noteGuard(input.state);
				return;
		}
	}

	function noteSent(input: RelayInput & { readonly type: 'written' | 'writeFailed' | 'unsent' }): void {
		if (stuckSendId === input.sendId && input.type !== 'unsent') stuckSendId = undefined;
		const sent = inFlight;
		if (sent?.sendId !== input.sendId) return;
		if (input.type === 'written') onWritten(sent, input.nowMs);
		else if (input.type === 'writeFailed') miss({ ...sent, writing: false }, input.nowMs);
		else withhold(sent, input.problem);
	}

	function begin(nowMs: number): void {
		isOpen = true;
		opens += 1;
		if (opens > 1) statistics.reconnects += 1;
		inFlight = undefined;
		stuckSendId = undefined;
		failures = 0;
		quietUntilMs = nowMs + dialect.settleMs;
		nextLookMs = quietUntilMs;
		framer?.reset();
		// A pulse the gateway did not live to end.
		for (const channel of Object.values(settings.outputs)) if (!held.has(channel)) endings.plan(channel, quietUntilMs);
	}

	function end(why: string): void {
		// The port may still be there, when Parkgate stops: nothing else would end these pulses.
		if (isOpen && condition.state !== 'offline') {
			for (const channel of endings.channels) {
				sends += 1;
				const bytes = dialect.encodeSwitch(channel, false);
				effects.push({ type: 'send', sendId: sends, bytes, releases: keyOf(channel) });
			}
		}
		isOpen = false;
		if (inFlight?.turn.kind === 'pulse') settle(inFlight.turn.pulse, { result: 'unknown', problem: why });
		inFlight = undefined;
		goOffline(why);
	}

	function goOffline(why: string): void {
		settleUnconfirmed({ result: 'unknown', problem: why });
		for (const pulse of pulses.splice(0)) settle(pulse, { result: 'failed', problem: why });
		outputs.clear();
		condition.goOffline(why);
	}

	function accept(id: number, command: PulseCommand, switchTo: boolean | undefined): void {
		const refuse = (problem: string) =>
			effects.push({ type: 'outcome', pulseId: id, outcome: { result: 'failed', problem } });
		const channel = settings.outputs[command.output];
		const { durationMs, deadlineMonotonicMs: deadlineMs } = command;
		if (channel === undefined) return void refuse(`${settings.id} has no output ${command.output}`);
		const wrongLength = switchTo === undefined ? pulseLengthProblem(durationMs) : undefined;
		if (wrongLength !== undefined) return void refuse(wrongLength);
		if (!isOpen || condition.state === 'offline') return void refuse(condition.problem ?? 'the port is not open');
		const refusal = condition.refusal(switchTo === undefined);
		if (refusal !== undefined) return void refuse(refusal);
		if (pulses.length >= LIMITS.waitingPulses) return void refuse('too many pulses are waiting');
		pulses.push({ id, channel, durationMs, deadlineMs, ...(switchTo !== undefined && { switchTo }) });
	}

	function takeTurn(nowMs: number): void {
		if (!isOpen || inFlight !== undefined || stuckSendId !== undefined || nowMs < quietUntilMs) return;
		const canLook = dialect.look !== undefined;
		const turn = chooseTurn({ endings, pulses: condition.isReady() ? pulses : [], nextLookMs, canLook }, nowMs);
		if (turn === undefined) return;
		sends += 1;
		const dueMs = nowMs + dialect.answerMs + (turn.kind === 'pulse' ? GUARD_MS : 0);
		inFlight = { sendId: sends, turn, dueMs, writing: true };
		if (turn.kind === 'pulse') sendPulse(turn.pulse, nowMs);
		else if (turn.kind === 'look') sendLook(nowMs);
		else effects.push({ type: 'send', sendId: sends, bytes: dialect.encodeSwitch(turn.channel, false) });
	}

	function sendLook(nowMs: number): void {
		if (dialect.look === undefined) return;
		nextLookMs = nowMs + (condition.state === 'offline' ? SILENT_LOOK_MS : LOOK_MS);
		framer?.reset();
		effects.push({ type: 'send', sendId: sends, bytes: dialect.look.request });
	}

	function sendPulse(pulse: WaitingPulse, nowMs: number): void {
		const { id, channel, durationMs, deadlineMs, switchTo } = pulse;
		pulses.splice(pulses.indexOf(pulse), 1);
		statistics.pulses += 1;
		const bytes = dialect.encodeSwitch(channel, switchTo ?? true);
		if (switchTo !== undefined) {
			forgetEnding(channel);
			if (switchTo) held.add(channel);
			else held.delete(channel);
			effects.push({ type: 'send', sendId: sends, bytes, pulse: { id, deadlineMs } });
			return;
		}
		// From the moment it may be on, whatever becomes of it.
		endings.plan(channel, nowMs + durationMs);
		const guarded = { key: keyOf(channel), off: dialect.encodeSwitch(channel, false), endsInMs: durationMs };
		const hasGuard = settings.guard === 'required' || condition.guardProblem === undefined;
		effects.push({ type: 'send', sendId: sends, bytes, pulse: { id, deadlineMs, ...(hasGuard && { guarded }) } });
	}

	function withhold({ turn }: InFlight, problem: string | undefined): void {
		inFlight = undefined;
		if (turn.kind !== 'pulse') return;
		statistics.pulses -= 1;
		settle(turn.pulse, problem === undefined ? { result: 'expired' } : { result: 'failed', problem });
	}

	function onWritten(sent: InFlight, nowMs: number): void {
		const { turn } = sent;
		sent.writing = false;
		if (turn.kind === 'look') return;
		inFlight = undefined;
		quietUntilMs = nowMs + BETWEEN_MS;
		if (dialect.look !== undefined) {
			// The answer to the next look tells what became of it.
			nextLookMs = nowMs;
			if (turn.kind === 'pulse') unconfirmed = turn.pulse;
			else endings.postpone(turn.channel, nowMs + TOLD_AGAIN_MS);
			return;
		}
		failures = 0;
		condition.works();
		// A board that can't answer has taken it, as far as anybody can know.
		if (turn.kind === 'pulse') settle(turn.pulse, { result: 'done' });
		else if (endings.isToldEnough(turn.channel, nowMs)) forgetEnding(turn.channel);
	}

	function forgetEnding(channel: number): void {
		endings.drop(channel);
		effects.push({ type: 'release', key: keyOf(channel) });
	}

	function receive(chunk: Uint8Array, nowMs: number): void {
		for (const found of framer?.push(chunk) ?? []) {
			if (found.kind === 'frameError') statistics.frameErrors += 1;
			else if (inFlight?.turn.kind === 'look') onStates(found, nowMs);
		}
	}

	function onStates({ on, name: told, problem }: RelayStates, nowMs: number): void {
		inFlight = undefined;
		quietUntilMs = nowMs + BETWEEN_MS;
		failures = 0;
		statistics.frames += 1;
		lastSeenMs = nowMs;
		name = told ?? name;
		for (const [output, channel] of Object.entries(settings.outputs)) outputs.set(output, on[channel - 1] === true);
		condition.works(problem);
		for (const [channel, ending] of endings) if (ending.told > 0 && on[channel - 1] !== true) forgetEnding(channel);
		if (unconfirmed === undefined) return;
		const isAsTold = on[unconfirmed.channel - 1] === (unconfirmed.switchTo ?? true);
		settleUnconfirmed(isAsTold ? { result: 'done' } : { result: 'failed', problem: 'the board did not switch' });
	}

	function miss({ sendId, turn, writing }: InFlight, nowMs: number): void {
		inFlight = undefined;
		statistics.timeouts += 1;
		statistics.frameErrors += framer?.timeout().length ?? 0;
		failures += 1;
		quietUntilMs = nowMs + BETWEEN_MS;
		if (turn.kind === 'pulse')
			settle(turn.pulse, { result: 'unknown', problem: 'the port did not say that it took it' });
		if (turn.kind === 'off') endings.postpone(turn.channel, nowMs + TOLD_AGAIN_MS);
		if (writing) {
			stuckSendId = sendId;
			goOffline('the port takes no bytes; unplug the adapter and plug it in again');
			return;
		}
		settleUnconfirmed({ result: 'unknown', problem: 'no answer came' });
		if (failures >= FAILURES_TO_OFFLINE) goOffline('the board does not answer; check its power, its kind and its port');
	}

	function settleUnconfirmed(outcome: CommandOutcome): void {
		if (unconfirmed !== undefined) settle(unconfirmed, outcome);
		unconfirmed = undefined;
	}

	function settle(pulse: WaitingPulse, outcome: CommandOutcome): void {
		effects.push({ type: 'outcome', pulseId: pulse.id, outcome });
	}

	function wakeAtMs(): number | undefined {
		const deadlines = pulses.map(({ deadlineMs }) => deadlineMs + 1);
		if (inFlight !== undefined) return Math.min(inFlight.dueMs, ...deadlines);
		const canWork = isOpen && stuckSendId === undefined;
		const work = canWork ? [endings.nextMs(), dialect.look && nextLookMs].filter((ms) => ms !== undefined) : [];
		if (canWork && pulses.length > 0 && condition.isReady()) work.push(0);
		if (work.length === 0) return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
		return Math.max(quietUntilMs, Math.min(...work, ...deadlines));
	}

	return {
		step,
		wakeAtMs,
		view: () => ({
			...{ state: condition.state, problem: condition.problem, guard: condition.guardProblem },
			...{ lastSeenMs, outputs, name, statistics },
		}),
	};
}
