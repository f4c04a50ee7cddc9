import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createPtyPair } from '../../support/pty-pair.ts';
import { playLine } from './played-line.ts';

/** Second byte of a request: write single coil; then the address, in the range of Waveshare's flash-on. */
const WRITE_COIL = 0x05;
const FLASH_ON_PAGE = 0x02;

/** A relay board on a pty pair, played by this process. */
export async function playBoard(id = 'boom') {
	const pair = await createPtyPair();
	const board = { id, driver: 'modbus-relay', port: pair.near, baud: 115_200, outputs: { open: 1 } };
	let opened: ((ms: number) => void) | undefined;
	const line = playLine({
		path: pair.far,
		deviceId: id,
		simulator: modbusRelay.createSimulator(createSystemClock(), [modbusRelay.config.parse(board)]),
		onReceived(bytes) {
			if (bytes[1] === WRITE_COIL && bytes[2] === FLASH_ON_PAGE) opened?.(performance.now());
		},
	});
	return {
		board,
		/** When the flash-on frame that follows `cause` was read; undefined: none within `patienceMs`. */
		opening(cause: () => void, patienceMs: number): Promise<number | undefined> {
			return new Promise((resolve) => {
				const end = (atMs: number | undefined) => {
					clearTimeout(timer);
					opened = undefined;
					resolve(atMs);
				};
				const timer = setTimeout(() => end(undefined), patienceMs);
				opened = end;
				cause();
			});
		},
		async close() {
			line.close();
			await pair.close();
		},
	};
}
