import type { Clock } from '../../gateway/core/clock.ts';
import type { CommandOutcome, Device, Feedback, Holds, PulseCommand } from '../../gateway/core/device.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { DeviceSetup, DriverDeps, SerialLink } from '../driver.ts';
import { pulseLengthProblem } from '../pulse-length.ts';
import { encodeOut, OUT_CONTROL } from './commands.ts';
import { BAUDS, type OsdpConfig } from './config.ts';
import { showingsOf, showsAnything } from './feedback.ts';
import { createLine, type Member } from './line.ts';
import { changeBaud, setCommunication } from './line-baud.ts';

export interface OsdpLink extends SerialLink {
	/** Undefined for a device that is not on this line. */
	setup(deviceId: string): DeviceSetup | undefined;
	/** COMSET for every reader of the line, then the line itself. @returns outcomes by device id; see `changeBaud` */
	setBaud(baud: number): Promise<ReadonlyMap<string, CommandOutcome>>;
}

export function createOsdpLink(deps: DriverDeps, configs: readonly OsdpConfig[]): OsdpLink {
	refuseSharedAddresses(configs);
	const line = createLine(deps, configs);
	let baud: number = configs[0]?.baud ?? 9600;
	async function setBaud(rate: number): Promise<ReadonlyMap<string, CommandOutcome>> {
		const { outcomes, baud: set } = await changeBaud(line, deps.clock, { from: baud, to: rate });
		baud = set;
		return outcomes;
	}
	return {
		devices: line.members.map((member) => deviceOf(member, deps.clock)),
		start: line.open,
		onBytes: line.receive,
		stop: line.close,
		setup(deviceId) {
			const member = line.members.find(({ config }) => config.id === deviceId);
			return member && setupOf(member, () => baud, setBaud);
		},
		setBaud,
	};
}

/** Two readers with one address answer at once, and neither is understood. */
function refuseSharedAddresses(configs: readonly OsdpConfig[]): void {
	const byAddress = new Map<number, OsdpConfig>();
	for (const config of configs) {
		const other = byAddress.get(config.address);
		byAddress.set(config.address, config);
		if (other === undefined) continue;
		const problem = `have address ${config.address} on ${config.port}: give each reader of a line its own`;
		throw new GatewayError('CONFIG_INVALID', `${other.id} and ${config.id} ${problem}`);
	}
}

function deviceOf({ config, reader, show, work, keyWindow }: Member, clock: Clock): Device {
	return {
		id: config.id,
		status: reader.status,
		...(Object.keys(config.outputs).length > 0 && {
			opens: { pulse: (command: PulseCommand) => pulse(config, work, command) },
			holds: { hold: (command: HoldCommand) => hold(config, work, command, clock.monotonicMs() + LIMITS.vendAnswerMs) },
		}),
		...(showsAnything(config) && { shows: { show: (feedback: Feedback) => show(showingsOf(feedback, config)) } }),
		...(config.key !== undefined && { takesKey: keyWindow }),
	};
}

async function pulse(config: OsdpConfig, work: Member['work'], command: PulseCommand): Promise<CommandOutcome> {
	const output = config.outputs[command.output];
	if (output === undefined) return { result: 'failed', problem: `${config.id} has no output ${command.output}` };
	const wrongLength = pulseLengthProblem(command.durationMs);
	if (wrongLength !== undefined) return { result: 'failed', problem: wrongLength };
	const data = encodeOut({ output, control: OUT_CONTROL.onTimed, durationMs: command.durationMs });
	const deadlineMs = command.deadlineMonotonicMs;
	return (await work((id) => ({ kind: 'pulse', id, data, deadlineMs }), command.onWritten)).outcome;
}

type HoldCommand = Parameters<Holds['hold']>[0];

/** Permanent on or off (OUT control 2 and 1): stays when the gateway is gone. */
async function hold(
	config: OsdpConfig,
	work: Member['work'],
	{ output: name, on }: HoldCommand,
	deadlineMs: number,
): Promise<CommandOutcome> {
	const output = config.outputs[name];
	if (output === undefined) return { result: 'failed', problem: `${config.id} has no output ${name}` };
	const data = encodeOut({ output, control: on ? OUT_CONTROL.on : OUT_CONTROL.off, durationMs: 0 });
	return (await work((id) => ({ kind: 'pulse', id, data, deadlineMs }))).outcome;
}

/** COMSET for address (0–126; the conversation goes on there) and rate of the line, KEYSET inside the secure channel. */
function setupOf(
	member: Member,
	baud: () => number,
	setBaud: (rate: number) => Promise<ReadonlyMap<string, CommandOutcome>>,
): DeviceSetup {
	return {
		async setBaud(rate) {
			if (!BAUDS.some((known) => known === rate)) {
				return { result: 'failed', problem: `${rate} is no rate of OSDP: use one of ${BAUDS.join(', ')}` };
			}
			return outcomeOfLine(await setBaud(rate));
		},
		setAddress: (address) => setCommunication(member, { address, baud: baud() }, false),
		async setKey(key) {
			return (await member.work((id) => ({ kind: 'key', id, key }))).outcome;
		},
	};
}

/** The line has the new rate when one reader has it; those that did not follow are named. */
function outcomeOfLine(outcomes: ReadonlyMap<string, CommandOutcome>): CommandOutcome {
	const problems = [...outcomes].flatMap(([id, outcome]) =>
		outcome.result === 'done' ? [] : [`${id}: ${'problem' in outcome ? outcome.problem : outcome.result}`],
	);
	return problems.length === 0 ? { result: 'done' } : { result: 'failed', problem: problems.join('; ') };
}
