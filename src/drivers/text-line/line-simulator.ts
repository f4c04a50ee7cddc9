import type { DeviceSimulator } from '../driver.ts';
import type { LineFormat } from './line-search.ts';

/** A line as a device with this framing sends it. */
export function encodeLine(text: string, { start, end }: Pick<LineFormat, 'start' | 'end'>): Uint8Array {
	const ending = end === 'silence' ? '' : start === 'STX' ? '\x03' : '\r\n';
	return new TextEncoder().encode(`${start === 'STX' ? '\x02' : ''}${text}${ending}`);
}

/**
 * Devices that say lines of text and are never asked anything.
 * @param how.textOf the line of what is shown to the device; undefined when its pattern does not tell how to write it
 */
export function createLineSimulator<Config extends Pick<LineFormat, 'start' | 'end'> & { readonly id: string }>(
	configs: readonly Config[],
	how: { readonly textOf: (config: Config, words: string) => string | undefined; readonly example: string },
): DeviceSimulator {
	const unpowered = new Set<string>();
	return {
		receive: () => [],
		stimulate(deviceId, what) {
			const config = configs.find(({ id }) => id === deviceId);
			if (config === undefined) return { problem: `there is no reader ${deviceId}` };
			const [, word, rest = ''] = /^(\S*)\s*(.*)$/.exec(what.trim()) ?? [];
			if (word === 'power' && (rest === 'on' || rest === 'off')) {
				if (rest === 'off') unpowered.add(deviceId);
				else unpowered.delete(deviceId);
				return { answers: [] };
			}
			const text = word === 'say' ? rest : word === 'card' ? how.textOf(config, rest) : undefined;
			if (text === undefined || !/^[\t -~]{1,250}$/.test(text))
				return {
					problem: `this reader knows "${how.example}", "say" with the text of a whole line, and "power on|off"`,
				};
			return { answers: unpowered.has(deviceId) ? [] : [{ bytes: encodeLine(text, config), delayMs: 0 }] };
		},
		outputs: () => ({}),
	};
}
