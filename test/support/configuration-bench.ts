import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig, requireValid } from '../../src/compose/configuration.ts';
import { createConfigurationInForce } from '../../src/compose/configuration-in-force.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { Log } from '../../src/gateway/core/log.ts';
import type { GatewayHealth } from '../../src/gateway/services/configuration/configuration-view.ts';
import type { SiteConfiguration } from '../../src/gateway/services/configuration/site-configuration.ts';

/** What the technician wrote, with the secret of a simulated reader in it. */
export const GATEWAY_YAML = `# Written by the technician
site: { id: site-1, tenant: acme, name: North car park, timeZone: Europe/Brussels }
store: { dir: . }
parks: [{ id: P1, name: North, areas: [{ id: A1, name: Deck, capacity: 80 }] }]
devices:
  - { id: reader-1, driver: osdp, port: sim:bus, address: 1, cards: [H10301], key: ${'7C1E5D0943A8F26B90D4E3157A2C86BF'} }
`;

/** The configuration of a site whose gateway only seems to run; a new start is taken when `turn` is called. */
export function createTestConfiguration({ dir, clock, log }: { dir: string; clock: Clock; log: Log }) {
	const configFile = path.join(dir, 'gateway.yaml');
	writeFileSync(configFile, GATEWAY_YAML);
	let asked = false;
	let health: GatewayHealth = { linkUp: null, unready: [], devices: [], disturbed: [], fire: [] };
	const inForce = createConfigurationInForce({
		...{ configFile, clock, log },
		startAnew() {
			asked = true;
		},
	});
	function start(): SiteConfiguration {
		const { configuration } = inForce.choose(requireValid(readConfig(configFile)));
		configuration.attach({ health: () => health, onHistory() {} });
		return configuration;
	}
	const configuration = start();
	return {
		configuration,
		/** @returns whether a new start had been asked for. */
		turn(): boolean {
			if (!asked) return false;
			asked = false;
			configuration.detach();
			start();
			return true;
		},
		is(change: Partial<GatewayHealth>) {
			health = { ...health, ...change };
		},
	};
}
