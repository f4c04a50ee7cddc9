import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { type Mosquitto, startMosquitto, writePasswords } from './mosquitto.ts';
import { createThrowawayCa, type Issued } from './throwaway-ca.ts';

const SHIPPED = join(import.meta.dirname, '..', '..', 'config', 'mosquitto');

export type BrokerVariant = 'password' | 'certificate';

/** How one name gets in. */
export interface Access {
	readonly ca: string;
	readonly username?: string;
	readonly password?: string;
	readonly cert?: string;
	readonly key?: string;
}

export interface ShippedBroker extends Mosquitto {
	/** `mqtts://` with a name that its certificate has. */
	readonly address: string;
	/** Of a name that the broker knows, or makes known by a certificate. */
	access(name: string): Promise<Access>;
	/** Without what the listener asks for. */
	readonly nobody: Access;
	/** A connection; rejects where the broker refuses it. */
	connect(access: Access, clientId: string): Promise<MqttClient>;
	/** The directory that stands for /etc/mosquitto. */
	readonly dir: string;
	readonly sitesCa: Awaited<ReturnType<typeof createThrowawayCa>>;
	readonly brokerCa: Awaited<ReturnType<typeof createThrowawayCa>>;
}

/** `names`: who has a password. A Mosquitto with the files of config/mosquitto as they are shipped: only the port and the directory are other ones. */
export async function startShippedBroker(variant: BrokerVariant, names: readonly string[]): Promise<ShippedBroker> {
	const [brokerCa, sitesCa] = await Promise.all([createThrowawayCa('Broker CA'), createThrowawayCa('Sites CA')]);
	const own = await brokerCa.issue('broker', { hosts: ['localhost', '127.0.0.1'] });
	let dir = '';
	const mosquitto = await startMosquitto({
		configure(directory, port) {
			dir = directory;
			writeCertificates(dir, own, sitesCa.pem);
			copyFileSync(join(SHIPPED, 'parkgate.acl'), join(dir, 'parkgate.acl'));
			const users = names.map((username) => ({ username, password: passwordOf(username) }));
			if (users.length > 0) writePasswords(join(dir, 'parkgate.passwords'), users);
			return readFileSync(join(SHIPPED, `parkgate-${variant}.conf`), 'utf8')
				.replace('listener 8883', `listener ${port} 127.0.0.1`)
				.replaceAll('/etc/mosquitto/', `${dir}/`);
		},
	});
	const address = `mqtts://localhost:${mosquitto.port}`;
	const nobody: Access = { ca: brokerCa.pem };
	return {
		...{ ...mosquitto, address, nobody, dir, sitesCa, brokerCa },
		async access(name) {
			if (variant === 'certificate') return { ...nobody, ...(await sitesCa.issue(name)) };
			return { ...nobody, username: name, password: passwordOf(name) };
		},
		connect(access, clientId) {
			const options: IClientOptions = { protocolVersion: 5, clientId, reconnectPeriod: 0, connectTimeout: 10_000 };
			return mqtt.connectAsync(address, { ...options, ...access }, false);
		},
	};
}

function writeCertificates(dir: string, own: Issued, sitesCa: string): void {
	mkdirSync(join(dir, 'certs'));
	mkdirSync(join(dir, 'ca_certificates'));
	writeFileSync(join(dir, 'certs', 'broker.pem'), own.cert);
	writeFileSync(join(dir, 'certs', 'broker.key'), own.key, { mode: 0o600 });
	writeFileSync(join(dir, 'ca_certificates', 'sites-ca.pem'), sitesCa);
}

function passwordOf(name: string): string {
	return `${name} knocks`;
}
