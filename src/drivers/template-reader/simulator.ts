import type { Clock } from '../../gateway/core/clock.ts';
import { parseTag } from '../../gateway/core/tag.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { isFrameError } from '../frame-search.ts';
import type { TemplateReaderConfig } from './config.ts';
import { ANSWER, COMMAND, createTemplateSearch, encodeTemplate, type TemplateFrame } from './frame.ts';

const ANSWER_DELAY_MS = 10;
/** So long a card is held to the reader. */
const SHOWN_MS = 300;

/**
 * The reader's side of the wire, in real bytes: the contract, `sim:` ports and `parkgate simulate device` use it. Do what
 * the manual says, not what the dialect expects.
 */
export function createTemplateSimulator(clock: Clock, configs: readonly TemplateReaderConfig[]): DeviceSimulator {
	const search = createTemplateSearch();
	let isPowered = true;
	let shown = { tag: new Uint8Array(0), untilMs: 0 };

	function answer({ command }: TemplateFrame): readonly SimulatedAnswer[] {
		if (command === COMMAND.whoAreYou) return say(command, new TextEncoder().encode('Template 1'));
		if (command !== COMMAND.look) return [];
		return say(command, clock.monotonicMs() < shown.untilMs ? shown.tag : new Uint8Array(0));
	}

	return {
		receive: (bytes) =>
			search.push(bytes).flatMap(({ item }) => (!isPowered || isFrameError(item) ? [] : answer(item))),
		stimulate(deviceId, what) {
			if (!configs.some(({ id }) => id === deviceId)) return { problem: `there is no reader ${deviceId}` };
			const [word, argument = ''] = what.trim().split(/\s+/);
			const tag = parseTag(argument);
			if (word === 'card' && tag !== undefined && /^([0-9A-F]{2}){4,16}$/.test(tag))
				shown = { tag: Uint8Array.fromHex(tag), untilMs: clock.monotonicMs() + SHOWN_MS };
			else if (word === 'power' && (argument === 'on' || argument === 'off')) isPowered = argument === 'on';
			else return { problem: 'a template reader knows "card" with 8 to 32 hex digits, and "power on|off"' };
			return { answers: [] };
		},
		outputs: () => ({}),
	};
}

function say(command: number, data: Uint8Array): readonly SimulatedAnswer[] {
	return [{ bytes: encodeTemplate(ANSWER | command, data), delayMs: ANSWER_DELAY_MS }];
}
