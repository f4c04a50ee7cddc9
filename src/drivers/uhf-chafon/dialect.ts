import { type Answer, createAskingDialect, type Question, readAndSet } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import { createListeningDialect, type ReaderDialect } from '../tag-readers/dialect.ts';
import { createSettings } from '../uhf/settings.ts';
import { readBand, WHOLE_BANDS } from './band.ts';
import type { UhfChafonConfig } from './config.ts';
import { type ChafonFrame, COMMAND, encodeChafon, STATUS } from './frame.ts';
import { FAMILIES, type Family, readInventory } from './inventory.ts';

const TIMEOUT_MS = 500;
/** What a reader288 is told, in 100 ms, and what a reader18 comes with. */
const SCAN_TIME = 3;
const INVENTORY_TIMEOUT_MS = { reader288: 1_000, reader18: 1_500 } as const;
/** Slots for a handful of tags; session 0, so that a tag answers as long as it is there. */
const Q = 4;
const ANY_ADDRESS = 0xff;
/** Reader types of the manuals that list tags without antenna and strength. */
const TYPES_18: ReadonlySet<number> = new Set([0x03, 0x08, 0x09]);
const TYPES_288: ReadonlySet<number> = new Set([0x0c, 0x0f, 0x10, 0x16, 0x20, 0x8b]);

export function createChafonDialect(config: UhfChafonConfig): ReaderDialect<ChafonFrame> {
	return config.mode === 'listen' ? createActiveDialect(config) : createAnsweringDialect(config);
}

/** A reader in active mode says its tags by itself, as the answers it would give. */
function createActiveDialect({ family, rssiOffsetDbm }: UhfChafonConfig): ReaderDialect<ChafonFrame> {
	const families = family === 'auto' ? FAMILIES.toReversed() : [family];
	return createListeningDialect((frame) => {
		const told = families.map((each) => readInventory(frame, each, rssiOffsetDbm)).filter((each) => each !== undefined);
		return told.find((each) => 'reads' in each) ?? told[0] ?? { isStray: true };
	});
}

function createAnsweringDialect(config: UhfChafonConfig): ReaderDialect<ChafonFrame> {
	const { address, antennas, family: wanted, powerDbm = 0, region } = config;
	const settings = createSettings(config);
	const antennaFaults = new Map<number, string>();
	let identity: Readonly<Record<string, string>> = {};
	let family: Family | undefined;
	let round = 0;
	let fault: string | undefined;

	function takeInfo({ body }: ChafonFrame): void {
		const [, major = 0, minor = 0, type = 0, , highest = 0, lowest = 0, power = 0] = body;
		const band = readBand(highest, lowest);
		settings.power(power);
		settings.region(band.name);
		family = wanted === 'auto' ? familyOf(type) : wanted;
		const hex = type.toString(16).padStart(2, '0').toUpperCase();
		fault = family === undefined ? `it is of the unknown type ${hex}: write family, reader18 or reader288` : undefined;
		identity = {
			type: hex,
			firmware: `${major}.${minor}`,
			...(family !== undefined && { family }),
			...(band.range !== undefined && { band: band.range }),
		};
	}

	function antennaOfRound(): number {
		return antennas[round % antennas.length] ?? 1;
	}

	function takeInventory({ command, body: [status] }: ChafonFrame): Answer {
		if (command !== COMMAND.inventory) return 'none';
		if (status === STATUS.more) return 'more';
		noteAntenna(status);
		round += 1;
		return 'end';
	}

	function noteAntenna(status: number | undefined): void {
		const antenna = antennaOfRound();
		antennaFaults.delete(antenna);
		if (status === STATUS.antenna) antennaFaults.set(antenna, `antenna ${antenna} is not connected`);
		if (status === STATUS.illegalCommand || status === STATUS.length)
			antennaFaults.set(antenna, 'it does not know how it is asked for tags: is its family right?');
	}

	const info = ask(address, COMMAND.info, [], takeInfo);
	return createAskingDialect<ChafonFrame>({
		owns: (frame) => address === ANY_ADDRESS || frame.address === address,
		opening: [
			...readAndSet(info, ask(address, COMMAND.setPower, [powerDbm]), settings.mustSetPower),
			...readAndSet(
				info,
				ask(address, COMMAND.setRegion, WHOLE_BANDS[region ?? 'EU'] ?? []),
				settings.mustSetRegion,
			).slice(1),
		],
		inventory: {
			request: () => ({
				bytes: encodeInventory(address, family ?? 'reader288', antennaOfRound()),
				timeoutMs: INVENTORY_TIMEOUT_MS[family ?? 'reader288'],
				pauseMs: config.pollMs,
			}),
			take: takeInventory,
		},
		readsOf: (frame) => (family === undefined ? undefined : readInventory(frame, family, config.rssiOffsetDbm)) ?? {},
		forget() {
			settings.forget();
			antennaFaults.clear();
			identity = {};
			family = wanted === 'auto' ? undefined : wanted;
			fault = undefined;
		},
		fault: () => fault ?? [...antennaFaults.values()][0] ?? settings.fault(),
		identity: () => ({ ...identity, ...settings.identity() }),
	});
}

function familyOf(type: number): Family | undefined {
	if (TYPES_18.has(type)) return 'reader18';
	return TYPES_288.has(type) ? 'reader288' : undefined;
}

/** Q, session, no mask (in EPC memory, at 0, of length 0), target A, one antenna, longest time. */
function encodeInventory(address: number, family: Family, antenna: number): Uint8Array {
	const parameters = family === 'reader18' ? [] : [Q, 0, 1, 0, 0, 0, 0, 0x80 + antenna - 1, SCAN_TIME];
	return encodeChafon(address, COMMAND.inventory, parameters);
}

/** @param learn what an answer without error says */
function ask(
	address: number,
	command: number,
	data: readonly number[],
	learn?: (frame: ChafonFrame) => void,
): Question<ChafonFrame> {
	const bytes = encodeChafon(address, command, data);
	return {
		request: () => ({ bytes, timeoutMs: TIMEOUT_MS, pauseMs: 0 }),
		take(frame) {
			const [status] = frame.body;
			if (frame.command !== command || status === undefined) return 'none';
			if (status === STATUS.ok) learn?.(frame);
			return 'end';
		},
	};
}

const NAMES: Readonly<Record<number, string>> = {
	[COMMAND.inventory]: 'inventory',
	[COMMAND.info]: 'reader info',
	[COMMAND.setRegion]: 'set region',
	[COMMAND.setPower]: 'set power',
	[COMMAND.active]: 'tag in active mode',
};

/** A capture tells neither direction nor family: tags are taken from answers that one family's list fits exactly. */
export function explainChafon(frame: ChafonFrame): Explained {
	const { address, command, body } = frame;
	const name = NAMES[command] ?? command.toString(16);
	for (const family of FAMILIES.toReversed()) {
		const inventory = readInventory(frame, family);
		if (inventory === undefined || 'rejected' in inventory) continue;
		return { fields: { address, name, status: body[0], family }, reads: inventory.reads };
	}
	return { fields: { address, name, body: body.toHex() } };
}
