import type { Communication } from './commands.ts';
import type { SecurityBlock } from './frame.ts';
import type { SecureChannel } from './secure-channel.ts';

/** What real readers do though the standard says otherwise. */
export interface ReaderQuirks {
	/** As it comes from the factory: it knows the default key only. */
	readonly isNew?: boolean;
	/** Sends no mark byte. */
	readonly unmarked?: boolean;
	/** Has no secure channel, whatever is configured. */
	readonly plainOnly?: boolean;
	/** Refuses frames with CRC. */
	readonly checksumOnly?: boolean;
	/** Tells who it is and what it can only inside the secure channel. */
	readonly secretive?: boolean;
	/** Answers SCRYPT in a block of type 12 instead of 14. */
	readonly oldRmac?: boolean;
	/** Does not encrypt status replies. */
	readonly clearStatus?: boolean;
}

export interface SimulatedReaderSettings {
	readonly address: number;
	readonly baud: number;
	readonly serial: number;
	/** Own key; without one it speaks in clear. */
	readonly key?: Uint8Array;
	readonly inputCount: number;
	readonly outputCount: number;
	readonly quirks: ReaderQuirks;
}

interface Output {
	on: boolean;
	/** A timed state ends then and becomes its opposite. */
	untilMs: number;
}

export interface SimulatedReaderState {
	readonly settings: SimulatedReaderSettings;
	address: number;
	baud: number;
	/** After the current answer: COMSET is confirmed at the old address and rate. */
	next: Communication;
	key: Uint8Array | undefined;
	/** Still has the default key only. */
	installMode: boolean;
	channel: SecureChannel | undefined;
	handshake:
		| { readonly randomOfPanel: Uint8Array; readonly randomOfReader: Uint8Array; readonly key: Uint8Array }
		| undefined;
	sequence: number | undefined;
	lastReply: Uint8Array | undefined;
	lastHeardMs: number;
	handshakes: number;
	/** Waiting for a poll. */
	readonly reports: Report[];
	readonly inputs: boolean[];
	readonly outputs: Output[];
	tamper: boolean;
	powerFailure: boolean;
}

export interface Report {
	readonly code: number;
	readonly data: Uint8Array;
	readonly security?: SecurityBlock;
}

export function createSimulatedReader(settings: SimulatedReaderSettings): SimulatedReaderState {
	return {
		settings,
		address: settings.address,
		baud: settings.baud,
		next: { address: settings.address, baud: settings.baud },
		key: settings.quirks.plainOnly ? undefined : settings.key,
		installMode: settings.quirks.isNew === true,
		channel: undefined,
		handshake: undefined,
		sequence: undefined,
		lastReply: undefined,
		lastHeardMs: 0,
		handshakes: 0,
		reports: [],
		inputs: Array.from({ length: settings.inputCount }, () => false),
		outputs: Array.from({ length: settings.outputCount }, () => ({ on: false, untilMs: Number.POSITIVE_INFINITY })),
		tamper: false,
		powerFailure: false,
	};
}

/** The session is gone, as after a power cycle. */
export function loseSession(r: SimulatedReaderState): void {
	r.channel = undefined;
	r.handshake = undefined;
	r.sequence = undefined;
	r.lastReply = undefined;
}

/** As a technician does it with the vendor's tool or a jumper: its key is the default one again. */
export function resetReader(r: SimulatedReaderState): void {
	loseSession(r);
	r.key = undefined;
	r.installMode = true;
}
