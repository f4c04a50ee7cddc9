import type { Cancel } from '../../gateway/core/clock.ts';
import type { DriverDeps } from '../driver.ts';
import type { CameraInputs } from './config.ts';

/**
 * The camera's digital inputs as named levels. A camera repeats `active` while the input is on; not every
 * firmware reports its end, which `inputReleaseMs` then stands in for.
 */
export function createInputs(
	{ clock, events }: Pick<DriverDeps, 'clock' | 'events'>,
	config: CameraInputs & { readonly id: string },
) {
	const namesByPort = new Map(Object.entries(config.inputs ?? {}).map(([name, port]) => [port, name]));
	const levels = new Map<string, boolean>();
	const releases = new Map<string, Cancel>();

	const set = (input: string, active: boolean, monotonicMs: number) => {
		if (levels.get(input) === active) return;
		levels.set(input, active);
		events.onInput({ deviceId: config.id, input, active, atMs: clock.nowMs(), monotonicMs });
	};

	return {
		levels: (): Readonly<Record<string, boolean>> => Object.fromEntries(levels),
		/** False when no input of that number is configured. */
		change(port: number, active: boolean, monotonicMs: number): boolean {
			const input = namesByPort.get(port);
			if (input === undefined) return false;
			releases.get(input)?.();
			releases.delete(input);
			set(input, active, monotonicMs);
			if (active && config.inputReleaseMs !== undefined)
				releases.set(
					input,
					clock.after(config.inputReleaseMs, () => set(input, false, clock.monotonicMs())),
				);
			return true;
		},
	};
}
