import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { cardText } from '../text-line/card-lines.ts';
import type { HidKeyboardConfig } from './config.ts';
import { typeText } from './keys.ts';

/** Between two reports: a low-speed device is asked every 10 ms. */
const REPORT_MS = 10;

/** A reader that types each card. */
export function createKeyboardSimulator(config: HidKeyboardConfig): DeviceSimulator {
	let isPowered = true;

	function type(text: string): readonly SimulatedAnswer[] | undefined {
		const reports = typeText(config.end === 'silence' ? text : `${text}\n`);
		return reports?.map((bytes, index) => ({ bytes, delayMs: index * REPORT_MS }));
	}

	return {
		receive: () => [],
		stimulate(deviceId, what) {
			if (deviceId !== config.id) return { problem: `there is no reader ${deviceId}` };
			const [, word, rest = ''] = /^(\S*)\s*(.*)$/.exec(what.trim()) ?? [];
			if (word === 'power' && (rest === 'on' || rest === 'off')) {
				isPowered = rest === 'on';
				return { answers: [] };
			}
			const text = word === 'say' ? rest : word === 'card' ? cardText(config, rest) : undefined;
			const answers = text === undefined || text === '' ? undefined : type(text);
			if (answers === undefined)
				return { problem: 'this reader knows "card 0F0368568B", "say" with what it types, and "power on|off"' };
			return { answers: isPowered ? answers : [] };
		},
		outputs: () => ({}),
		hid: {
			identity: { vendorId: 'ffff', productId: '0035', product: 'Simulated wedge reader' },
			sendFeature: () => false,
			getFeature: () => undefined,
		},
	};
}
