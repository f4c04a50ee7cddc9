import type { PulseGuard } from './pulse-guard.ts';
import type { UsbIdentity } from './usb-identity.ts';

/** How a serial line is set; 8N1 unless told. */
export interface LineSettings {
	readonly baud: number;
	readonly parity?: 'none' | 'even' | 'odd';
	readonly stopBits?: 1 | 2;
	/** Pulses on it end by what we send: a second process ends them when we can't any more. */
	readonly guarded?: boolean;
}

/** What an address is opened as; `guardedHid` as `guarded` of a line. */
export type PortSettings = LineSettings | 'hid' | 'guardedHid';

/**
 * A carrier of bytes or of HID reports, real or simulated, interchangeable. Opened once: after `onClosed` a new Port is
 * created. `onBytes` must be attached before `open` and stays attached: a serial port nobody reads
 * never reports its loss.
 */
export interface Port {
	/**
	 * Rejects with GatewayError PORT_UNAVAILABLE (its cause has the code `ENOENT` while nothing is plugged
	 * in), PORT_BUSY or SYSTEM_PART_MISSING, in words a technician can act on.
	 */
	open(): Promise<void>;
	/** Resolves when the bytes left the process; rejects with PORT_LOST. Bytes that could only leave after `notAfterMonotonicMs` (behind a hung write) never do. */
	write(bytes: Uint8Array, notAfterMonotonicMs?: number): Promise<void>;
	/** Changes the baud rate of an open port (OSDP COMSET). */
	setBaud(baud: number): Promise<void>;
	/** What only a HID device has; undefined for a line, and before it is open. */
	readonly hid?: HidAccess | undefined;
	/** Never rejects; `onClosed` is not called for a close that was asked for. A port still being opened is closed once it is. */
	close(): Promise<void>;
	/** Of an open port that is to be guarded. Absent: it is not, or nothing of it outlives this process (a simulated line). */
	readonly guard?: PulseGuard | undefined;
}

export interface PortEvents {
	onBytes(chunk: Uint8Array): void;
	/** The port was lost: unplugged, the other end gone. Called at most once. */
	onClosed(problem: string): void;
}

/**
 * An open HID device. Its input reports come one by one by `onBytes`, its output reports go one by one by `write`, each
 * with its report id first; 0 stands for a device without ids, and is never in front of what comes in.
 */
export interface HidAccess {
	/** As its descriptors tell. */
	readonly identity: UsbIdentity;
	/** What it types also reaches the console and the desktop of this machine. */
	readonly typesOnConsole: boolean;
	/** @param report its id first. Rejects with PORT_LOST, or PORT_UNAVAILABLE when the device refuses it; see `write` for the limit. */
	sendFeature(report: Uint8Array, notAfterMonotonicMs?: number): Promise<void>;
	/** @param length with the report id. @returns the report without its id, which some systems put in front. Rejects as `sendFeature`. */
	getFeature(reportId: number, length: number): Promise<Uint8Array>;
}

/** Makes an unopened port for an address: `/dev/serial/by-id/…`, `tcp://HOST:PORT`, `hid:by-path/…` or `sim:NAME`. */
export type OpenPort = (address: string, settings: PortSettings, events: PortEvents) => Port;
