import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { DoctorCheck } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { formatProblem } from '../config/problem.ts';
import { HID } from '../drivers/ports/hid-list.ts';
import { lookAtHid } from '../drivers/ports/hid-port.ts';
import { TCP } from '../drivers/ports/tcp-port.ts';
import { loadSerialBinding } from '../drivers/ports/tty.ts';
import { loadSqlite } from '../gateway/store/open-database.ts';
import { readConfigInForce } from './configuration.ts';
import { evidenceChecks } from './doctor-evidence.ts';
import { diskCheck, journalChecks } from './doctor-journal.ts';
import { brokerChecks } from './doctor-of-broker.ts';

const PLUG_IN = 'Plug it in; `parkgate devices list` shows what is.';

/** Looks at the machine and one configuration; changes nothing. */
export async function diagnose({ configFile }: { readonly configFile?: string }): Promise<readonly DoctorCheck[]> {
	const checks: DoctorCheck[] = [nodeCheck(), ...(await nativeChecks())];
	if (configFile === undefined) return checks;
	const parsed = readConfigInForce(configFile);
	if (parsed.result === 'invalid') {
		const found = parsed.problems.map(formatProblem).join('\n');
		return [...checks, { name: 'configuration', result: 'failed', found, fix: 'Mend the lines above.' }];
	}
	const applied = parsed.version === null ? '' : `, from version ${parsed.version} applied in its place`;
	checks.push({
		name: 'configuration',
		result: 'ok',
		found: `${parsed.config.devices.length} devices, ${parsed.config.site.lanes.length} lanes${applied}`,
	});
	const { store, mqtt, evidence } = parsed.config;
	checks.push(
		storeCheck(store.dir),
		...diskCheck(store.dir),
		...evidenceChecks(store.dir, evidence),
		...journalChecks(store.dir, mqtt !== undefined),
		...(await portChecks(parsed.config)),
		...stillChecks(parsed.config),
	);
	return [...checks, ...(await brokerChecks(parsed.config))];
}

function nodeCheck(): DoctorCheck {
	return { name: 'node', result: 'ok', found: `${process.version} on ${process.platform} ${process.arch}` };
}

async function nativeChecks(): Promise<DoctorCheck[]> {
	const parts = {
		'better-sqlite3': async () => `SQLite ${loadSqlite()}`,
		serialport: async () => {
			await loadSerialBinding();
			return 'loads';
		},
	};
	return Promise.all(
		Object.entries(parts).map(async ([name, load]): Promise<DoctorCheck> => {
			try {
				return { name, result: 'ok', found: await load() };
			} catch (error) {
				const found = error instanceof Error ? error.message : String(error);
				return { name, result: 'failed', found, fix: 'apt-get install -y libatomic1 libstdc++6, then npm ci' };
			}
		}),
	);
}

function storeCheck(dir: string): DoctorCheck {
	const name = 'store';
	if (!existsSync(dir))
		return { name, result: 'warning', found: `${dir} does not exist yet`, fix: 'It is made at the first start.' };
	try {
		accessSync(dir, constants.R_OK | constants.W_OK);
		return { name, result: 'ok', found: `${dir} can be written` };
	} catch {
		return { name, result: 'failed', found: `${dir} can't be written`, fix: `chown it to the user that runs parkgate` };
	}
}

function portChecks({ devices }: GatewayConfig): Promise<DoctorCheck[]> {
	// What is reached over the network is asked by the gateway alone: many such devices take one connection.
	const isHere = (port: string) => !port.startsWith('sim:') && !port.startsWith(TCP);
	const ports = new Set(devices.flatMap(({ port }) => (port !== undefined && isHere(port) ? [port] : [])));
	return Promise.all([...ports].map((port) => (port.startsWith(HID) ? hidCheck(port) : deviceCheck(port))));
}

function deviceCheck(port: string): DoctorCheck {
	const name = `port ${port}`;
	if (!existsSync(port)) return { name, result: 'failed', found: 'not there', fix: PLUG_IN };
	try {
		accessSync(port, constants.R_OK | constants.W_OK);
		return { name, result: 'ok', found: 'can be opened' };
	} catch {
		return {
			name,
			result: 'failed',
			found: 'may not be opened',
			fix: `Add the user to the group ${isCamera(port) ? 'video' : 'dialout'}.`,
		};
	}
}

/** Pictures of USB cameras are taken by a program that need not be there. */
function stillChecks({ devices }: GatewayConfig): DoctorCheck[] {
	if (!devices.some(({ port }) => port !== undefined && isCamera(port))) return [];
	const folders = (process.env['PATH'] ?? '').split(path.delimiter);
	const found = folders.map((folder) => path.join(folder, 'ffmpeg')).find((file) => existsSync(file));
	if (found !== undefined) return [{ name: 'ffmpeg', result: 'ok', found }];
	return [{ name: 'ffmpeg', result: 'failed', found: 'not there', fix: 'On Debian: apt install ffmpeg' }];
}

function isCamera(port: string): boolean {
	return /^\/dev\/(?:v4l\/|video)/.test(port);
}

async function hidCheck(port: string): Promise<DoctorCheck> {
	const name = `port ${port}`;
	try {
		const { device } = await lookAtHid(port);
		return { name, result: 'ok', found: `can be opened, now ${device}` };
	} catch (error) {
		return { name, result: 'failed', found: error instanceof Error ? error.message : String(error), fix: PLUG_IN };
	}
}
