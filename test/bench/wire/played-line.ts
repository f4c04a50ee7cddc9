import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';

/** The device's end of a pty: answers at once, as no real device could, so that only the gateway's time counts. */
export interface PlayedLine {
	/** Something happens to the device; told with its next answer, where it is asked (OSDP) or not. */
	stimulate(what: string): void;
	close(): void;
}

export interface PlayedLineOptions {
	readonly path: string;
	readonly deviceId: string;
	readonly simulator: DeviceSimulator;
	/** Before these bytes are written. */
	readonly onAnswer?: (bytes: Uint8Array) => void;
	/** As soon as they were read. */
	readonly onReceived?: (bytes: Uint8Array) => void;
}

export function playLine({ path, deviceId, simulator, onAnswer, onReceived }: PlayedLineOptions): PlayedLine {
	const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
	const stream = new ReadStream(descriptor);
	let open = true;

	function answer(answers: readonly { readonly bytes: Uint8Array }[]): void {
		for (const { bytes } of answers) {
			onAnswer?.(bytes);
			writeSync(descriptor, bytes);
		}
	}

	stream.on('data', (bytes: Buffer) => {
		onReceived?.(bytes);
		if (open) answer(simulator.receive(bytes));
	});
	// A pty whose other end is closed ends with an error; the bench has what it wanted.
	stream.on('error', () => undefined);
	return {
		stimulate(what) {
			const result = simulator.stimulate(deviceId, what);
			if ('problem' in result) throw new Error(result.problem);
			answer(result.answers);
		},
		close() {
			open = false;
			stream.destroy();
			// The stream may have closed it already.
			try {
				closeSync(descriptor);
			} catch (error) {
				if (!(error instanceof Error && 'code' in error && error.code === 'EBADF')) throw error;
			}
		},
	};
}
