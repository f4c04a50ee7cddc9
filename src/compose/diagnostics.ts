import { readdirSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import type { DeviceStatus } from '../gateway/core/device.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { ConfigurationVersions } from '../gateway/services/configuration/configuration-view.ts';
import type { EvidenceStatus } from '../gateway/services/evidence/evidence.ts';
import type { Lanes } from '../gateway/services/lanes/lane-view.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';
import { diagnose } from './doctor.ts';

/** Of each list; the report says how many it left out. */
const LISTED = 200;

/**
 * What a person far away needs to see what is wrong here, as JSON of at most LIMITS.reportLength characters. Without
 * secrets: the configuration is masked, the log's lines are those it writes.
 */
export async function diagnosticReport(deps: {
	readonly config: GatewayConfig;
	readonly configFile: string;
	readonly clock: Clock;
	readonly version: string;
	readonly clockTrust: () => ClockTrust;
	readonly configuration: Pick<ConfigurationVersions, 'view' | 'shownText'>;
	readonly unreadiness: () => readonly { readonly part: string; readonly problem: string }[];
	readonly devices: () => readonly DeviceStatus[];
	readonly lanes: Pick<Lanes, 'list'>;
	readonly sync: () => SyncStatus;
	readonly evidence: () => EvidenceStatus;
	readonly recentProblems: () => readonly string[];
}): Promise<string> {
	const { config, clock, configuration } = deps;
	const { runs, file, trial, problem } = configuration.view();
	const report = {
		at: new Date(clock.nowMs()).toISOString(),
		version: deps.version,
		uptimeS: Math.round(process.uptime()),
		memoryBytes: process.memoryUsage.rss(),
		clock: deps.clockTrust(),
		unready: deps.unreadiness(),
		sync: deps.sync(),
		store: storeOf(config.store.dir),
		evidence: deps.evidence(),
		lanes: deps.lanes.list().slice(0, LISTED).map(laneLine),
		devices: deps.devices().slice(0, LISTED),
		checks: await diagnose({ configFile: deps.configFile }),
		recentProblems: deps.recentProblems(),
		configuration: { runs: runs ?? file, source: runs === null ? 'file' : 'version', trial, problem },
	};
	const text = configuration.shownText(runs);
	const whole = JSON.stringify({ ...report, configuration: { ...report.configuration, text } });
	if (whole.length <= LIMITS.reportLength) return whole;
	const short = JSON.stringify({ ...report, leftOut: ['configuration.text'] });
	if (short.length <= LIMITS.reportLength) return short;
	const { devices: _, recentProblems: __, ...least } = report;
	return JSON.stringify({ ...least, leftOut: ['configuration.text', 'devices', 'recentProblems'] });
}

function laneLine({ id, phase, phaseSinceMs, barrier, mode, fire, problems }: ReturnType<Lanes['list']>[number]) {
	return { id, phase, phaseSinceMs, barrier, mode: mode.kind, fire, problems };
}

/** Sizes of its files and the room beside them, bytes. */
function storeOf(dir: string) {
	try {
		const { bavail, bsize } = statfsSync(dir);
		const files = readdirSync(dir, { withFileTypes: true })
			.filter((entry) => entry.isFile())
			.slice(0, LISTED)
			.map(({ name }) => ({ name, bytes: statSync(path.join(dir, name)).size }));
		return { freeBytes: bavail * bsize, files };
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
}
