import { randomUUIDv7 } from 'node:crypto';
import process from 'node:process';
import type { CentralHandlers, CentralStore } from '../api/cli/central-handlers.ts';
import { type CentralConfig, type FlagSetting, requireCentralConfig } from '../config/parse-central-config.ts';
import { formatProblem } from '../config/problem.ts';
import { readMqttAgain } from '../config/read-mqtt-again.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { LogLevel, RootLog } from '../log.ts';
import type { Central } from '../sync/central/central.ts';
import { openCentralStore } from '../sync/central/central-store.ts';
import { demoPopulation, seedDemo } from '../sync/central/demo-population.ts';
import { createSystemClock } from '../system-clock.ts';
import { createSystemdNotifier } from '../systemd-notify.ts';
import type { CentralService } from './central-service.ts';
import { brokerAccess } from './sync-with-central.ts';

const FIRST_TOKEN = 'first';

/** The reference central as a service, and what is done to its store beside it. */
export function centralCommands(deps: {
	readonly version: string;
	readonly openLog: (level: LogLevel) => RootLog;
}): CentralHandlers {
	return {
		async central({ configFile, flags, madeUpPeople, showsToken, signal, onReady }) {
			const settings = settingsOf(flags);
			const { config, warnings } = requireCentralConfig({ file: configFile, flags: settings, env: process.env });
			const log = deps.openLog(config.log.level);
			for (const warning of warnings) log.warn({ problem: formatProblem(warning) }, 'configuration');
			const clock = createSystemClock();
			const { startCentralService } = await import('./central-service.ts');
			const service = await startCentralService({
				...{ config, clock, log, version: deps.version },
				prepare: (central) => madeUpPeople > 0 && seed(central, madeUpPeople, config, clock),
				broker: () => brokerAccess(readMqttAgain(config.mqtt, process.env)),
			});
			const notifier = createSystemdNotifier(process.env, process.pid, (problem) => log.warn({ problem }, 'systemd'));
			try {
				const token = firstToken(service, showsToken);
				onReady({ url: service.url, token, hasTokens: token !== null || service.central.tokens.list().length > 0 });
				await notifier?.ready(`running at ${service.url}`);
				await aborted(signal);
			} finally {
				await notifier?.stopping();
				await service.stop();
				log.info({}, 'central stopped');
			}
		},
		async addCentralToken({ store, name, role, days }) {
			using opened = open(store);
			const expiresAtMs = days === null ? null : Date.now() + days * 86_400_000;
			const { token, text } = opened.tokens.add({ name, role, expiresAtMs });
			return { ...token, text };
		},
		async listCentralTokens({ store }) {
			using opened = open(store);
			return opened.tokens.list();
		},
		async removeCentralToken({ store, name }) {
			using opened = open(store);
			if (!opened.tokens.remove(name))
				throw new GatewayError('NOT_FOUND', `There is no token named ${JSON.stringify(name)}.`);
		},
		async listCentralSites({ store }) {
			using opened = open(store);
			return opened.sites();
		},
	};
}

function settingsOf({ mqtt, tenant, store, listen, logLevel }: Parameters<CentralHandlers['central']>[0]['flags']) {
	const all: readonly FlagSetting[] = [
		{ flag: '--mqtt', path: ['mqtt', 'url'], value: mqtt },
		{ flag: '--tenant', path: ['tenant'], value: tenant },
		{ flag: '--store', path: ['store', 'dir'], value: store },
		{ flag: '--listen', path: ['http', 'listen'], value: listen },
		{ flag: '--log-level', path: ['log', 'level'], value: logLevel },
	];
	return all.filter(({ value }) => value !== undefined);
}

/** Whoever sees the terminal of the first start may come in; a log must never hold a token. */
function firstToken({ central: { tokens } }: CentralService, showsToken: boolean): string | null {
	if (!showsToken || tokens.list().length > 0) return null;
	try {
		return tokens.add({ name: FIRST_TOKEN, role: 'administrator', expiresAtMs: null }).text;
	} catch (error) {
		// Another central on the same store was quicker.
		if (error instanceof GatewayError && error.code === 'CONFLICT') return null;
		throw error;
	}
}

/** Into a store that has nothing yet. */
function seed(central: Central, people: number, { timeZone }: CentralConfig, clock: Clock): void {
	if (central.heads().some(({ rev }) => rev > 0)) return;
	seedDemo(central, demoPopulation({ seed: 1, people, nowMs: clock.nowMs(), timeZone, reservedAreaId: 'reserved' }));
}

function open({ configFile, dir }: CentralStore) {
	const storeDir =
		dir ?? requireCentralConfig({ file: configFile, flags: [], env: process.env, withSecrets: false }).config.store.dir;
	return openCentralStore(storeDir, { nowMs: Date.now, newId: randomUUIDv7 });
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
