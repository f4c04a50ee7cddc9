import { STILL_LIMITS } from './still-limits.ts';

/** Bounds of what lies between the gateway and its devices; part of LIMITS. */
export const PORT_LIMITS = {
	/** Bytes waiting at one port; a longest OSDP message is 1,440, and more waiting means the line has hung. */
	portWaitingBytes: 8_192,
	/** Reports waiting at one HID device: more than a bank of relays switched at once. */
	hidTurns: 64,
	/** Pulses waiting at one board while another command is under way: more were not meant to open one vehicle's barrier. */
	waitingPulses: 4,
	/** Tags remembered in front of one reader (a full car park), those of one lane just decided, and a reader's line of text (some 60 characters). */
	tagsInField: 512,
	settledReads: 64,
	readerLineLength: 256,
	/** What a driver remembers of one device over restarts. */
	deviceMemoryCharacters: 4_000,
	/** Bytes kept while looking for a Modbus frame (Modbus over Serial Line 2.5.1.1). */
	modbusFrameBytes: 256,
	...STILL_LIMITS,
} as const;
