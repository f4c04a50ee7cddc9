import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerAccess } from '../../src/compose/sync-with-central.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { BrokerAccess } from '../../src/sync/link.ts';
import { type Access, type ShippedBroker, startShippedBroker } from '../support/shipped-broker.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createThrowawayCa, type Issued } from '../support/throwaway-ca.ts';

const SITE = 'north';
const YAML = `site: { id: ${SITE}, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: db }
parks: [{ id: P1, areas: [{ id: A1 }] }]
devices: []
lanes: []
`;

let broker: ShippedBroker;
let ends: (() => unknown)[];
beforeEach(async () => {
	broker = await startShippedBroker('certificate', []);
	ends = [() => broker.stop()];
});
afterEach(async () => {
	for (const end of ends.toReversed()) await end();
});

function accessOf({ ca, cert, key }: Partial<Access>, url = broker.address): BrokerAccess {
	return { url, tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } };
}

function startSite(access: BrokerAccess | (() => BrokerAccess)) {
	const site = createSyncSite({ broker: access, site: SITE });
	ends.push(() => site.end());
	site.append(12);
	site.sync.start();
	return site;
}

/** Tries until this is what is said: where a broker closes at once, its reason may get lost on the way. */
async function says(access: BrokerAccess | (() => BrokerAccess), words: string | RegExp): Promise<void> {
	const site = startSite(access);
	const heard = new Set<string>();
	await until(
		`${words}`,
		() => {
			const { connected, problem } = site.sync.status();
			expect(connected).toBe(false);
			if (problem !== null) heard.add(problem);
			return typeof words === 'string' ? (problem ?? '').includes(words) : words.test(problem ?? '');
		},
		12_000,
	).catch((error: unknown) => {
		throw new Error(`${error}; said: ${[...heard].join(' | ')}`);
	});
	expect(site.sync.status()).toMatchObject({ connected: false, outboxDepth: 12 });
	// One sentence, ended, that names the broker where it was asked.
	expect(site.sync.status().problem).toMatch(/^(?:Broker mqtts:\/\/|mqtt\.).+[.?]$/);
	expect(site.sync.status().problem).not.toContain('BEGIN');
}

async function restartWith(certificate: Issued): Promise<void> {
	await broker.kill();
	writeFileSync(join(broker.dir, 'certs', 'broker.pem'), certificate.cert);
	writeFileSync(join(broker.dir, 'certs', 'broker.key'), certificate.key);
	await broker.start();
}

describe('D: TLS with client certificates on a real Mosquitto', () => {
	it('carries a whole session: events up, acknowledgements and snapshots down', async () => {
		const central = createTestCentral({ broker: accessOf(await broker.access('central')) });
		ends.push(() => central.end());
		central.start();
		const site = startSite(accessOf(await broker.access(SITE)));
		await until('acknowledged', () => site.sync.status().outboxDepth === 0);
		await until('in sync', () => site.sync.status().streams.every(({ syncedAtMs }) => syncedAtMs !== null));
	});

	it('names a broker whose authority is not known, given or not', async () => {
		const { cert = '', key = '' } = await broker.access(SITE);
		const other = await createThrowawayCa('Other CA');
		await says(accessOf({ cert, key, ca: other.pem }), 'into mqtt.ca');
		await says(accessOf({ cert, key }), 'an authority that this gateway does not trust');
	});

	it('names a broker’s certificate that has expired', async () => {
		await restartWith(await broker.brokerCa.issue('broker', { hosts: ['localhost'], endedMs: 60_000 }));
		await says(accessOf(await broker.access(SITE)), 'its certificate has expired; renew it at the broker');
	});

	it('names a broker’s certificate for another host, with the names it is for', async () => {
		await restartWith(await broker.brokerCa.issue('broker', { hosts: ['broker.example', '192.0.2.7'] }));
		await says(
			accessOf(await broker.access(SITE)),
			'its certificate is for broker.example, 192.0.2.7, not for the host',
		);
	});

	it('names a broker’s certificate that is none for servers', async () => {
		await restartWith(await broker.brokerCa.issue('broker'));
		await says(accessOf(await broker.access(SITE)), 'not made for servers');
	});

	it('names a client certificate that is missing', async () => {
		await says(accessOf(broker.nobody), 'it wants a client certificate; set mqtt.clientCert and mqtt.clientKey');
	});

	it('names a client certificate of an authority that the broker does not know', async () => {
		const other = await createThrowawayCa('Other CA');
		const access = { ...broker.nobody, ...(await other.issue(SITE)) };
		await says(accessOf(access), 'it does not know the authority that signed our client certificate');
	});

	it('names a client certificate that has expired, and one that is a server’s', async () => {
		const expired = await broker.sitesCa.issue(SITE, { endedMs: 60_000 });
		await says(accessOf({ ...broker.nobody, ...expired }), '(mqtt.clientCert) has expired; renew it');
		const server = await broker.sitesCa.issue(SITE, { hosts: ['localhost'] });
		await says(accessOf({ ...broker.nobody, ...server }), 'is not made for clients');
	});

	it('names certificates and keys that are none, or not of each other, before it asks anybody', async () => {
		const own = await broker.access(SITE);
		const empty = (what: string) => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
		await says(accessOf({ ...own, ca: empty('CERTIFICATE') }), 'mqtt.ca holds no certificate');
		await says(accessOf({ ...own, cert: empty('CERTIFICATE') }), 'mqtt.clientCert holds no certificate');
		await says(accessOf({ ...own, key: empty('PRIVATE KEY') }), 'mqtt.clientKey holds no private key');
		await says(accessOf({ ...own, key: empty('ENCRYPTED PRIVATE KEY') }), 'protected by a passphrase');
		const { key } = await broker.sitesCa.issue(SITE);
		await says(accessOf({ ...own, key }), 'mqtt.clientKey is not the key of mqtt.clientCert');
	});

	it('names a connection without TLS to a port that wants it', async () => {
		const url = broker.address.replace('mqtts:', 'mqtt:');
		const site = startSite({ url });
		await until('named', () => site.sync.status().problem?.includes('does it want TLS on this port') === true);
	});
});

