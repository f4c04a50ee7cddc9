import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator } from '../driver.ts';
import { cardFromWords } from '../wiegand/card-words.ts';
import { bufferOf } from './card.ts';
import type { HidPcproxConfig } from './config.ts';
import { COMMAND, REPORT_BYTES } from './frame.ts';

/** So long a card is held to the reader. */
const SHOWN_MS = 600;
const STRIPPED = { leading: 1, trailing: 1 };
/** Firmware 7.3.0, as the readers tell it that the protocol was written down for. */
const INFO = Uint8Array.of(0, 0, 0x30, 0x07, 0, 0x01, 0x00, 0);

/** A pcProx reader: what it was asked by a feature report stands in the next one that is read. */
export function createPcproxSimulator(clock: Clock, config: HidPcproxConfig): DeviceSimulator {
	let isPowered = true;
	let shown: { readonly buffer: Uint8Array; readonly bitCount: number; readonly untilMs: number } | undefined;
	/** The length is told only once the bits were. */
	let toldBits: number | undefined;
	let next = new Uint8Array(REPORT_BYTES);

	function answerTo(command: number | undefined): Uint8Array<ArrayBuffer> {
		const answer = new Uint8Array(REPORT_BYTES);
		if (command === COMMAND.info) answer.set(INFO);
		if (command === COMMAND.page0) answer[2] = STRIPPED.leading | (STRIPPED.trailing << 4);
		if (command === COMMAND.card && shown !== undefined && clock.monotonicMs() < shown.untilMs) {
			answer.set(shown.buffer);
			toldBits = shown.bitCount;
		}
		if (command === COMMAND.cardInfo && toldBits !== undefined) {
			answer.fill(toldBits, 0, 2);
			toldBits = undefined;
		}
		return answer;
	}

	return {
		receive: () => [],
		stimulate(deviceId, what) {
			if (deviceId !== config.id) return { problem: `there is no reader ${deviceId}` };
			const [, word, rest = ''] = /^(\S*)\s*(.*)$/.exec(what.trim()) ?? [];
			const card = word === 'card' ? cardFromWords(rest) : undefined;
			const held = card === undefined ? undefined : bufferOf(card, STRIPPED);
			if (held !== undefined) shown = { ...held, untilMs: clock.monotonicMs() + SHOWN_MS };
			else if (word === 'power' && (rest === 'on' || rest === 'off')) isPowered = rest === 'on';
			else return { problem: 'this reader knows "card H10301 53 48062", "card 26:9ADDDF00" and "power on|off"' };
			return { answers: [] };
		},
		outputs: () => ({}),
		hid: {
			identity: { vendorId: '0c27', productId: '3bfa', manufacturer: 'RFIDeas', product: 'Simulated pcProx' },
			sendFeature(report) {
				next = answerTo(report[1]);
				return isPowered;
			},
			getFeature: () => (isPowered ? next : undefined),
		},
	};
}
