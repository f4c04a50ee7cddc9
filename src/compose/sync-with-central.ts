import { randomUUIDv7 } from 'node:crypto';
import process from 'node:process';
import type { GatewayConfig, MqttConfig } from '../config/gateway-config.ts';
import { readMqttAgain } from '../config/read-mqtt-again.ts';
import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';
import type { Outbox } from '../gateway/services/journal/outbox.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';
import type { Body } from '../sync/envelope.ts';
import type { BrokerAccess } from '../sync/link.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import type { CommandsOfSite } from '../sync/run-commands.ts';
import { createSync, type LocalEditsOfSite } from '../sync/sync.ts';

export interface RunningSync {
	status(): SyncStatus;
	journalGrew(): void;
	stop(): Promise<void>;
}

/** Keeps in touch with central, or stands alone without an `mqtt:` section. */
export function startSync(deps: {
	readonly config: GatewayConfig;
	readonly clock: Clock;
	readonly log: Log;
	readonly version: string;
	readonly outbox: Outbox;
	readonly directory: DirectoryUpdates;
	readonly edits: LocalEditsOfSite;
	readonly commands: CommandsOfSite;
	/** For the birth. */
	readonly configuration: () => Body<'birth'>['configuration'];
	readonly clockTrust: () => ClockTrust;
}): RunningSync {
	const { config, clock } = deps;
	const { mqtt, site } = config;
	if (mqtt === undefined) return standalone(deps);
	const sync = createSync({
		...deps,
		tenant: site.tenant,
		site: site.id,
		bootId: randomUUIDv7(),
		broker: () => brokerAccess(readMqttAgain(mqtt, process.env)),
		openLink: createMqttLinks(clock),
		newId: randomUUIDv7,
		random: Math.random,
	});
	sync.start();
	return sync;
}

export function brokerAccess({
	url,
	username,
	password,
	caPem,
	clientCertPem,
	clientKeyPem,
}: MqttConfig): BrokerAccess {
	return {
		url,
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
		tls: {
			...(caPem === undefined ? {} : { ca: caPem }),
			...(clientCertPem === undefined ? {} : { cert: clientCertPem }),
			...(clientKeyPem === undefined ? {} : { key: clientKeyPem }),
		},
	};
}

function standalone({ clock, outbox }: { clock: Clock; outbox: Outbox }): RunningSync {
	const sinceMs = clock.nowMs();
	const status = { configured: false, connected: false, problem: null, sinceMs, lastAckAtMs: null, streams: [] };
	return {
		status: () => ({ ...status, outboxDepth: outbox.waiting() }),
		journalGrew: () => undefined,
		stop: () => Promise.resolve(),
	};
}