describe('D: certificates and keys in files', () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'parkgate-rotation-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
	});

	function write(name: string, text: string, mode = 0o600): string {
		const file = join(dir, name);
		rmSync(file, { force: true });
		writeFileSync(file, text);
		chmodSync(file, mode);
		return file;
	}

	function writePair({ cert, key }: Partial<Issued>): void {
		write('site.crt', cert ?? '', 0o644);
		write('site.key', key ?? '');
	}

	/** As the daemon does: read once at the start, and the files again before every connection. */
	function configured(): () => BrokerAccess {
		write('ca.crt', broker.nobody.ca, 0o644);
		const mqtt = `mqtt: { url: "${broker.address}", ca: ca.crt, clientCert: site.crt, clientKey: site.key }\n`;
		const loaded = loadConfig({ file: write('gateway.yaml', YAML + mqtt), env: {}, driverSchemas: new Map() });
		if (loaded.result !== 'valid' || loaded.config.mqtt === undefined) throw new Error(JSON.stringify(loaded));
		const { mqtt: section } = loaded.config;
		return () => brokerAccess(section);
	}

	it('N11: that were rotated are used at the next connection, without a restart', async () => {
		writePair(await broker.access(SITE));
		const site = startSite(configured());
		await until('connected', () => site.sync.status().connected);
		const renewed = await createThrowawayCa('Sites CA of next year');
		await broker.kill();
		writeFileSync(join(broker.dir, 'ca_certificates', 'sites-ca.pem'), renewed.pem);
		await broker.start();
		await until(
			'the old one is refused',
			() => site.sync.status().problem?.includes('does not know the authority') === true,
		);
		const { cert, key } = await renewed.issue(SITE);
		// The two files change one after the other, with an attempt between them or not.
		write('site.crt', cert, 0o644);
		await until('the halves are told', () => site.sync.status().problem?.includes('not the key of') === true);
		write('site.key', key);
		await until('connected again', () => site.sync.status().connected);
	}, 180_000);

	it('that can’t be read, or that others can, are named with the file and how to mend it', async () => {
		writePair(await broker.access(SITE));
		const access = configured();
		const key = join(dir, 'site.key');
		chmodSync(key, 0o644);
		await says(access, `mqtt.clientKey: found ${key} with mode 0644, expected a file that only its owner can read`);
		await says(access, `Run: chmod 0600 ${key}.`);
		rmSync(key);
		await says(access, `mqtt.clientKey: found no file ${key}`);
		writePair(await broker.access(SITE));
		rmSync(join(dir, 'site.crt'));
		await says(access, `mqtt.clientCert: found no file ${join(dir, 'site.crt')}`);
	}, 180_000);
});
