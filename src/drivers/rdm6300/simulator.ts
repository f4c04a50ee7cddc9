import { parseTag } from '../../gateway/core/tag.ts';
import type { DeviceSimulator } from '../driver.ts';
import type { Rdm6300Config } from './config.ts';
import { encodeEm } from './frame.ts';

/** An RDM6300 says a card again this often while it is there. */
const REPEAT_MS = 65;
const REPEATS = 4;

/** Modules that say each card; an ID-12 and an EM-18 once, an RDM6300 for a moment. */
export function createEmSimulator(configs: readonly Rdm6300Config[]): DeviceSimulator {
	const unpowered = new Set<string>();
	return {
		receive: () => [],
		stimulate(deviceId, what) {
			const config = configs.find(({ id }) => id === deviceId);
			if (config === undefined) return { problem: `there is no reader ${deviceId}` };
			const [word, argument = ''] = what.trim().split(/\s+/);
			const tag = parseTag(argument);
			if (word === 'card' && tag !== undefined && /^[0-9A-F]{10}$/.test(tag)) {
				if (unpowered.has(deviceId)) return { answers: [] };
				const bytes = encodeEm(Uint8Array.fromHex(tag), config.model);
				const times = config.model === 'rdm6300' ? REPEATS : 1;
				return { answers: Array.from({ length: times }, (_, index) => ({ bytes, delayMs: index * REPEAT_MS })) };
			}
			if (word === 'power' && argument === 'off') unpowered.add(deviceId);
			else if (word === 'power' && argument === 'on') unpowered.delete(deviceId);
			else
				return {
					problem: 'a 125 kHz reader knows "card" with ten hex digits, such as card 0F0368568B, and "power on|off"',
				};
			return { answers: [] };
		},
		outputs: () => ({}),
	};
}
