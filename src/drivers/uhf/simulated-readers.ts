import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator, SimulatedAnswer } from '../driver.ts';
import { type FrameSearch, isFrameError } from '../frame-search.ts';
import { createTagField, FIELD_STIMULI, type TagField } from './tag-field.ts';

/** Silence after which a command that began is forgotten. */
const GAP_MS = 100;

/** One simulated reader: its answers, and what it says unasked. */
export interface SimulatedReader<Frame> {
	/** What it answers to a command, when it is for it. */
	answer(frame: Frame): readonly SimulatedAnswer[];
	/** What it says by itself, each `everyMs` while it has power and a line. */
	readonly speaks?: { readonly everyMs: number; readonly say: () => readonly Uint8Array[] };
	/** It has power again. */
	restart(): void;
	/** Something else that may happen to it; undefined: it knows no such thing. */
	stimulate(what: string): { readonly problem?: string } | undefined;
	/** Outputs of the reader; most have none. */
	readonly stimuli: string;
}

/** Readers of one line, each with a field of tags, and with power or without. */
export function createSimulatedReaders<Config extends { readonly id: string }, Frame extends { readonly kind: string }>(
	clock: Clock,
	configs: readonly Config[],
	how: {
		readonly search: FrameSearch<Frame>;
		readonly antennas: number;
		readonly create: (config: Config, field: TagField) => SimulatedReader<Frame>;
	},
): DeviceSimulator {
	const readers = configs.map((config) => {
		const field = createTagField(clock, how.antennas);
		return { id: config.id, field, reader: how.create(config, field), powered: true };
	});
	let lastByteMs = 0;

	return {
		receive(bytes) {
			const nowMs = clock.monotonicMs();
			if (how.search.partial() && nowMs - lastByteMs > GAP_MS) how.search.timeout();
			lastByteMs = nowMs;
			return how.search.push(bytes).flatMap(({ item }) => {
				if (isFrameError(item)) return [];
				return readers.flatMap(({ reader, powered }) => (powered ? reader.answer(item) : []));
			});
		},
		stimulate(deviceId, what) {
			const found = readers.find(({ id }) => id === deviceId);
			if (found === undefined) return { problem: `there is no reader ${deviceId}` };
			const words = what.trim();
			if (words === 'power on' || words === 'power off') {
				found.powered = words === 'power on';
				if (found.powered) found.reader.restart();
				return { answers: [] };
			}
			const told = found.field.stimulate(words) ?? found.reader.stimulate(words);
			const { problem } = told ?? {
				problem: `this reader knows: ${FIELD_STIMULI}; power on|off; ${found.reader.stimuli}`,
			};
			return problem === undefined ? { answers: [] } : { problem };
		},
		connect(say) {
			const cancels = readers.map((entry) => {
				const { speaks } = entry.reader;
				return speaks === undefined
					? () => undefined
					: repeat(clock, speaks.everyMs, () => {
							if (entry.powered) for (const bytes of speaks.say()) say(bytes);
						});
			});
			return () => {
				for (const cancel of cancels) cancel();
			};
		},
		outputs: () => ({}),
	};
}

function repeat(clock: Clock, everyMs: number, run: () => void): Cancel {
	let cancel: Cancel = () => undefined;
	const plan = () => {
		cancel = clock.after(everyMs, () => {
			plan();
			run();
		});
	};
	plan();
	return () => cancel();
}
