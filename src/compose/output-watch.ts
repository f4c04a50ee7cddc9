import type { DeviceSimulator } from '../drivers/driver.ts';
import type { Cancel, Clock } from '../gateway/core/clock.ts';

/** A pulse ends by the device's own time: no bytes tell of it. */
const LOOK_EVERY_MS = 50;

/** The same simulator, telling each output that goes on or off from now on. */
export function watchOutputs(watch: {
	readonly clock: Clock;
	readonly simulator: DeviceSimulator;
	readonly deviceId: string;
	readonly onChange: (output: string, isOn: boolean) => void;
}): { readonly simulator: DeviceSimulator; stop(): void } {
	const { clock, simulator, deviceId, onChange } = watch;
	let before = simulator.outputs(deviceId);
	let cancel: Cancel = clock.after(LOOK_EVERY_MS, lookAgain);

	function look(): void {
		const now = simulator.outputs(deviceId);
		for (const [output, isOn] of Object.entries(now)) if (isOn !== (before[output] ?? false)) onChange(output, isOn);
		before = now;
	}

	function lookAgain(): void {
		look();
		cancel = clock.after(LOOK_EVERY_MS, lookAgain);
	}

	return {
		simulator: {
			...simulator,
			receive(bytes, baud) {
				const answers = simulator.receive(bytes, baud);
				look();
				return answers;
			},
		},
		stop: () => cancel(),
	};
}
