import { randomUUIDv7 } from 'node:crypto';
import process from 'node:process';
import type { GatewayConfig, MqttConfig } from '../config/gateway-config.ts';
import { readMqttAgain } from '../config/read-mqtt-again.ts';
import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { Log } from '../gateway/core/log.ts';
import type { ConnectionTester } from '../gateway/services/connection-test.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';
import type { DirectoryRepaired } from '../gateway/services/directory/record-repair.ts';
import type { Outbox } from '../gateway/services/journal/outbox.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';
import type { Body } from '../sync/envelope.ts';
import type { BrokerAccess } from '../sync/link.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { historyOf } from '../sync/read-status.ts';
import type { CommandsOfSite } from '../sync/run-commands.ts';
import type { MailsOfSite } from '../sync/run-mails.ts';
import { createSync, type LocalEditsOfSite } from '../sync/sync.ts';
import { createConnectionTester } from '../sync/test-connection.ts';
import { watchLinks } from '../sync/watched-links.ts';

export interface RunningSync {
	status(): SyncStatus;
	readonly connectionTest: ConnectionTester;
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
	readonly onRepaired: (repaired: DirectoryRepaired) => void;
	readonly commands: CommandsOfSite;
	/** Mails that go through central; absent: none do. */
	readonly mails?: MailsOfSite | undefined;
	/** For the birth. */
	readonly configuration: () => Body<'birth'>['configuration'];
	readonly clockTrust: () => ClockTrust;
	readonly disk: () => SyncStatus['disk'];
}): RunningSync {
	const { config, clock } = deps;
	const { mqtt, site } = config;
	if (mqtt === undefined) return standalone(deps);
	const broker = () => brokerAccess(mqtt);
	const links = watchLinks(createMqttLinks(clock));
	const sync = createSync({
		...deps,
		tenant: site.tenant,
		site: site.id,
		bootId: randomUUIDv7(),
		broker,
		openLink: links.openLink,
		newId: randomUUIDv7,
		random: Math.random,
	});
	sync.start();
	const connectionTest = createConnectionTester({
		...{ clock, broker, links, tenant: site.tenant, site: site.id, newId: randomUUIDv7 },
		...{ connect: sync.connectNow, gatewayEpoch: deps.outbox.gatewayEpoch },
	});
	return { ...sync, connectionTest };
}

/** As the files say it now: what was rotated is used at the next connection. Throws CREDENTIAL_MISSING. */
export function brokerAccess(mqtt: MqttConfig): BrokerAccess {
	const { url, username, password, caPem, clientCertPem, clientKeyPem } = readMqttAgain(mqtt, process.env);
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

function standalone({
	clock,
	outbox,
	disk,
}: {
	readonly clock: Clock;
	readonly outbox: Outbox;
	readonly disk: () => SyncStatus['disk'];
}): RunningSync {
	const sinceMs = clock.nowMs();
	const status = {
		configured: false,
		connected: false,
		problem: null,
		sinceMs,
		lastAckAtMs: null,
		refused: {},
		streams: [],
		repairs: { rows: 0, atMs: null },
	};
	return {
		status: () => ({
			...status,
			...{ outboxDepth: outbox.waiting(), history: historyOf(outbox), deadLetters: outbox.deadLetters() },
			disk: disk(),
		}),
		connectionTest: { run: () => Promise.reject(noCentral()), last: () => null },
		journalGrew: () => undefined,
		stop: () => Promise.resolve(),
	};
}

function noCentral(): GatewayError {
	return new GatewayError('CONFLICT', 'This site stands alone: without a section mqtt there is nothing to test.');
}
