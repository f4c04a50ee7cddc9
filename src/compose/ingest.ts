import { randomBytes } from 'node:crypto';
import type { ConfiguredDevice, GatewayConfig } from '../config/gateway-config.ts';
import type { PushReceiver } from '../drivers/driver.ts';
import { type IngestListener, openIngestListener } from '../drivers/ports/http-push.ts';
import type { PushAuth } from '../drivers/ports/http-push-auth.ts';
import type { IngestCamera } from '../drivers/ports/http-push-handler.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { CameraPushes } from '../gateway/services/metrics.ts';

/** Opens the cameras' listener when the configuration has one. */
export async function openIngest(deps: {
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: Log;
	readonly receiver: (path: string) => PushReceiver | undefined;
}): Promise<IngestListener | undefined> {
	const { config, clock, log } = deps;
	if (config.ingest === undefined) return undefined;
	const cameras = config.devices.flatMap((device): IngestCamera[] => {
		const receiver = device.path === undefined ? undefined : deps.receiver(device.path);
		if (device.path === undefined || receiver === undefined) return [];
		const { auth, allow } = pushAccess(device);
		return [{ deviceId: device.id, path: device.path, auth, allow, receiver }];
	});
	return openIngestListener({ clock, log, randomBytes }, config.ingest, cameras);
}

/** The listener's figures as metrics name them. */
export function cameraPushes(listener: IngestListener): CameraPushes {
	// `requests` is the sum of the others and of those under way.
	const { connections, dropped, requests: _, ...outcomes } = listener.statistics();
	return { outcomes, connections, droppedConnections: dropped };
}

/** Every push driver's schema has `auth` and `allow`; the configuration checked them. */
export function pushAccess(device: ConfiguredDevice): { readonly auth: PushAuth; readonly allow?: readonly string[] } {
	return device as unknown as { auth: PushAuth; allow?: readonly string[] };
}
