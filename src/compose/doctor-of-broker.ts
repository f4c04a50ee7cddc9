import { randomUUIDv7 } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DoctorCheck } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { STREAMS } from '../gateway/core/directory.ts';
import {
	CONNECTION_STEPS,
	type ConnectionStep,
	type ConnectionStepState,
} from '../gateway/services/connection-test.ts';
import { LOCK_FILE, lockStore } from '../gateway/store/store-lock.ts';
import type { Link } from '../sync/link.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { createConnectionTester } from '../sync/test-connection.ts';
import { gatewaySubscriptions } from '../sync/topics.ts';
import { watchLinks } from '../sync/watched-links.ts';
import { createSystemClock } from '../system-clock.ts';
import { brokerAccess } from './sync-with-central.ts';

/** What may mend itself, and what the site goes on without, is no failure of this machine. */
const PASSING: ReadonlySet<ConnectionStep> = new Set(['dns', 'tcp', 'read']);
const WITHOUT_MQTT: readonly ConnectionStep[] = ['settings', 'dns', 'tcp', 'tls'];

/** The way to central, step by step. The site's client id is used only where no gateway runs on the store: it would be pushed off. */
export async function brokerChecks(config: GatewayConfig): Promise<readonly DoctorCheck[]> {
	const { mqtt } = config;
	if (mqtt === undefined) return [];
	const { tenant, id: site } = config.site;
	const clock = createSystemClock();
	const isRunning = gatewayRuns(config.store.dir);
	const links = watchLinks(createMqttLinks(clock));
	const broker = () => brokerAccess(mqtt);
	let link: Link | undefined;
	const connect = () => {
		const options = { broker: broker(), clientId: `parkgate-${tenant}-${site}`, willDelayS: 0, sessionExpiryS: 0 };
		const subscriptions = () => gatewaySubscriptions(tenant, site, STREAMS);
		const nothing = () => undefined;
		link = links.openLink({ ...options, subscriptions }, { onUp: nothing, onDown: nothing, onMessage: nothing });
	};
	const tester = createConnectionTester(
		{ clock, tenant, site, broker, links, connect, gatewayEpoch: () => 'doctor', newId: randomUUIDv7 },
		isRunning ? WITHOUT_MQTT : CONNECTION_STEPS,
	);
	const { steps } = await tester.run();
	await link?.close();
	return [...steps.flatMap(checkOf), ...(isRunning ? [leftToTheGateway] : [])];
}

const leftToTheGateway: DoctorCheck = {
	name: 'broker login',
	result: 'ok',
	found: 'left to the gateway that runs; the Sync page of its console tests login and access rules',
};

function gatewayRuns(storeDir: string): boolean {
	if (!existsSync(path.join(storeDir, LOCK_FILE))) return false;
	try {
		lockStore(storeDir)[Symbol.dispose]();
		return false;
	} catch {
		// Held, or not ours to look at: then somebody else's gateway may run there.
		return true;
	}
}

function checkOf({ step, result, text }: ConnectionStepState): readonly DoctorCheck[] {
	const name = `broker ${step}`;
	if (text === null) return [];
	if (result !== 'failed') return [{ name, result: 'ok', found: text }];
	return PASSING.has(step)
		? [{ name, result: 'warning', found: text, fix: 'The gateway goes on without and tries again by itself.' }]
		: [{ name, result: 'failed', found: text }];
}
