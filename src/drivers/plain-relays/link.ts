import type { Cancel } from '../../gateway/core/clock.ts';
import type { CommandOutcome, Device, DeviceStatus, Holds, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { DriverDeps, SerialLink } from '../driver.ts';
import type { Port } from '../ports/port.ts';
import type { RelayBoardSettings, RelayDialect } from './dialect.ts';
import { sendGuarded } from './send-guarded.ts';
import { createRelaySession } from './session.ts';
import type { RelayEffect, RelayInput } from './session-input.ts';

interface PendingPulse {
	readonly command: PulseCommand;
	readonly resolve: (outcome: CommandOutcome) => void;
}

export interface RelayBoard extends RelayBoardSettings {
	readonly driver: string;
	/** Stable address as configured. */
	readonly port: string;
	/** What is known of it without asking. */
	readonly identity: Readonly<Record<string, string>>;
}

/** The running side of one board: time, port and promises around the session. */
export function createRelayLink(deps: DriverDeps, board: RelayBoard, dialect: RelayDialect): SerialLink {
	const { clock, events } = deps;
	const session = createRelaySession(board, dialect);
	const pulses = new Map<number, PendingPulse>();
	let sinceMs = clock.nowMs();
	let told = '';
	let pulseIds = 0;
	let port: Port | undefined;
	let cancelWake: Cancel | undefined;
	let cancelGuard: Cancel | undefined;

	function step(input: RelayInput): void {
		for (const effect of session.step(input)) act(effect);
		cancelWake?.();
		const atMs = session.wakeAtMs();
		const tick = () => step({ type: 'tick', nowMs: clock.monotonicMs() });
		cancelWake = atMs === undefined ? undefined : clock.after(Math.max(0, atMs - clock.monotonicMs()), tick);
	}

	function act(effect: RelayEffect): void {
		switch (effect.type) {
			case 'send':
				send(effect);
				return;
			case 'release':
				port?.guard?.release(effect.key);
				return;
			case 'outcome':
				pulses.get(effect.pulseId)?.resolve(effect.outcome);
				pulses.delete(effect.pulseId);
				return;
			case 'condition':
				tellCondition();
				return;
		}
	}

	function tellCondition(): void {
		const { state, problem = '', guard = '' } = session.view();
		const condition = JSON.stringify([state, problem, guard]);
		if (condition === told) return;
		told = condition;
		sinceMs = clock.nowMs();
		events.onStatus(status());
	}

	function send({ sendId, bytes, releases, pulse }: RelayEffect & { readonly type: 'send' }): void {
		sendGuarded(
			{ clock, port: () => port },
			{ bytes, deadlineMs: pulse?.deadlineMs, guarded: pulse?.guarded, releases },
			{
				onWritten: () => pulse && pulses.get(pulse.id)?.command.onWritten?.(),
				tell(report) {
					step({ ...report, sendId, nowMs: clock.monotonicMs() });
				},
			},
		);
	}

	function pulse(command: PulseCommand, switchTo?: boolean): Promise<CommandOutcome> {
		return new Promise((resolve) => {
			pulseIds += 1;
			pulses.set(pulseIds, { command, resolve });
			const maintained = switchTo === undefined ? {} : { switchTo };
			step({ type: 'pulse', id: pulseIds, command, nowMs: clock.monotonicMs(), ...maintained });
		});
	}

	function hold({ output, on }: Parameters<Holds['hold']>[0]): Promise<CommandOutcome> {
		const deadlineMonotonicMs = clock.monotonicMs() + LIMITS.vendAnswerMs;
		return pulse({ output, durationMs: 0, deadlineMonotonicMs }, on);
	}

	function status(): DeviceStatus {
		const { state, problem, lastSeenMs, outputs, name, guard, statistics } = session.view();
		return {
			id: board.id,
			driver: board.driver,
			address: board.port,
			state,
			...(problem !== undefined && { problem }),
			sinceMs,
			...(lastSeenMs !== undefined && {
				lastSeenMs: Math.round(clock.nowMs() - (clock.monotonicMs() - lastSeenMs)),
			}),
			identity: {
				...board.identity,
				...(name !== undefined && { name }),
				...(guard !== undefined && { guard }),
			},
			capabilities: hasOutputs ? ['opens'] : [],
			statistics: { ...statistics },
			inputs: {},
			outputs: Object.fromEntries(outputs),
		};
	}

	const hasOutputs = Object.keys(board.outputs).length > 0;
	const device: Device = {
		id: board.id,
		status,
		...(hasOutputs && { opens: { pulse: (command: PulseCommand) => pulse(command) }, holds: { hold } }),
	};
	return {
		devices: [device],
		start(opened) {
			cancelGuard?.();
			port = opened;
			cancelGuard = opened.guard?.watch((state) => step({ type: 'guard', state, nowMs: clock.monotonicMs() }));
			step({ type: 'opened', nowMs: clock.monotonicMs() });
		},
		onBytes: (chunk) => step({ type: 'bytes', chunk, nowMs: clock.monotonicMs() }),
		stop(problem) {
			cancelGuard?.();
			step({ type: 'closed', problem, nowMs: clock.monotonicMs() });
			port = undefined;
		},
	};
}
