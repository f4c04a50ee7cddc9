import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { Capability, DeviceState, DeviceStatus } from '../../gateway/core/device.ts';

export interface PushStatusOptions {
	readonly id: string;
	readonly driver: string;
	/** Where its events are heard, for the technician. */
	readonly address: string;
	/** What is wrong before anything came, and what to do. */
	readonly awaiting: string;
	readonly vendor: string;
	readonly capabilities: readonly Capability[];
	/** Offline after this silence; undefined: silence is normal, such as on a quiet night. */
	readonly offlineAfterMinutes?: number | undefined;
}

/** The state of a camera nobody asks anything: it is known only by what it sends. */
export function createPushStatus(
	clock: Clock,
	options: PushStatusOptions,
	measure: () => Pick<DeviceStatus, 'statistics' | 'inputs'>,
	onStatus: (status: DeviceStatus) => void,
) {
	let state: DeviceState = 'starting';
	let problem: string | undefined = options.awaiting;
	let sinceMs = clock.nowMs();
	let lastSeenMs: number | undefined;
	let identity: Readonly<Record<string, string>> = {};
	let cancelSilence: Cancel | undefined;

	const status = (): DeviceStatus => ({
		id: options.id,
		driver: options.driver,
		address: options.address,
		state,
		...(problem === undefined ? {} : { problem }),
		sinceMs,
		...(lastSeenMs === undefined ? {} : { lastSeenMs }),
		identity: { vendor: options.vendor, ...identity },
		capabilities: options.capabilities,
		...measure(),
	});
	const become = (next: DeviceState, why?: string) => {
		if (next === state && why === problem) return;
		if (next !== state) sinceMs = clock.nowMs();
		state = next;
		problem = why;
		onStatus(status());
	};
	const awaitNext = () => {
		cancelSilence?.();
		const minutes = options.offlineAfterMinutes;
		if (minutes === undefined) return;
		const why = `nothing received for ${minutes} min; check the camera's power, network and push settings`;
		cancelSilence = clock.after(minutes * 60_000, () => become('offline', why));
	};
	awaitNext();

	return {
		status,
		become,
		/** Something came from the camera, understood or not. */
		seen(): void {
			lastSeenMs = clock.nowMs();
			awaitNext();
		},
		/** What the camera says of itself: shown, never relied on. */
		identify(told: Readonly<Record<string, string>>): void {
			identity = told;
		},
	};
}
