import type { GatewayConfig } from '../config/gateway-config.ts';
import type { EmergencyStore } from '../gateway/store/emergency-store.ts';

/** What runs on a store in memory: the journal of a copy must not reach central, its numbers belong to the store on the disk. */
export function withoutDisk({ mqtt: _, ...config }: GatewayConfig, { dir }: EmergencyStore): GatewayConfig {
	return { ...config, store: { dir }, evidence: { maxBytes: 0, maxImages: 0 } };
}
