/** What a board's feature report says, or why it is none. */
export type RelayReport =
	| {
			/** Five characters, changed by the vendor's tool only. */
			readonly serial: string;
			/** Index 0 is channel 1. */
			readonly on: readonly boolean[];
	  }
	| { readonly problem: 'length' | 'serial' };

/** With its report id, 0. */
export const COMMAND_BYTES = 9;
export const REPORT_BYTES = 8;
const SERIAL_LENGTH = 5;
/** Relays of the largest board, one bit each. */
export const MAX_CHANNELS = 8;
const ON = 0xff;
const OFF = 0xfd;

/** `00 FF n …` on, `00 FD n …` off (darrylb123/usbrelay, pavel-a/usb-relay-hid). */
export function encodeSwitch(channel: number, on: boolean): Uint8Array {
	const command = new Uint8Array(COMMAND_BYTES);
	command[1] = on ? ON : OFF;
	command[2] = channel;
	return command;
}

/** What a board is told; undefined for what is no switching of one relay. */
export function decodeSwitch(command: Uint8Array): { readonly channel: number; readonly on: boolean } | undefined {
	const [id, what, channel = 0] = command;
	if (command.length !== COMMAND_BYTES || id !== 0 || (what !== ON && what !== OFF)) return undefined;
	return channel >= 1 && channel <= MAX_CHANNELS ? { channel, on: what === ON } : undefined;
}

export function encodeReport(serial: string, on: readonly boolean[]): Uint8Array {
	const report = new Uint8Array(REPORT_BYTES);
	for (let at = 0; at < SERIAL_LENGTH; at++) report[at] = serial.charCodeAt(at);
	report[REPORT_BYTES - 1] = on.reduce((mask, isOn, index) => (isOn ? mask | (1 << index) : mask), 0);
	return report;
}

/** Systems differ in whether the report id stands in front: the serial is found by what it looks like, the states are the last byte. */
export function decodeReport(report: Uint8Array): RelayReport {
	if (report.length !== REPORT_BYTES && report.length !== REPORT_BYTES + 1) return { problem: 'length' };
	const start = report.length - REPORT_BYTES;
	const characters = report.subarray(start, start + SERIAL_LENGTH);
	const isText = characters.every((byte) => byte > 0x20 && byte < 0x7f);
	if (!isText || report[start + SERIAL_LENGTH] !== 0) return { problem: 'serial' };
	const states = report.at(-1) ?? 0;
	return {
		serial: String.fromCharCode(...characters),
		on: Array.from({ length: MAX_CHANNELS }, (_, index) => ((states >>> index) & 1) === 1),
	};
}
