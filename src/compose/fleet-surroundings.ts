import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { GatewayError } from '../gateway/core/gateway-error.ts';

const START_MS = 30_000;
const LOOK_EVERY_MS = 50;
const SAID_AT_MOST = 65_536;
/** Linux counts a process's time in these. */
const TICKS_PER_S = 100;

/** What a process took: processor time since its start, and memory now. */
export interface ProcessUse {
	readonly name: string;
	readonly processorS: number;
	readonly memoryMb: number;
}

/** A Mosquitto and a central of their own, for as long as a fleet runs. */
export interface FleetSurroundings {
	readonly url: string;
	readonly storeDir: string;
	/** Power cut: sessions, queues and retained messages are gone. */
	killBroker(): Promise<void>;
	/** On the same port, empty. */
	startBroker(): Promise<void>;
	/** Of broker and central; nothing where the system does not tell. */
	use(): readonly ProcessUse[];
	/** Central commits what waits; its store can be looked at. */
	stopCentral(): Promise<void>;
	/** Ends both and removes their files. */
	end(): Promise<void>;
}

/** Throws SYSTEM_PART_MISSING without Mosquitto. */
export async function startSurroundings(options: {
	readonly tenant: string;
	readonly people: number;
}): Promise<FleetSurroundings> {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-fleet-'));
	const port = await freePort();
	const config = path.join(dir, 'mosquitto.conf');
	writeFileSync(config, mosquittoConfig(port));
	const url = `mqtt://127.0.0.1:${port}`;
	const storeDir = path.join(dir, 'central');
	let broker: ChildProcess | undefined;
	let brokerS = 0;

	async function startBroker(): Promise<void> {
		broker = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
		const failed = once(broker, 'error').then(([error]) => {
			throw new GatewayError('SYSTEM_PART_MISSING', 'mosquitto can not be started: apt-get install mosquitto', {
				cause: error,
			});
		});
		await Promise.race([answering(port), failed]);
	}
	async function killBroker(): Promise<void> {
		brokerS += broker === undefined ? 0 : (useOf('broker', broker)?.processorS ?? 0);
		await ended(broker, 'SIGKILL');
	}
	await startBroker();
	const script = process.argv[1] ?? '';
	const flags = ['--mqtt', url, '--tenant', options.tenant, '--store', storeDir, '--listen', '127.0.0.1:0'];
	const people = ['--made-up-people', String(options.people), '--log-level', 'info'];
	const central = spawn(process.execPath, [script, 'central', ...flags, ...people], {
		stdio: ['ignore', 'ignore', 'pipe'],
		env: withoutSettings(process.env),
	});
	await running(central);
	return {
		...{ url, storeDir, startBroker, killBroker },
		use() {
			const uses = [broker && useOf('mosquitto', broker), useOf('central', central)];
			return uses
				.filter((use) => use !== undefined)
				.map((use) => (use.name === 'mosquitto' ? { ...use, processorS: use.processorS + brokerS } : use));
		},
		stopCentral: () => ended(central, 'SIGTERM'),
		async end() {
			await ended(central, 'SIGTERM');
			await ended(broker, 'SIGKILL');
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** What is set there is meant for the gateway or central of this machine. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PARKGATE_')));
}

/** Resolves when central says so; rejects with what it said when it ends instead. */
async function running(central: ChildProcess): Promise<void> {
	let said = '';
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	central.stderr?.setEncoding('utf8').on('data', (text: string) => {
		// Later lines are for nobody.
		if (said.length < SAID_AT_MOST) said += text;
		if (said.includes('"central running"')) resolve();
	});
	central.once('exit', (code) => reject(new GatewayError('INTERNAL', `central ended with ${code}:\n${said}`)));
	await promise;
}

/** Its own limits would drop what a fleet sends at once, and refuse the thousandth connection. */
function mosquittoConfig(port: number): string {
	const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence false'];
	lines.push('max_connections -1', 'max_queued_messages 100000', 'max_queued_bytes 0');
	if (process.getuid?.() === 0) lines.push('user root');
	return `${lines.join('\n')}\n`;
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
	if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill(signal);
	await gone;
}

function useOf(name: string, { pid }: ChildProcess): ProcessUse | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// After the name, which may hold anything: fields 14 and 15 are user and system time (proc(5)).
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const ticks = Number(fields[11]) + Number(fields[12]);
		const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
		return { name, processorS: ticks / TICKS_PER_S, memoryMb: Math.round(rssKb / 1_024) };
	} catch {
		return undefined;
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (typeof address !== 'object' || address === null) throw new GatewayError('INTERNAL', 'no free port');
	return address.port;
}

async function answering(port: number): Promise<void> {
	const untilMs = performance.now() + START_MS;
	while (performance.now() < untilMs) {
		if (await accepts(port)) return;
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
	}
	throw new GatewayError('SYSTEM_PART_MISSING', 'mosquitto did not answer; start it by hand and look at what it says');
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}
