import type { Feedback } from '../../gateway/core/device.ts';
import { COMMAND } from './codes.ts';
import { type BuzzerCommand, encodeBuzzer, encodeLed, encodeText, type LedCommand } from './commands.ts';
import type { OsdpConfig } from './config.ts';
import type { Showing } from './session-state.ts';

interface FeedbackLook {
	readonly led: LedCommand;
	readonly buzzer?: BuzzerCommand;
	/** How long the text stands; absent: until another. */
	readonly textMs?: number;
}

/** A `wait` that nobody ends goes dark by itself. */
const WAIT_MS = 30_000;
const RESULT_MS = 3_000;

const LOOKS: Readonly<Record<Feedback, FeedbackLook>> = {
	granted: {
		led: { temporary: { onMs: 500, offMs: 0, on: 'green', off: 'green', durationMs: RESULT_MS } },
		buzzer: { onMs: 200, offMs: 100, count: 1 },
		textMs: RESULT_MS,
	},
	refused: {
		led: { temporary: { onMs: 300, offMs: 300, on: 'red', off: 'black', durationMs: RESULT_MS } },
		buzzer: { onMs: 200, offMs: 200, count: 3 },
		textMs: RESULT_MS,
	},
	wait: {
		led: { temporary: { onMs: 300, offMs: 300, on: 'amber', off: 'black', durationMs: WAIT_MS } },
		textMs: WAIT_MS,
	},
	idle: { led: { temporary: 'cancel' } },
};

/** The commands that show a feedback at reader 0 of a device. */
export function showingsOf(
	feedback: Feedback,
	{ feedback: uses, display }: Pick<OsdpConfig, 'feedback' | 'display'>,
): readonly Showing[] {
	const { led, buzzer, textMs } = LOOKS[feedback];
	const text = display[feedback];
	return [
		...(uses.led ? [{ code: COMMAND.LED, data: encodeLed(led) }] : []),
		...(uses.buzzer && buzzer !== undefined ? [{ code: COMMAND.BUZ, data: encodeBuzzer(buzzer) }] : []),
		...(text === undefined ? [] : [{ code: COMMAND.TEXT, data: encodeText(text, textMs) }]),
	];
}

/** Whether a reader shows anything at all. */
export function showsAnything({ feedback, display }: Pick<OsdpConfig, 'feedback' | 'display'>): boolean {
	return feedback.led || feedback.buzzer || Object.keys(display).length > 0;
}
