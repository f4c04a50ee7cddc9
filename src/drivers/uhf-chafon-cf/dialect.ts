import { createAskingDialect, type Question, readAndSet } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect } from '../tag-readers/dialect.ts';
import { createSettings } from '../uhf/settings.ts';
import type { UhfChafonCfConfig } from './config.ts';
import { type CfFrame, COMMAND, encodeCf, readCfTag, STATUS } from './frame.ts';
import { parseParameters } from './parameters.ts';

const TIMEOUT_MS = 500;
const INVENTORY_TIMEOUT_MS = 1_000;
/** One round; by time (type 0) an inventory ends only when it is stopped. */
const ONE_ROUND = [1, 0, 0, 0, 1];
/** A reader that speaks by itself is asked for its parameters this often, to see that it lives. */
const ALIVE_MS = 2_000;
const ANY_ADDRESS = 0xff;

export function createCfDialect(config: UhfChafonCfConfig): ReaderDialect<CfFrame> {
	const { address, mode } = config;
	const settings = createSettings(config, false);
	let identity: Readonly<Record<string, string>> = {};
	let texts: Readonly<Record<string, string>> = {};
	let modeFault: string | undefined;

	function takeParameters({ body }: CfFrame): void {
		const told = parseParameters(body.subarray(1));
		if (told === undefined) return;
		settings.power(told.powerDbm);
		settings.region(told.region);
		const { workMode = 'unknown', antennas, band } = told;
		identity = { 'work mode': workMode, antennas: antennas.join(', '), band };
		modeFault = (mode === 'ask') === (workMode === 'answer') ? undefined : adviseMode(workMode, mode);
	}

	const parameters = ask(address, COMMAND.getParameters, [], takeParameters);
	const stop = ask(address, COMMAND.stop, []);
	return createAskingDialect<CfFrame>({
		owns: (frame) => address === ANY_ADDRESS || frame.address === address,
		opening: [
			// What another program may have left running; a reader that is to speak by itself is left alone.
			...(mode === 'ask' ? [stop] : []),
			ask(
				address,
				COMMAND.info,
				[],
				({ body }) => {
					texts = textsOf(body.subarray(1));
				},
				true,
			),
			...readAndSet(parameters, ask(address, COMMAND.setPower, [config.powerDbm ?? 0, 0]), settings.mustSetPower),
		],
		inventory:
			mode === 'listen'
				? { ...parameters, request: () => ({ ...parameters.request(), pauseMs: ALIVE_MS }) }
				: {
						request: () => ({
							bytes: encodeCf(address, COMMAND.inventory, ONE_ROUND),
							timeoutMs: INVENTORY_TIMEOUT_MS,
							pauseMs: config.pollMs,
						}),
						take: ({ command, body }) => {
							if (command !== COMMAND.inventory) return 'none';
							return body[0] === STATUS.ok ? 'more' : 'end';
						},
					},
		readsOf(frame) {
			const tag = readCfTag(frame);
			if (tag === undefined) return {};
			return 'read' in tag ? { reads: [tag.read] } : tag;
		},
		forget() {
			settings.forget();
			identity = {};
			texts = {};
			modeFault = undefined;
		},
		fault: () => modeFault ?? settings.fault(),
		identity: () => ({ ...texts, ...identity, ...settings.identity() }),
	});
}

function adviseMode(workMode: string, mode: UhfChafonCfConfig['mode']): string {
	const wanted = mode === 'ask' ? 'answer mode' : 'active or trigger mode';
	return `it is in ${workMode} mode and mode: ${mode} needs ${wanted}; set one or the other`;
}

/** @param learn what an answer without error says */
function ask(
	address: number,
	command: number,
	data: readonly number[],
	learn?: (frame: CfFrame) => void,
	optional?: true,
): Question<CfFrame> {
	const bytes = encodeCf(address, command, data);
	return {
		request: () => ({ bytes, timeoutMs: TIMEOUT_MS, pauseMs: 0, ...(optional && { optional }) }),
		take(frame) {
			if (frame.command !== command || frame.body.length === 0) return 'none';
			if (frame.body[0] === STATUS.ok) learn?.(frame);
			return 'end';
		},
	};
}

/** Texts of 32, 32 and 12 bytes of the device, then of its radio module (manual 2.2.7). */
function textsOf(data: Uint8Array): Readonly<Record<string, string>> {
	const fields = { hardware: [0, 32], firmware: [32, 64], serial: [64, 76] } as const;
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, [from, to]]) => {
			const text = String.fromCharCode(...data.subarray(from, to))
				.replaceAll(/[^ -~]/g, '')
				.trim();
			return text === '' ? [] : [[name, text]];
		}),
	);
}

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
	Object.entries(COMMAND).map(([name, code]) => [code, name]),
);

export function explainCf(frame: CfFrame): Explained {
	const { address, command, body } = frame;
	const fields = { address, name: NAMES[command] ?? command.toString(16), body: body.toHex() };
	const tag = readCfTag(frame);
	if (tag === undefined) return { fields };
	return 'read' in tag ? { fields, reads: [tag.read] } : { fields, rejected: tag.rejected };
}
