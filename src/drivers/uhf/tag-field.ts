import type { Clock } from '../../gateway/core/clock.ts';
import { parseTag } from '../../gateway/core/tag.ts';
import { isEpcLength } from './epc.ts';

/** A car that drives through is seen this long by a simulated reader. */
const CARD_MS = 400;
const USUAL_RSSI_DBM = -55;
/** Tags one simulated reader can have in front of it. */
const MOST_TAGS = 64;

export interface TagInField {
	readonly code: Uint8Array;
	/** From 1. */
	readonly antenna: number;
	readonly rssiDbm: number;
}

/** What stands in front of a simulated reader's antennas. */
export interface TagField {
	present(): readonly TagInField[];
	/** @returns undefined when it knows no such thing; else what is wrong with it, or nothing */
	stimulate(what: string): { readonly problem?: string } | undefined;
}

export const FIELD_STIMULI =
	'card EPC, enter EPC and leave EPC, such as card E28011606000020A3B5C4D11 antenna 2 rssi -60';

export function createTagField(clock: Clock, antennas: number): TagField {
	const tags = new Map<string, TagInField & { readonly untilMs: number }>();

	function present(): readonly TagInField[] {
		const nowMs = clock.monotonicMs();
		for (const [key, { untilMs }] of tags) if (nowMs > untilMs) tags.delete(key);
		return [...tags.values()];
	}

	return {
		present,
		stimulate(what) {
			const [verb = '', epc = '', ...rest] = what.trim().split(/\s+/);
			if (!['card', 'enter', 'leave'].includes(verb)) return undefined;
			const tag = parseTag(epc);
			if (tag === undefined || tag.includes(':') || !isEpcLength(tag.length / 2))
				return { problem: `${epc} is no EPC: use 2 to 62 bytes in hex, such as E28011606000020A3B5C4D11` };
			const { antenna = 1, rssi = USUAL_RSSI_DBM, ...others } = figures(rest);
			if (Object.keys(others).length > 0 || antenna < 1 || antenna > antennas || rssi < -128 || rssi > 20)
				return { problem: `an antenna from 1 to ${antennas} and an rssi in dBm may follow the EPC` };
			const key = `${tag}@${antenna}`;
			if (verb === 'leave') tags.delete(key);
			else if (tags.size < MOST_TAGS) {
				const untilMs = verb === 'card' ? clock.monotonicMs() + CARD_MS : Number.POSITIVE_INFINITY;
				tags.set(key, { code: Uint8Array.fromHex(tag), antenna, rssiDbm: rssi, untilMs });
			}
			return {};
		},
	};
}

/** `antenna 2 rssi -60` as numbers by name. */
function figures(words: readonly string[]): Readonly<Record<string, number>> {
	const found: Record<string, number> = {};
	for (let at = 0; at < words.length; at += 2) {
		const value = Number(words[at + 1]);
		found[words[at] ?? ''] = Number.isInteger(value) ? value : Number.NaN;
	}
	return found;
}
