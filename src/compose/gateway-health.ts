import type { DeviceStatus } from '../gateway/core/device.ts';
import type { LanePhase } from '../gateway/core/lane/lane-state.ts';
import type { GatewayHealth } from '../gateway/services/configuration/configuration-view.ts';
import type { LaneView } from '../gateway/services/lanes/lane-view.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';

/** Somebody was let through and is not through yet, or is just being decided on. */
const UNDER_WAY: readonly LanePhase[] = ['opening', 'openWait', 'passing'];

/** How the gateway is, for whoever wants to start it anew. */
export function gatewayHealth(now: {
	readonly sync: SyncStatus;
	readonly unready: readonly { readonly problem: string }[];
	readonly devices: readonly DeviceStatus[];
	readonly lanes: readonly LaneView[];
}): GatewayHealth {
	const { sync, unready, devices, lanes } = now;
	const disturbed = lanes.flatMap(({ id, phase, mode }) => [
		...(UNDER_WAY.includes(phase) ? [`a vehicle is under way at ${id}`] : []),
		...(mode.kind === 'heldOpen' && mode.confirmed
			? [`${id} is held open, which somebody has to confirm after a new start`]
			: []),
	]);
	return {
		linkUp: sync.configured ? sync.connected : null,
		unready: unready.map(({ problem }) => problem),
		devices: devices.map(({ id, state }) => ({ id, isOnline: state === 'online' })),
		disturbed,
		fire: lanes.filter(({ fire }) => fire).map(({ id }) => id),
	};
}
