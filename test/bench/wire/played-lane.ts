import { osdp } from '../../../src/drivers/osdp/index.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createPtyPair } from '../../support/pty-pair.ts';
import { playBoard } from './played-board.ts';
import { playLine } from './played-line.ts';

/** Codes of OSDP replies, after mark and header. */
const ACK = 0x40;
const RAW = 0x50;
const CODE_AT = 6;
const PATIENCE_MS = 4_000;
const TRIES = 5;
/** After the barrier was told: its answer, the passage and what central says are done when the next card comes. */
const PAUSE_MS = 8;

export interface PlayedLaneOptions {
	/** They take turns: a lane's own reader is held to fewer cards a second than a bench shows. */
	readonly readers: number;
	/** Of each. */
	readonly pollMs: number;
}

/** OSDP readers and a relay board on a pty pair each, played by this process. */
export async function playLane({ readers, pollMs }: PlayedLaneOptions) {
	const boom = await playBoard();
	const played = await Promise.all(Array.from({ length: readers }, (_, n) => playReader(`reader${n + 1}`, pollMs)));
	let turn = 0;
	/** Resolves when the flash-on frame arrived, with the time since the card's bytes were written, ms; undefined: nothing opened. */
	async function present(tag: string): Promise<number | undefined> {
		const reader = played[turn++ % played.length];
		const openedMs = await boom.opening(() => reader?.show(tag), PATIENCE_MS);
		return openedMs === undefined || reader === undefined ? undefined : openedMs - reader.cardWrittenMs();
	}

	async function nextVehicle(nextTag: () => string): Promise<number> {
		for (let tries = 0; tries < TRIES; tries++) {
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
			const durationMs = await present(nextTag());
			if (durationMs !== undefined) return durationMs;
		}
		throw new Error(`nothing opened for ${TRIES} cards`);
	}

	return {
		readers: played.map(({ config }) => config),
		board: boom.board,
		/**
		 * The next vehicle comes once the one before is surely through: how long its barrier took, ms. On a machine that
		 * stalls a card may be read too soon after all, and is taken for the same vehicle's; then another one comes.
		 */
		nextVehicle,
		/** Its card is shown as soon as a reader has answered a poll: what was shown before nobody may use. */
		async firstVehicle(nextTag: () => string): Promise<void> {
			await played[0]?.polled;
			if ((await present(nextTag())) === undefined) throw new Error('nothing opened for the first card');
		},
		async close() {
			for (const reader of played) await reader.close();
			await boom.close();
		},
	};
}

async function playReader(id: string, pollMs: number) {
	const pair = await createPtyPair();
	const clock = createSystemClock();
	const config = { id, driver: 'osdp', port: pair.near, baud: 115_200, address: 1, pollMs };
	const polled = Promise.withResolvers<void>();
	let cardWrittenMs = 0;
	const line = playLine({
		path: pair.far,
		deviceId: id,
		simulator: osdp.createSimulator(clock, [osdp.config.parse(config)]),
		onAnswer(bytes) {
			if (bytes[CODE_AT] === RAW) cardWrittenMs = performance.now();
			// Of the commands of a start only a poll is answered so.
			if (bytes[CODE_AT] === ACK) polled.resolve();
		},
	});
	return {
		config,
		polled: polled.promise,
		show: (tag: string) => line.stimulate(`card ${tag}`),
		cardWrittenMs: () => cardWrittenMs,
		async close() {
			line.close();
			await pair.close();
		},
	};
}

export type PlayedLane = Awaited<ReturnType<typeof playLane>>;
