import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerChecks } from '../../src/compose/doctor-of-broker.ts';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { lockStore } from '../../src/gateway/store/store-lock.ts';
import { type ShippedBroker, startShippedBroker } from '../support/shipped-broker.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

let broker: ShippedBroker;
let dir: string;
let ends: (() => unknown)[];
beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), 'parkgate-doctor-'));
	broker = await startShippedBroker('password', ['north', 'central']);
	ends = [() => rmSync(dir, { recursive: true, force: true }), () => broker.stop()];
});
afterEach(async () => {
	for (const end of ends.toReversed()) await end();
});

function configured(mqtt: { readonly url: string; readonly password?: string | undefined }): GatewayConfig {
	writeFileSync(join(dir, 'ca.pem'), broker.nobody.ca);
	const file = join(dir, 'gateway.yaml');
	writeFileSync(
		file,
		`site: { id: north, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: db }
parks: [{ id: P1, areas: [{ id: A1 }] }]
devices: []
lanes: []
mqtt: ${JSON.stringify({ username: 'north', ca: 'ca.pem', ...mqtt })}
`,
	);
	const loaded = loadConfig({ file, env: {}, driverSchemas: new Map() });
	if (loaded.result === 'invalid') throw new Error(JSON.stringify(loaded.problems));
	return loaded.config;
}

const told = (checks: Awaited<ReturnType<typeof brokerChecks>>) =>
	checks.map(({ name, result }) => `${name} ${result}`);

describe('D: doctor and the way to central', () => {
	it('tries each step as the site where no gateway runs, and leaves nothing behind', async () => {
		const { password } = await broker.access('north');
		const central = createTestCentral({ broker: await centralAccess() });
		ends.push(() => central.end());
		central.start();
		await until('central is there', central.connected);
		const checks = await brokerChecks(configured({ url: broker.address, password }));
		const steps = ['settings', 'dns', 'tcp', 'tls', 'login', 'write', 'read', 'foreignWrite', 'foreignRead'];
		expect(told(checks)).toEqual(steps.map((step) => `broker ${step} ok`));
		expect(checks.every(({ found, fix }) => found.endsWith('.') && fix === undefined)).toBe(true);
	});

	it('tries no login beside a gateway that runs: it would be pushed off', async () => {
		const { password = '' } = await broker.access('north');
		const config = configured({ url: broker.address, password });
		const site = createSyncSite({
			broker: { url: broker.address, username: 'north', password, tls: { ca: broker.nobody.ca } },
			site: 'north',
		});
		ends.push(() => site.end());
		site.sync.start();
		await until('connected', () => site.sync.status().connected);
		using _held = lockStore(config.store.dir);
		const checks = await brokerChecks(config);
		expect(told(checks)).toEqual(['settings', 'dns', 'tcp', 'tls', 'login'].map((step) => `broker ${step} ok`));
		expect(checks.at(-1)?.found).toContain('left to the gateway that runs');
		expect(site.sync.statistics().connections).toBe(1);
	});

	it('fails where something has to be mended, and warns where the site only has to wait', async () => {
		const wrong = await brokerChecks(configured({ url: broker.address, password: 'wrong' }));
		expect(wrong.at(-1)).toMatchObject({
			name: 'broker login',
			result: 'failed',
			found: expect.stringContaining('mqtt.password'),
		});
		const { password } = await broker.access('north');
		const lonely = await brokerChecks(configured({ url: broker.address, password }));
		expect(lonely.find(({ name }) => name === 'broker read')).toMatchObject({ result: 'warning' });
		const nowhere = await brokerChecks(configured({ url: 'mqtts://localhost:1', password }));
		expect(nowhere.at(-1)).toMatchObject({ name: 'broker tcp', result: 'warning', fix: expect.any(String) });
	});

	async function centralAccess() {
		const { ca, username = '', password = '' } = await broker.access('central');
		return { url: broker.address, username, password, tls: { ca } };
	}
});
