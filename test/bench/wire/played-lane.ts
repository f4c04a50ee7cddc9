import { modbusRelay } from '../../../src/drivers/modbus-relay/index.ts';
import { osdp } from '../../../src/drivers/osdp/index.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createPtyPair } from '../../support/pty-pair.ts';
import { playLine } from './played-line.ts';

/** Second byte of a request: write single coil; then the address, in the range of Waveshare's flash-on. */
const WRITE_COIL = 0x05;
const FLASH_ON_PAGE = 0x02;
/** Code of an OSDP card reply, after mark and header. */
const RAW = 0x50;
const CODE_AT = 6;
const PATIENCE_MS = 5_000;

/** An OSDP reader and a relay board on two pty pairs, played by this process. */
export async function playLane() {
	const readerPair = await createPtyPair();
	const boardPair = await createPtyPair();
	const clock = createSystemClock();
	const reader = { id: 'reader', driver: 'osdp', port: readerPair.near, baud: 115_200, address: 1 };
	const board = { id: 'boom', driver: 'modbus-relay', port: boardPair.near, baud: 115_200, outputs: { open: 1 } };
	let cardWrittenMs = 0;
	let opened: ((ms: number) => void) | undefined;
	const readerLine = playLine({
		path: readerPair.far,
		deviceId: reader.id,
		simulator: osdp.createSimulator(clock, [osdp.config.parse(reader)]),
		onAnswer(bytes) {
			if (bytes[CODE_AT] === RAW) cardWrittenMs = performance.now();
		},
	});
	const boardLine = playLine({
		path: boardPair.far,
		deviceId: board.id,
		simulator: modbusRelay.createSimulator(clock, [modbusRelay.config.parse(board)]),
		onReceived(bytes) {
			if (bytes[1] === WRITE_COIL && bytes[2] === FLASH_ON_PAGE) opened?.(performance.now());
		},
	});

	/** Resolves when the flash-on frame arrived, with the time since the card's bytes were written, ms. */
	function read(tag: string, patienceMs = PATIENCE_MS): Promise<number> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`nothing opened for ${tag}`)), patienceMs);
			opened = (atMs) => {
				clearTimeout(timer);
				opened = undefined;
				resolve(atMs - cardWrittenMs);
			};
			readerLine.stimulate(`card ${tag}`);
		});
	}

	return {
		reader,
		board,
		read,
		async close() {
			readerLine.close();
			boardLine.close();
			await readerPair.close();
			await boardPair.close();
		},
	};
}

export type PlayedLane = Awaited<ReturnType<typeof playLane>>;
