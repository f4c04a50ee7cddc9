import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { CommandOutcome, KeyWindowEnd, TakesKey } from '../../gateway/core/device.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { DriverDeps } from '../driver.ts';
import type { Port } from '../ports/port.ts';
import { type BusEffect, createBus } from './bus.ts';
import { COMMAND } from './codes.ts';
import { type Communication, encodeText } from './commands.ts';
import type { OsdpConfig } from './config.ts';
import { createReader, type Reader } from './reader.ts';
import { createPdSession, type PdSession } from './session.ts';
import type { SessionInput, SessionSettings, Showing, Work } from './session-state.ts';

/** How a piece of work ended. `communication`: what a COMSET set. */
export interface WorkAnswer {
	readonly outcome: CommandOutcome;
	readonly communication?: Communication;
}

/** One reader of the line with everything that belongs to it. */
export interface Member {
	readonly config: OsdpConfig;
	readonly reader: Reader;
	readonly session: PdSession;
	/** Always resolves; when the line is lost, with what is known then. */
	work(make: (id: number) => Work, onWritten?: () => void): Promise<WorkAnswer>;
	show(showings: readonly Showing[]): void;
	readonly keyWindow: TakesKey;
	onKeyWindowEnded(how: KeyWindowEnd): void;
}

/** Joins the pure bus with port, clock and listeners: one timer, one place that writes. */
export interface Line {
	readonly members: readonly Member[];
	open(port: Port): void;
	close(problem: string): void;
	receive(chunk: Uint8Array): void;
	/** Changes this side's rate, and begins anew with every reader; does nothing while the line is closed. */
	setBaud(baud: number): Promise<void>;
}

export function createLine(deps: DriverDeps, configs: readonly OsdpConfig[]): Line {
	const { clock } = deps;
	const answers = createAnswers();
	const seats = configs.map((config) => ({ config, session: createPdSession(settingsOf(config, deps)) }));
	const sessions = seats.map(({ session }) => session);
	const bus = createBus(sessions, configs[0]?.baud ?? 9600);
	const members = seats.map(({ config, session }, index): Member => {
		const counters = () => ({ ...session.counters, ...bus.counters });
		const reader = createReader(config, { ...deps, counters, lastReplyMs: session.lastReplyMs });
		const give = (input: SessionInput) => take(bus.give(index, input));
		return { config, session, reader, ...askingOf(clock, answers, give), ...keyWindowOf(clock, reader, give) };
	});
	let port: Port | undefined;
	let cancelTimer: Cancel | undefined;

	function pump(): void {
		cancelTimer?.();
		if (port === undefined) return;
		apply(bus.tick(clock.monotonicMs()));
		// A listener may have pumped meanwhile, or have closed the line.
		cancelTimer?.();
		const delayMs = bus.wakeMs() - clock.monotonicMs();
		if (port !== undefined && Number.isFinite(delayMs)) cancelTimer = clock.after(Math.max(0, delayMs), pump);
	}

	function apply(effects: readonly BusEffect[]): void {
		for (const effect of effects) {
			const member = members[effect.reader];
			if (effect.type === 'send') send(effect.reader, effect);
			else if (effect.type === 'outcome') answers.give(effect.id, effect);
			else if (member !== undefined) report(member, effect, deps.log);
		}
	}

	function send(index: number, { bytes, pulse }: BusEffect & { readonly type: 'send' }): void {
		const nowMs = clock.monotonicMs();
		if (port === undefined || (pulse !== undefined && nowMs > pulse.deadlineMs)) {
			apply(bus.give(index, { type: 'unsent', nowMs }));
			return;
		}
		// The loss itself is reported by the port to its owner, who closes this line.
		port.write(bytes, pulse?.deadlineMs).catch((err: unknown) => deps.log.debug({ err }, 'write failed'));
		if (pulse !== undefined) answers.written(pulse.id);
	}

	function take(effects: readonly BusEffect[]): void {
		apply(effects);
		pump();
	}

	return {
		members,
		open(opened) {
			port = opened;
			take(bus.open(clock.monotonicMs()));
		},
		close(problem) {
			port = undefined;
			cancelTimer?.();
			apply(bus.close(problem, clock.monotonicMs()));
		},
		receive(chunk) {
			if (port !== undefined) take(bus.receive(chunk, clock.monotonicMs()));
		},
		async setBaud(baud) {
			if (port === undefined) return;
			await port.setBaud(baud);
			take(bus.setBaud(baud, clock.monotonicMs()));
		},
	};
}

