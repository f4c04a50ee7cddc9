import type { Clock } from '../../gateway/core/clock.ts';
import { encodeSolidJpeg } from '../push-camera/solid-jpeg.ts';
import { SIMULATED } from './open-port.ts';
import { createStillCapture, type TakeStill } from './still-capture.ts';

/** Real cameras by their node, simulated ones by `sim:NAME`: theirs is a grey picture that tells its moment. */
export function createTakeStill(clock: Clock, program?: string): TakeStill {
	const capture = createStillCapture(clock, program);
	return (question, signal) => {
		const { device, widthPx, heightPx } = question;
		if (!device.startsWith(SIMULATED)) return capture(question, signal);
		const comment = `${device} ${new Date(clock.nowMs()).toISOString()}`;
		// Small: a large one would cost the gateway what a camera costs a process of its own.
		const [width, height] = [Math.min(widthPx, 320), Math.min(heightPx, 180)];
		return Promise.resolve({ result: 'taken', bytes: encodeSolidJpeg(width, height, 96, comment) });
	};
}
