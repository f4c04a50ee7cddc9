import { type Answer, createAskingDialect, type Question, readAndSet } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect } from '../tag-readers/dialect.ts';
import { createSettings } from '../uhf/settings.ts';
import { readBand, WHOLE_BANDS } from './band.ts';
import type { UhfIndyConfig } from './config.ts';
import { CODE, COMMAND, encodeIndy, type IndyFrame, readInventory } from './frame.ts';

const TIMEOUT_MS = 500;
const INVENTORY_TIMEOUT_MS = 1_000;
/** Rounds of one inventory; more only makes its end come later. */
const ROUNDS = 1;
const ANY_ADDRESS = 0xff;
/** Codes with which an inventory ends that found nothing, or was disturbed. */
const USUAL: ReadonlySet<number> = new Set([CODE.ok, CODE.failed, CODE.inventoryError, CODE.noTag, CODE.bufferEmpty]);

export function createIndyDialect(config: UhfIndyConfig): ReaderDialect<IndyFrame> {
	const { address, antennas, powerDbm = 0, region } = config;
	const settings = createSettings(config);
	const faults = new Map<number, string>();
	let identity: Readonly<Record<string, string>> = {};
	let round = 0;
	/** The antenna the reader was last told; undefined: none yet. */
	let antennaSet: number | undefined;

	const antennaOfRound = () => antennas[round % antennas.length] ?? 1;

	function takeInventory(frame: IndyFrame): Answer {
		const antenna = antennaOfRound();
		if (frame.command === COMMAND.setAntenna && antennaSet !== antenna) {
			if (frame.data[0] === CODE.ok) faults.delete(antenna);
			else faults.set(antenna, `it does not switch to antenna ${antenna} (error ${hex(frame.data[0])})`);
			antennaSet = antenna;
			return 'end';
		}
		const answer = frame.command === COMMAND.inventory ? readInventory(frame) : undefined;
		if (answer === undefined) return 'none';
		if (answer.kind === 'tag' || answer.kind === 'rejected') return 'more';
		noteEnd(antenna, answer.kind === 'error' ? answer.code : undefined);
		round += 1;
		return 'end';
	}

	function noteEnd(antenna: number, code: number | undefined): void {
		if (code === CODE.antennaMissing) faults.set(antenna, `antenna ${antenna} is not connected`);
		else if (code !== undefined && !USUAL.has(code)) faults.set(antenna, `it cannot look for tags: error ${hex(code)}`);
		else faults.delete(antenna);
	}

	return createAskingDialect<IndyFrame>({
		owns: (frame) => address === ANY_ADDRESS || frame.address === address,
		opening: [
			ask(address, COMMAND.firmware, [], ({ data: [major = 0, minor = 0] }) => {
				identity = { ...identity, firmware: `${major}.${minor}` };
			}),
			...readAndSet(
				ask(address, COMMAND.getRegion, [], ({ data }) => {
					if (data.length < 3) return;
					const told = readBand(data);
					settings.region(told.region);
					identity = { ...identity, band: told.band };
				}),
				ask(address, COMMAND.setRegion, WHOLE_BANDS[region ?? 'EU'] ?? []),
				settings.mustSetRegion,
			),
			...readAndSet(
				ask(address, COMMAND.getPower, [], ({ data }) => settings.power(powerOf(data, antennas, powerDbm))),
				ask(address, COMMAND.setPower, [powerDbm]),
				settings.mustSetPower,
			),
		],
		inventory: {
			request: () =>
				antennaSet === antennaOfRound()
					? {
							bytes: encodeIndy(address, COMMAND.inventory, [ROUNDS]),
							timeoutMs: INVENTORY_TIMEOUT_MS,
							pauseMs: config.pollMs,
						}
					: {
							bytes: encodeIndy(address, COMMAND.setAntenna, [antennaOfRound() - 1]),
							timeoutMs: TIMEOUT_MS,
							pauseMs: 0,
						},
			take: takeInventory,
		},
		readsOf(frame) {
			const answer = readInventory(frame);
			if (answer?.kind === 'tag') return { reads: [answer.read] };
			return answer?.kind === 'rejected' ? { rejected: answer.why } : {};
		},
		forget() {
			settings.forget();
			faults.clear();
			identity = {};
			antennaSet = undefined;
		},
		fault: () => [...faults.values()][0] ?? settings.fault(),
		identity: () => ({ ...identity, ...settings.identity() }),
	});
}

/** One value for all antennas, or one for each: of those in use the one that is not as wanted. */
function powerOf(data: Uint8Array, antennas: readonly number[], wantedDbm: number): number {
	const used = data.length === 1 ? [...data] : antennas.map((antenna) => data[antenna - 1] ?? 0);
	return used.find((dbm) => dbm !== wantedDbm) ?? used[0] ?? 0;
}

/** @param learn what an answer says */
function ask(
	address: number,
	command: number,
	data: readonly number[],
	learn?: (frame: IndyFrame) => void,
): Question<IndyFrame> {
	const bytes = encodeIndy(address, command, data);
	return {
		request: () => ({ bytes, timeoutMs: TIMEOUT_MS, pauseMs: 0 }),
		take(frame) {
			if (frame.command !== command || frame.data.length === 0) return 'none';
			learn?.(frame);
			return 'end';
		},
	};
}

function hex(code: number | undefined): string {
	return (code ?? 0).toString(16).padStart(2, '0').toUpperCase();
}

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
	Object.entries(COMMAND).map(([name, code]) => [code, name]),
);

export function explainIndy(frame: IndyFrame): Explained {
	const { address, command, data } = frame;
	const fields = { address, name: NAMES[command] ?? hex(command), data: data.toHex() };
	const answer = readInventory(frame);
	if (answer?.kind === 'tag') return { fields, reads: [answer.read] };
	return answer?.kind === 'rejected' ? { fields, rejected: answer.why } : { fields };
}
