/** Commands, panel to reader (SIA OSDP v2.2, IEC 60839-11-5). */
export const COMMAND = {
	POLL: 0x60,
	ID: 0x61,
	CAP: 0x62,
	LSTAT: 0x64,
	ISTAT: 0x65,
	OSTAT: 0x66,
	RSTAT: 0x67,
	OUT: 0x68,
	LED: 0x69,
	BUZ: 0x6a,
	TEXT: 0x6b,
	COMSET: 0x6e,
	BIOREAD: 0x73,
	BIOMATCH: 0x74,
	KEYSET: 0x75,
	CHLNG: 0x76,
	SCRYPT: 0x77,
	ACURXSIZE: 0x7b,
	FILETRANSFER: 0x7c,
	MFG: 0x80,
	XWR: 0xa1,
	ABORT: 0xa2,
	PIVDATA: 0xa3,
	GENAUTH: 0xa4,
	CRAUTH: 0xa5,
	KEEPACTIVE: 0xa7,
} as const;

/** Replies, reader to panel. */
export const REPLY = {
	ACK: 0x40,
	NAK: 0x41,
	PDID: 0x45,
	PDCAP: 0x46,
	LSTATR: 0x48,
	ISTATR: 0x49,
	OSTATR: 0x4a,
	RSTATR: 0x4b,
	RAW: 0x50,
	FMT: 0x51,
	KEYPAD: 0x53,
	COM: 0x54,
	BIOREADR: 0x57,
	BIOMATCHR: 0x58,
	CCRYPT: 0x76,
	RMAC_I: 0x78,
	BUSY: 0x79,
	FTSTAT: 0x7a,
	PIVDATAR: 0x80,
	MFGSTATR: 0x83,
	MFGERRR: 0x84,
	MFGREP: 0x90,
	XRD: 0xb1,
} as const;

/** First data byte of a NAK. */
export const NAK = {
	BAD_CHECK: 1,
	BAD_LENGTH: 2,
	UNKNOWN_COMMAND: 3,
	SEQUENCE: 4,
	NO_SECURE_CHANNEL: 5,
	NOT_SECURED: 6,
	BIO_TYPE: 7,
	BIO_FORMAT: 8,
	CANNOT_PROCESS: 9,
} as const;

/** Types of the security control block. */
export const SCB = {
	CHLNG: 0x11,
	CCRYPT: 0x12,
	SCRYPT: 0x13,
	RMAC_I: 0x14,
	PANEL_MAC: 0x15,
	READER_MAC: 0x16,
	PANEL_ENCRYPTED: 0x17,
	READER_ENCRYPTED: 0x18,
} as const;

const COMMAND_NAMES = namesOf(COMMAND);
const REPLY_NAMES = namesOf(REPLY);

/** Name in the standard, or the code in hex. */
export function nameOfCode(reply: boolean, code: number): string {
	return (reply ? REPLY_NAMES : COMMAND_NAMES).get(code) ?? `0x${code.toString(16).padStart(2, '0')}`;
}

const NAK_TEXTS: ReadonlyMap<number, string> = new Map([
	[NAK.BAD_CHECK, 'it received damaged bytes'],
	[NAK.BAD_LENGTH, 'it did not expect that length'],
	[NAK.UNKNOWN_COMMAND, 'it does not know the command'],
	[NAK.SEQUENCE, 'it lost count of the messages'],
	[NAK.NO_SECURE_CHANNEL, 'it does not support the secure channel as asked'],
	[NAK.NOT_SECURED, 'it asks for a secure channel'],
	[NAK.BIO_TYPE, 'it does not know the biometric type'],
	[NAK.BIO_FORMAT, 'it does not know the biometric format'],
	[NAK.CANNOT_PROCESS, 'it cannot carry the command out'],
]);

/** Ends a sentence that begins with "the reader refused it:". */
export function textOfNak(reason: number | undefined): string {
	return reason === undefined
		? 'without a reason (NAK)'
		: `${NAK_TEXTS.get(reason) ?? 'unknown reason'} (NAK ${reason})`;
}

function namesOf(codes: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
	return new Map(Object.entries(codes).map(([name, code]) => [code, name]));
}
