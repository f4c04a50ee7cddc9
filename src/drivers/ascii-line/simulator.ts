import { parseTag } from '../../gateway/core/tag.ts';
import type { DeviceSimulator } from '../driver.ts';
import { readLine } from '../text-line/line-pattern.ts';
import { createLineSimulator } from '../text-line/line-simulator.ts';
import type { AsciiLineConfig } from './config.ts';
import { patternOf } from './dialect.ts';
import { writeTag } from './notation.ts';

/** Readers that say a line for each card, as their entries describe it. */
export function createAsciiLineSimulator(configs: readonly AsciiLineConfig[]): DeviceSimulator {
	return createLineSimulator(configs, {
		textOf(config, words) {
			const tag = parseTag(words);
			const text = tag === undefined || tag.includes(':') ? undefined : writeTag(tag, config);
			return text !== undefined && readLine(patternOf(config), text) !== undefined ? text : undefined;
		},
		example: 'card 0F0368568B',
	});
}
