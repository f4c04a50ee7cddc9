/** How a serial line is set; 8N1 unless told. */
export interface LineSettings {
	readonly baud: number;
	readonly parity?: 'none' | 'even' | 'odd';
	readonly stopBits?: 1 | 2;
}

/**
 * A carrier of bytes, real or simulated, interchangeable. Opened once: after `onClosed` a new Port is
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
	/** Never rejects; `onClosed` is not called for a close that was asked for. A port still being opened is closed once it is. */
	close(): Promise<void>;
}

export interface PortEvents {
	onBytes(chunk: Uint8Array): void;
	/** The port was lost: unplugged, the other end gone. Called at most once. */
	onClosed(problem: string): void;
}

/** Makes an unopened port for an address: `/dev/serial/by-id/…` or `sim:NAME`. */
export type OpenPort = (address: string, line: LineSettings, events: PortEvents) => Port;
