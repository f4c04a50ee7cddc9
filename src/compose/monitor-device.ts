import type { MonitorOptions } from '../api/cli/handlers.ts';
import type { ConfiguredDevice } from '../config/gateway-config.ts';
import { isSecretSetting } from '../config/problem-report.ts';
import { decodeGroup } from '../drivers/decode-traffic.ts';
import type { PortDriver } from '../drivers/driver.ts';
import type { TappedBytes } from '../drivers/line-taps.ts';
import { encodeTraceHead, encodeTraceLine } from '../drivers/trace.ts';
import { createTrafficGroups, GROUP_GAP_MS, type TrafficGroup } from '../drivers/traffic-groups.ts';
import type { Cancel, Clock } from '../gateway/core/clock.ts';

/** Shows traffic as it comes, and what it says once it pauses; records it. */
export interface MonitoredTraffic {
	take(tapped: TappedBytes): void;
	/** Says what is left. */
	end(): void;
}

export function createMonitoredTraffic(
	clock: Clock,
	driver: PortDriver,
	device: ConfiguredDevice & { readonly port: string },
	{ onLine, onTrace }: Pick<MonitorOptions, 'onLine' | 'onTrace'>,
): MonitoredTraffic {
	const groups = createTrafficGroups();
	let cancelPause: Cancel | undefined;
	onTrace?.(encodeTraceHead({ driver: driver.kind, deviceId: device.id, settings: settingsOf(device) }));

	function tell(group: TrafficGroup | undefined): void {
		if (group === undefined) return;
		for (const { atMs, ...decoded } of decodeGroup(driver, group, device))
			onLine({ atMs, direction: 'decoded', decoded });
	}

	return {
		take(tapped) {
			cancelPause?.();
			tell(groups.add(tapped));
			onLine(tapped);
			onTrace?.(encodeTraceLine(tapped));
			cancelPause = clock.after(GROUP_GAP_MS, () => tell(groups.end()));
		},
		end() {
			cancelPause?.();
			tell(groups.end());
		},
	};
}

/** How bytes are to be read, and no secret. */
function settingsOf(device: ConfiguredDevice): Readonly<Record<string, unknown>> {
	return Object.fromEntries(Object.entries(device).filter(([name]) => !isSecretSetting(['devices', 0, name])));
}
