import path from 'node:path';
import { mailsGoThrough } from './mail-config.ts';
import { MASK } from './mask-secrets.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';
import { parseSecretReference } from './secrets.ts';

/**
 * What only gateway.yaml on the machine may say. Who proposes a configuration from elsewhere must not move the site to
 * another identity or store, change whose licences count, or have other secrets sent to a broker.
 */
export interface FixedSettings {
	readonly siteId: unknown;
	readonly tenant: unknown;
	/** Absolute. */
	readonly storeDir: string;
	/** JSON of the section. */
	readonly licence: string;
	/** JSON of the section: whoever sends people their links could send them elsewhere. */
	readonly mail: string;
	/** Passkeys are taken from there. */
	readonly address: unknown;
	/** Broker that codes go through, where central mails them: whoever moves it gets them. */
	readonly mailBroker: unknown;
	/** Credentials that its `mqtt` names. */
	readonly brokerCredentials: readonly string[];
}

const DEFAULT_DIR = '/var/lib/parkgate';

/** Of a document as written, before its secrets were read. `file`: where relative names start. */
export function fixedSettingsOf(document: unknown, file: string): FixedSettings {
	const { site, store, licence, mail, mqtt, http } = Object(document);
	const { id: siteId, tenant } = Object(site);
	const dir: unknown = Object(store).dir ?? DEFAULT_DIR;
	return {
		siteId,
		tenant,
		storeDir: path.resolve(path.dirname(file), String(dir)),
		licence: JSON.stringify(sorted(Object(licence))),
		mail: JSON.stringify(sorted(Object(mail))),
		address: Object(http).address,
		mailBroker: mailsGoThrough(document) === 'central' ? Object(mqtt).url : undefined,
		brokerCredentials: Object.values(Object(mqtt)).flatMap((value) => {
			const name = typeof value === 'string' ? parseSecretReference(value) : undefined;
			return name === undefined ? [] : [name];
		}),
	};
}

/** `present`: of the configuration that runs. */
export function checkFixedSettings(
	document: unknown,
	proposed: FixedSettings,
	present: FixedSettings,
	report: ProblemReport,
): void {
	const fixed = (at: ConfigPath, isSame: boolean, expected: string) => {
		if (isSame) return;
		const found = 'another value than on the machine';
		report.error(at, { found, expected, fix: 'Only an edit of gateway.yaml on the machine can change it' });
	};
	fixed(['site', 'id'], proposed.siteId === present.siteId, String(present.siteId));
	fixed(['site', 'tenant'], proposed.tenant === present.tenant, String(present.tenant));
	fixed(['store', 'dir'], proposed.storeDir === present.storeDir, present.storeDir);
	fixed(['mail'], proposed.mail === present.mail, 'the section as it is');
	fixed(['http', 'address'], proposed.address === present.address, String(present.address ?? 'none'));
	fixed(
		['mqtt', 'url'],
		isSameMailBroker(proposed, present),
		'the broker as it is, because mails with codes go through it',
	);
	fixed(['licence'], proposed.licence === present.licence, 'the keys as they are');
	for (const [setting, value] of Object.entries(Object(Object(document).mqtt))) {
		const name = typeof value === 'string' ? parseSecretReference(value) : undefined;
		if (name === undefined || present.brokerCredentials.includes(name)) continue;
		report.error(['mqtt', setting], {
			found: `the secret ${name}, which was not for the broker`,
			expected: present.brokerCredentials.length === 0 ? 'no secret' : `one of ${present.brokerCredentials.join(', ')}`,
			fix: 'Only an edit of gateway.yaml on the machine can send another secret to the broker',
		});
	}
}

/** No broker where mails went elsewhere may get them. */
function isSameMailBroker(proposed: FixedSettings, present: FixedSettings): boolean {
	return proposed.mailBroker === undefined || proposed.mailBroker === present.mailBroker;
}

/** Keys of TLS may stand in the file of the machine, which is no secret's place, but they never travel; and a mask is no secret. */
export function checkTravellingSecrets(document: unknown, report: ProblemReport): void {
	reportMasks(document, [], report);
	const { mqtt, http } = Object(document);
	const keys: readonly (readonly [ConfigPath, unknown])[] = [
		[['mqtt', 'clientKey'], Object(mqtt).clientKey],
		[['http', 'tls', 'key'], Object(Object(http).tls).key],
	];
	for (const [at, key] of keys) {
		if (!String(key ?? '').includes('PRIVATE KEY-----')) continue;
		report.error(at, {
			found: 'a private key written into the file',
			expected: `\${credential:NAME} or the name of a file`,
			fix: 'Move it into a credential file (docs/operations.md, Credentials)',
		});
	}
}

/** A text that was shown and sent back: what stood there is not known here. */
function reportMasks(value: unknown, at: ConfigPath, report: ProblemReport): void {
	if (value === MASK) {
		report.error(at, {
			found: 'the mask of a secret',
			expected: `\${credential:NAME}`,
			fix: 'Put the secret into a credential file and name it here',
		});
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, member] of Object.entries(value))
			reportMasks(member, [...at, Array.isArray(value) ? Number(key) : key], report);
	}
}

/** Keys in one order: only what is said counts. */
function sorted(section: object): object {
	return Object.fromEntries(Object.entries(section).sort(([a], [b]) => (a < b ? -1 : 1)));
}
