import type { EvidenceSettings } from '../gateway/core/evidence.ts';
import type { RetentionSettings } from '../gateway/core/retention.ts';
import type { Site } from '../gateway/core/site.ts';

/** Everything `gateway.yaml` says, checked, with defaults in and secrets resolved. Never logged as a whole. */
export interface GatewayConfig {
	readonly site: Site;
	/** `dir` is absolute. */
	readonly store: { readonly dir: string };
	readonly retention: RetentionSettings;
	readonly evidence: EvidenceSettings;
	readonly http: HttpConfig;
	readonly ingest?: IngestConfig;
	readonly licence?: LicenceConfig;
	readonly mqtt?: MqttConfig;
	readonly mail?: MailConfig;
	/** In the file's order, each as its driver's schema gave it. */
	readonly devices: readonly ConfiguredDevice[];
	readonly simulation?: SimulationConfig;
	readonly log: { readonly level: LogLevel };
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Port 0 lets the system choose. */
export interface ListenAddress {
	readonly host: string;
	readonly port: number;
}

export interface HttpConfig extends ListenAddress {
	/** Of the console as people reach it, an origin such as `https://gate.example.org`. */
	readonly address?: string;
	/** `own`: the gateway makes its own certificate. */
	readonly tls:
		| { readonly mode: 'plain' }
		| { readonly mode: 'own' }
		| { readonly mode: 'given'; readonly certificatePem: string; readonly keyPem: string };
}

/** The cameras' listener. `allow`: CIDR networks; empty means any address. */
export interface IngestConfig extends ListenAddress {
	readonly allow: readonly string[];
}

/** Public keys that sign product licences and support statements. */
export interface LicenceConfig {
	readonly vendorKey?: string;
	readonly supportKey?: string;
}

/** How mails are sent. */
export type MailConfig = {
	/** Of the console, without a slash at its end. */
	readonly console: string;
} & (({ readonly through: 'smtp' } & SmtpConfig) | { readonly through: 'central' });

/** The way to a mail server. */
export interface SmtpConfig {
	readonly host: string;
	readonly port: number;
	/** `startTls`: encrypted before anything is said, or not sent. */
	readonly security: 'startTls' | 'tls' | 'none';
	readonly login?: { readonly username: string; readonly password: string };
	readonly caPem?: string;
	readonly from: string;
}

/** Certificates and keys are PEM text, whatever the file said. */
export interface MqttConfig {
	readonly url: string;
	readonly username?: string;
	readonly password?: string;
	readonly clientCertPem?: string;
	readonly clientKeyPem?: string;
	readonly caPem?: string;
	/** For asking again before every connection; absent: there is nothing to ask. */
	readonly sources?: MqttSources;
}

/** Where password and PEM texts came from; those that are not named stood in the text itself. */
export interface MqttSources {
	/** The configuration file: credentials lie beside it. */
	readonly configFile: string;
	readonly settings: Readonly<Partial<Record<MqttSecret, MqttSource>>>;
}

export type MqttSecret = 'password' | 'clientCert' | 'clientKey' | 'ca';

/** `file`: absolute. */
export type MqttSource = { readonly credential: string } | { readonly file: string };

/** A device entry after its driver's schema; more fields belong to the driver. */
export interface ConfiguredDevice {
	readonly id: string;
	readonly driver: string;
	/** Serial drivers: by-id path or `sim:NAME`. */
	readonly port?: string;
	/** Push drivers: last segment of `/ingest/…`. */
	readonly path?: string;
	readonly [field: string]: unknown;
}

/** Vehicles made up for a demonstration; only where every port is simulated. */
export interface SimulationConfig {
	readonly traffic: { readonly everyMs: number; readonly seed: number };
}
