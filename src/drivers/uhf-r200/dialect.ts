import { type Answer, createAskingDialect, type Question, readAndSet } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect } from '../tag-readers/dialect.ts';
import { word } from '../uhf/epc.ts';
import { createSettings, type Region } from '../uhf/settings.ts';
import type { UhfR200Config } from './config.ts';
import { COMMAND, encodeR200, type R200Frame, readNotice, TYPE } from './frame.ts';

/** A module looks for tags for up to 100 ms before it says that there is none. */
const TIMEOUT_MS = 400;
const TEXTS = { model: 0, firmware: 1, maker: 2 } as const;
export const REGION_CODES: Readonly<Partial<Record<Region, number>>> = { CN: 1, US: 2, EU: 3, KR: 6 };
/** 840–845 MHz, no longer allowed in China; it can only be told. */
const CN_800 = 4;

export function regionOf(code: number): string {
	if (code === CN_800) return 'CN 800 MHz';
	return Object.entries(REGION_CODES).find(([, known]) => known === code)?.[0] ?? `unknown (${code})`;
}

export function createR200Dialect(config: UhfR200Config): ReaderDialect<R200Frame> {
	const settings = createSettings(config);
	const texts = new Map<string, string>();
	const { powerDbm = 0, region } = config;
	return createAskingDialect<R200Frame>({
		owns: ({ type }) => type !== TYPE.command,
		opening: [
			// A module that was left looking for tags by another program is told to stop.
			ask(COMMAND.stop, []),
			...Object.entries(TEXTS).map(([name, number]) =>
				ask(COMMAND.info, [number], ({ parameters }) => texts.set(name, textOf(parameters)), true),
			),
			...readAndSet(
				ask(COMMAND.getRegion, [], ({ parameters }) => settings.region(regionOf(parameters[0] ?? 0)), true),
				ask(COMMAND.setRegion, [REGION_CODES[region ?? 'EU'] ?? 0]),
				settings.mustSetRegion,
			),
			...readAndSet(
				ask(COMMAND.getPower, [], ({ parameters }) => settings.power(word(parameters, 0) / 100), true),
				ask(COMMAND.setPower, centidbm(powerDbm)),
				settings.mustSetPower,
			),
		],
		inventory: {
			request: () => ({
				bytes: encodeR200(TYPE.command, COMMAND.inventory),
				timeoutMs: TIMEOUT_MS,
				pauseMs: config.pollMs,
			}),
			// Nothing tells the last tag of a round: the others come within the pause.
			take: ({ command }) => (command === COMMAND.inventory || command === COMMAND.error ? 'end' : 'none'),
		},
		readsOf(frame) {
			const notice = readNotice(frame, config.checkEpc);
			if (notice === undefined) return {};
			return 'read' in notice ? { reads: [notice.read] } : notice;
		},
		forget() {
			settings.forget();
			texts.clear();
		},
		fault: settings.fault,
		identity: () => ({ ...Object.fromEntries(texts), ...settings.identity() }),
	});
}

/** @param learn what an answer without error says */
function ask(
	command: number,
	parameters: readonly number[],
	learn?: (frame: R200Frame) => void,
	optional?: true,
): Question<R200Frame> {
	const bytes = encodeR200(TYPE.command, command, parameters);
	return {
		request: () => ({ bytes, timeoutMs: TIMEOUT_MS, pauseMs: 0, ...(optional && { optional }) }),
		take(frame): Answer {
			if (frame.type !== TYPE.response) return 'none';
			if (frame.command === COMMAND.error) return 'end';
			if (frame.command !== command) return 'none';
			learn?.(frame);
			return 'end';
		},
	};
}

function centidbm(dbm: number): readonly number[] {
	const value = Math.round(dbm * 100);
	return [value >>> 8, value & 0xff];
}

/** The first byte says which text it is. */
function textOf(parameters: Uint8Array): string {
	return String.fromCharCode(...parameters.subarray(1))
		.replaceAll(/[^ -~]/g, '')
		.trim();
}

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
	Object.entries(COMMAND).map(([name, code]) => [code, name]),
);
const TYPES = ['command', 'response', 'notice'];

export function explainR200(frame: R200Frame): Explained {
	const { type, command, parameters } = frame;
	const fields = { type: TYPES[type], name: NAMES[command] ?? command.toString(16), parameters: parameters.toHex() };
	const notice = readNotice(frame, true);
	if (notice === undefined) return { fields };
	return 'read' in notice ? { fields, reads: [notice.read] } : { fields, rejected: notice.rejected };
}
