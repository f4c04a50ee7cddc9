import type { Cancel } from '../../gateway/core/clock.ts';
import type { CommandOutcome, Device, DeviceStatus, Holds, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { DriverDeps, SerialLink } from '../driver.ts';
import { sendGuarded } from '../plain-relays/send-guarded.ts';
import type { Port } from '../ports/port.ts';
import type { Board } from './board.ts';
import type { ModbusRelayConfig } from './config.ts';
import { createModbusSession } from './session.ts';
import type { SessionEffect, SessionInput } from './session-input.ts';

interface PendingPulse {
	readonly command: PulseCommand;
	readonly resolve: (outcome: CommandOutcome) => void;
}

type Send = SessionEffect & { readonly type: 'send' };

/** The running side of a line of boards: time, port and promises around the session. */
export function createModbusLink(deps: DriverDeps, configs: readonly ModbusRelayConfig[]): SerialLink {
	const { clock, events } = deps;
	const session = createModbusSession(configs);
	const pulses = new Map<number, PendingPulse>();
	const sinceMs = new Map(configs.map(({ id }) => [id, clock.nowMs()]));
	let pulseIds = 0;
	let port: Port | undefined;
	let cancelWake: Cancel | undefined;
	let cancelGuard: Cancel | undefined;

	function step(input: SessionInput): void {
		for (const effect of session.step(input)) act(effect);
		cancelWake?.();
		const atMs = session.wakeAtMs();
		cancelWake =
			atMs === undefined
				? undefined
				: clock.after(Math.max(0, atMs - clock.monotonicMs()), () =>
						step({ type: 'tick', nowMs: clock.monotonicMs() }),
					);
	}

	function act(effect: SessionEffect): void {
		switch (effect.type) {
			case 'send':
				send(effect);
				return;
			case 'release':
				port?.guard?.release(effect.key);
				return;
			case 'input': {
				const { boardId: deviceId, input, active } = effect;
				events.onInput({ deviceId, input, active, atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() });
				return;
			}
			case 'outcome':
				pulses.get(effect.pulseId)?.resolve(effect.outcome);
				pulses.delete(effect.pulseId);
				return;
			case 'condition': {
				sinceMs.set(effect.boardId, clock.nowMs());
				const board = session.boards.find(({ config }) => config.id === effect.boardId);
				if (board !== undefined) events.onStatus(statusOf(board));
				return;
			}
		}
	}

	function send({ sendId, bytes, releases, pulse }: Send): void {
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

	function pulse(boardId: string, command: PulseCommand, switchTo?: boolean): Promise<CommandOutcome> {
		return new Promise((resolve) => {
			pulseIds += 1;
			pulses.set(pulseIds, { command, resolve });
			const maintained = switchTo === undefined ? {} : { switchTo };
			step({ type: 'pulse', boardId, id: pulseIds, command, nowMs: clock.monotonicMs(), ...maintained });
		});
	}

	function hold(boardId: string, { output, on }: { readonly output: string; readonly on: boolean }) {
		const deadlineMonotonicMs = clock.monotonicMs() + LIMITS.vendAnswerMs;
		return pulse(boardId, { output, durationMs: 0, deadlineMonotonicMs }, on);
	}

	function statusOf({ config, state, problem, lastSeenMs, statistics, inputs, outputs }: Board): DeviceStatus {
		return {
			id: config.id,
			driver: config.driver,
			address: `${config.port} unit ${config.unit}`,
			state,
			...(problem === undefined ? {} : { problem }),
			sinceMs: sinceMs.get(config.id) ?? 0,
			...(lastSeenMs === undefined
				? {}
				: { lastSeenMs: Math.round(clock.nowMs() - (clock.monotonicMs() - lastSeenMs)) }),
			identity: {},
			capabilities: [
				...(hasAny(config.outputs) ? (['opens'] as const) : []),
				...(hasAny(config.inputs) ? (['reads inputs'] as const) : []),
			],
			statistics: { ...statistics },
			inputs: Object.fromEntries(
				[...inputs].flatMap(([name, { level }]) => (level === undefined ? [] : [[name, level]])),
			),
			outputs: Object.fromEntries(outputs),
		};
	}

	const devices = session.boards.map((board): Device => {
		const { id, outputs } = board.config;
		return {
			id,
			status: () => statusOf(board),
			...(hasAny(outputs) && {
				opens: { pulse: (command: PulseCommand) => pulse(id, command) },
				holds: { hold: (command: Parameters<Holds['hold']>[0]) => hold(id, command) },
			}),
		};
	});

	return {
		devices,
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

function hasAny(named: object): boolean {
	return Object.keys(named).length > 0;
}