/** Tells a reader's listeners, on the spot: a card must not wait for the next poll. */
function report(member: Member, effect: BusEffect, log: Log): void {
	const { reader, config } = member;
	switch (effect.type) {
		case 'keys':
			reader.onKeys(effect.keys);
			break;
		case 'outputs':
			reader.onOutputs(effect.levels);
			break;
		case 'keyWindowEnded':
			member.onKeyWindowEnded(effect.how);
			break;
		case 'card':
			reader.onCard(effect.card, effect.payload);
			break;
		case 'inputs':
			reader.onLevels(effect.levels);
			break;
		case 'condition':
			reader.onCondition(effect.condition);
			// What stands on its display it forgot with its power.
			if (effect.condition.state === 'online' && config.display.idle !== undefined) {
				member.show([{ code: COMMAND.TEXT, data: encodeText(config.display.idle) }]);
			}
			break;
		case 'identity':
			reader.onIdentity(effect.identity);
			break;
		case 'capabilities':
			reader.onCapabilities(effect.capabilities);
			break;
		case 'notice':
			log.warn({ deviceId: config.id, note: effect.message }, 'reader notice');
			break;
		case 'send':
		case 'outcome':
	}
}

function askingOf(clock: Clock, answers: Answers, give: (input: SessionInput) => void): Pick<Member, 'work' | 'show'> {
	return {
		work: (make, onWritten) =>
			answers.expect((id) => give({ type: 'work', work: make(id), nowMs: clock.monotonicMs() }), onWritten),
		show: (showings) => give({ type: 'show', showings, nowMs: clock.monotonicMs() }),
	};
}

/** One window at a time; opened again, the one before ends untold. */
function keyWindowOf(
	clock: Clock,
	reader: Reader,
	give: (input: SessionInput) => void,
): Pick<Member, 'keyWindow' | 'onKeyWindowEnded'> {
	let told: ((how: KeyWindowEnd) => void) | undefined;
	return {
		keyWindow: {
			openKeyWindow(forMs, onEnd) {
				told = onEnd;
				reader.onKeyWindow(clock.nowMs() + forMs);
				const nowMs = clock.monotonicMs();
				give({ type: 'keyWindow', untilMs: nowMs + forMs, nowMs });
			},
			closeKeyWindow() {
				told = undefined;
				reader.onKeyWindow(undefined);
				give({ type: 'keyWindow', untilMs: undefined, nowMs: clock.monotonicMs() });
			},
		},
		onKeyWindowEnded(how) {
			const tell = told;
			told = undefined;
			reader.onKeyWindow(undefined);
			tell?.(how);
		},
	};
}

type Answers = ReturnType<typeof createAnswers>;

/** Who waits for the outcome of which piece of work. */
function createAnswers() {
	const waiting = new Map<
		number,
		{ readonly resolve: (answer: WorkAnswer) => void; onWritten?: (() => void) | undefined }
	>();
	let lastId = 0;
	return {
		expect(ask: (id: number) => void, onWritten?: () => void): Promise<WorkAnswer> {
			lastId += 1;
			const id = lastId;
			return new Promise((resolve) => {
				waiting.set(id, { resolve, onWritten });
				ask(id);
			});
		},
		/** Its bytes left for the first time. */
		written(id: number): void {
			const asked = waiting.get(id);
			const { onWritten } = asked ?? {};
			if (asked !== undefined) asked.onWritten = undefined;
			onWritten?.();
		},
		give(id: number, answer: WorkAnswer): void {
			waiting.get(id)?.resolve(answer);
			waiting.delete(id);
		},
	};
}

function settingsOf(config: OsdpConfig, deps: DriverDeps): SessionSettings {
	return {
		address: config.address,
		check: config.check,
		...(config.key !== undefined && { key: Uint8Array.fromHex(config.key) }),
		...(config.formerKey !== undefined && { formerKey: Uint8Array.fromHex(config.formerKey) }),
		onDowngrade: config.onDowngrade,
		mark: config.mark,
		pollMs: config.pollMs,
		asksInputs: Object.keys(config.inputs).length > 0,
		asksOutputs: Object.keys(config.outputs).length > 0,
		randomBytes: deps.randomBytes,
	};
}
