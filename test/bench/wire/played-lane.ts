import { osdp } from '../../../src/drivers/osdp/index.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createPtyPair } from '../../support/pty-pair.ts';
import { playBoard } from './played-board.ts';
import { playLine } from './played-line.ts';

/** Code of an OSDP card reply, after mark and header. */
const RAW = 0x50;
const CODE_AT = 6;
const PATIENCE_MS = 4_000;
const TRIES = 5;
/** After the barrier was told: its answer, the passage and what central says are done when the next card comes. */
const PAUSE_MS = 8;

/** An OSDP reader and a relay board on two pty pairs, played by this process. */
export async function playLane() {
	const readerPair = await createPtyPair();
	const boom = await playBoard();
	const clock = createSystemClock();
	const reader = { id: 'reader', driver: 'osdp', port: readerPair.near, baud: 115_200, address: 1 };
	let cardWrittenMs = 0;
	const readerLine = playLine({
		path: readerPair.far,
		deviceId: reader.id,
		simulator: osdp.createSimulator(clock, [osdp.config.parse(reader)]),
		onAnswer(bytes) {
			if (bytes[CODE_AT] === RAW) cardWrittenMs = performance.now();
		},
	});
	/** Resolves when the flash-on frame arrived, with the time since the card's bytes were written, ms; undefined: nothing opened. */
	async function present(tag: string, patienceMs: number): Promise<number | undefined> {
		const openedMs = await boom.opening(() => readerLine.stimulate(`card ${tag}`), patienceMs);
		return openedMs === undefined ? undefined : openedMs - cardWrittenMs;
	}

	return {
		reader,
		board: boom.board,
		/**
		 * The next vehicle comes once the one before is surely through: how long its barrier took, ms. On a machine that
		 * stalls a card may be read too soon after all, and is taken for the same vehicle's; then another one comes.
		 */
		async nextVehicle(nextTag: () => string, pauseMs = PAUSE_MS): Promise<number> {
			for (let tries = 0; tries < TRIES; tries++) {
				await new Promise((resolve) => setTimeout(resolve, pauseMs));
				const durationMs = await present(nextTag(), PATIENCE_MS);
				if (durationMs !== undefined) return durationMs;
			}
			throw new Error(`nothing opened for ${TRIES} cards`);
		},
		async close() {
			readerLine.close();
			await readerPair.close();
			await boom.close();
		},
	};
}

export type PlayedLane = Awaited<ReturnType<typeof playLane>>;
