import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { cardFromWords } from '../wiegand/card-words.ts';
import { REPLY } from './codes.ts';
import type { OsdpConfig } from './config.ts';
import { createOsdpFramer } from './framer.ts';
import { encodeKeypad, encodeLevels, encodeLstatr, encodeRaw } from './replies.ts';
import { answerCommand, outputLevels } from './simulated-reader.ts';
import {
	createSimulatedReader,
	loseSession,
	type ReaderQuirks,
	resetReader,
	type SimulatedReaderState,
} from './simulated-reader-state.ts';

/** Between the end of a command and the reader's answer. */
const ANSWER_DELAY_MS = 1;
const BOOT_MS = 1_500;
const BYTE_GAP_MS = 50;
/** A reader keeps the newest reports for the next polls. */
const MAX_REPORTS = 16;

interface SimulatedDevice {
	readonly config: OsdpConfig;
	readonly reader: SimulatedReaderState;
	unplugged: boolean;
	bootedAtMs: number;
}

/** Readers of one line. With a key they insist on the secure channel; new ones only know the default key. */
export function createOsdpSimulator(
	clock: Clock,
	configs: readonly OsdpConfig[],
	quirks: Readonly<Record<string, ReaderQuirks>> = {},
): DeviceSimulator {
	const framer = createOsdpFramer();
	const devices = configs.map((config, index) => createDevice(config, index, quirks[config.id] ?? {}));
	let lastByteMs = 0;
	return {
		receive(bytes, baud) {
			const nowMs = clock.monotonicMs();
			if (framer.partial() && nowMs - lastByteMs > BYTE_GAP_MS) framer.reset();
			lastByteMs = nowMs;
			const answers: SimulatedAnswer[] = [];
			for (const item of framer.push(bytes)) {
				if (item.kind === 'frameError') continue;
				for (const device of devices) {
					if (!hears(device, baud, nowMs)) continue;
					const answer = answerCommand(device.reader, item, nowMs);
					if (answer !== undefined) answers.push({ bytes: answer, delayMs: ANSWER_DELAY_MS });
				}
			}
			return answers;
		},
		baud() {
			const [first, ...others] = devices.map(({ reader }) => reader.baud);
			// While some have not followed yet the line stays where they are.
			const isOne = others.every((baud) => baud === first);
			return (isOne ? first : configs[0]?.baud) ?? 9600;
		},
		stimulate(deviceId, what) {
			const device = devices.find(({ config }) => config.id === deviceId);
			const problem = device === undefined ? `no reader ${deviceId}` : happen(device, what, clock.monotonicMs());
			return problem === undefined ? { answers: [] } : { problem };
		},
		outputs(deviceId) {
			const device = devices.find(({ config }) => config.id === deviceId);
			if (device === undefined) return {};
			const levels = outputLevels(device.reader, clock.monotonicMs());
			const named = Object.entries(device.config.outputs).map(([name, number]) => [name, levels[number] ?? false]);
			return Object.fromEntries(named);
		},
	};
}

function hears({ unplugged, bootedAtMs, reader }: SimulatedDevice, baud: number | undefined, nowMs: number): boolean {
	return !unplugged && nowMs >= bootedAtMs && (baud === undefined || baud === reader.baud);
}

function createDevice(config: OsdpConfig, index: number, quirks: ReaderQuirks): SimulatedDevice {
	const reader = createSimulatedReader({
		address: config.address,
		serial: index + 1,
		baud: config.baud,
		...(config.key !== undefined && !quirks.isNew && { key: Uint8Array.fromHex(config.key) }),
		inputCount: countOf(config.inputs),
		outputCount: countOf(config.outputs),
		quirks,
	});
	return { config, reader, unplugged: false, bootedAtMs: 0 };
}

function countOf(numbered: Readonly<Record<string, number>>): number {
	return Math.max(-1, ...Object.values(numbered)) + 1;
}

const ALLOWED =
	'card TAG, card FORMAT NUMBER, card FORMAT FACILITY NUMBER, keys DIGITS, tamper on|off, power on|off, input NAME on|off, reset, power-cycle, unplug, plug';

/** @returns the problem with what was asked */
function happen(device: SimulatedDevice, what: string, nowMs: number): string | undefined {
	const { reader } = device;
	const [word, ...rest] = what.trim().split(/\s+/);
	const on = rest.at(-1) === 'on';
	switch (word) {
		case 'card': {
			const bits = cardFromWords(rest.join(' '));
			if (bits === undefined) return `${rest.join(' ')} is no card: use a tag such as 26:9ADDDF00, or H10301 53 48062`;
			return report(reader, REPLY.RAW, encodeRaw(bits));
		}
		case 'keys':
			return report(reader, REPLY.KEYPAD, encodeKeypad((rest[0] ?? '').slice(0, 16)));
		case 'tamper':
			reader.tamper = on;
			return report(reader, REPLY.LSTATR, encodeLstatr(reader));
		case 'power':
			reader.powerFailure = !on;
			return report(reader, REPLY.LSTATR, encodeLstatr(reader));
		case 'input': {
			const number = device.config.inputs[rest[0] ?? ''];
			if (number === undefined) return `no input ${rest[0]}; there are ${Object.keys(device.config.inputs).join(', ')}`;
			reader.inputs[number] = on;
			return report(reader, REPLY.ISTATR, encodeLevels(reader.inputs));
		}
		case 'reset':
			resetReader(reader);
			return undefined;
		case 'power-cycle':
			restartReader(reader);
			device.bootedAtMs = nowMs + BOOT_MS;
			return undefined;
		case 'unplug':
			device.unplugged = true;
			return undefined;
		case 'plug':
			device.unplugged = false;
			return undefined;
		default:
			return `a reader knows: ${ALLOWED}`;
	}
}

function report(reader: SimulatedReaderState, code: number, data: Uint8Array): undefined {
	if (reader.reports.length === MAX_REPORTS) reader.reports.shift();
	reader.reports.push({ code, data });
}

function restartReader(reader: SimulatedReaderState): void {
	loseSession(reader);
	reader.reports.length = 0;
	for (const output of reader.outputs) Object.assign(output, { on: false, untilMs: Number.POSITIVE_INFINITY });
}
