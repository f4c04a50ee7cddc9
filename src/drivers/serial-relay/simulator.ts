import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import type { SerialRelayConfig } from './config.ts';
import {
	decodeKmtronicCommand,
	decodeLcusSwitch,
	encodeKmtronicStates,
	KMTRONIC_LENGTH,
	LCUS_LENGTH,
} from './frame.ts';

const ANSWER_DELAY_MS = 3;
/** A pause this long between bytes begins a new command. */
const GAP_MS = 50;

/** Boards as LCUS and KMtronic make them: what is on stays on until told otherwise, also when nobody is there any more. */
export function createSerialRelaySimulator(clock: Clock, configs: readonly SerialRelayConfig[]): DeviceSimulator {
	const [config] = configs;
	const relays = Array.from({ length: config?.channels ?? 1 }, () => false);
	const length = config?.board === 'kmtronic' ? KMTRONIC_LENGTH : LCUS_LENGTH;
	let powered = true;
	let buffer: number[] = [];
	let lastByteMs = Number.NEGATIVE_INFINITY;

	function receive(bytes: Uint8Array): readonly SimulatedAnswer[] {
		const nowMs = clock.monotonicMs();
		if (nowMs - lastByteMs > GAP_MS) buffer = [];
		lastByteMs = nowMs;
		if (!powered) return [];
		buffer.push(...bytes.subarray(-64));
		const answers: SimulatedAnswer[] = [];
		while (buffer.length >= length) {
			const taken = obey(Uint8Array.from(buffer.slice(0, length)));
			buffer = buffer.slice(taken === undefined ? 1 : length);
			if (taken !== undefined && taken.length > 0) answers.push({ bytes: taken, delayMs: ANSWER_DELAY_MS });
		}
		return answers;
	}

	/** What it answers, perhaps nothing; undefined for bytes that are no command. */
	function obey(command: Uint8Array): Uint8Array | undefined {
		if (config?.board === 'kmtronic') return obeyKmtronic(command);
		const told = decodeLcusSwitch(command);
		if ('problem' in told) return undefined;
		if (told.channel <= relays.length) relays[told.channel - 1] = told.on;
		return new Uint8Array();
	}

	function obeyKmtronic(bytes: Uint8Array): Uint8Array | undefined {
		const command = decodeKmtronicCommand(bytes);
		switch (command.kind) {
			case 'none':
				return undefined;
			case 'switch':
				if (command.channel <= relays.length) relays[command.channel - 1] = command.on;
				return new Uint8Array();
			case 'look': {
				const isOn = relays[command.channel - 1];
				if (relays.length > 2 || isOn === undefined) return new Uint8Array();
				return encodeKmtronicStates(relays.slice(0, command.channel)).slice(-KMTRONIC_LENGTH);
			}
			case 'lookAll':
				return relays.length > 2 ? encodeKmtronicStates(relays) : new Uint8Array();
		}
	}

	return {
		receive,
		stimulate(deviceId, what) {
			if (deviceId !== config?.id) return { problem: `there is no board ${deviceId}` };
			const [kind, level] = what.trim().split(/\s+/);
			if (kind !== 'power' || (level !== 'on' && level !== 'off'))
				return { problem: 'a relay board knows "power on|off"' };
			powered = level === 'on';
			buffer = [];
			// They begin switched off.
			relays.fill(false);
			return { answers: [] };
		},
		outputs(deviceId) {
			if (deviceId !== config?.id) return {};
			return Object.fromEntries(
				Object.entries(config.outputs).map(([name, channel]) => [name, relays[channel - 1] === true]),
			);
		},
	};
}
