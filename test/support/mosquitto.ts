import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Mosquitto on a free port of the loopback address; nothing it knows outlives it. */
export interface Mosquitto {
	readonly url: string;
	readonly port: number;
	/** Power cut: sessions, queues and retained messages are gone. */
	kill(): Promise<void>;
	/** Starts again on the same port, empty. */
	start(): Promise<void>;
	/** Ends it and removes its files. */
	stop(): Promise<void>;
}

export interface MosquittoOptions {
	/** Without any everybody may do everything. */
	readonly users?: readonly { readonly username: string; readonly password: string }[];
	/** Lines of an acl_file. */
	readonly acl?: string;
	/** Further lines of mosquitto.conf. */
	readonly settings?: string;
	/** Writes files into the broker's own directory. @returns the whole configuration, instead of all above. */
	readonly configure?: (dir: string, port: number) => string;
}

const START_DEADLINE_MS = 30_000;

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
	const dir = mkdtempSync(join(tmpdir(), 'parkgate-mosquitto-'));
	const port = await freePort();
	const config = join(dir, 'mosquitto.conf');
	writeFileSync(config, configuration(dir, port, options));
	let child: ChildProcess | undefined;

	async function start(): Promise<void> {
		const started = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
		child = started;
		await answering(port, started);
	}

	async function kill(): Promise<void> {
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		child.kill('SIGKILL');
		await gone;
	}

	await start();
	return {
		url: `mqtt://127.0.0.1:${port}`,
		port,
		start,
		kill,
		async stop() {
			await kill();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

function configuration(dir: string, port: number, options: MosquittoOptions): string {
	const { users = [], acl, settings = '', configure } = options;
	// Started by root it would drop to a user who may not read the files here.
	const account = process.getuid?.() === 0 ? ['user root'] : [];
	if (configure !== undefined) return `${[configure(dir, port), ...account].join('\n')}\n`;
	const lines = [`listener ${port} 127.0.0.1`, 'persistence false', `allow_anonymous ${users.length === 0}`, settings];
	lines.push(...account);
	if (users.length > 0) {
		const passwords = join(dir, 'passwords');
		writePasswords(passwords, users);
		lines.push(`password_file ${passwords}`);
	}
	if (acl !== undefined) {
		const rules = join(dir, 'acl');
		writeFileSync(rules, acl, { mode: 0o600 });
		lines.push(`acl_file ${rules}`);
	}
	return `${lines.join('\n')}\n`;
}

/** A password_file; hashed as Mosquitto keeps them. */
export function writePasswords(file: string, users: NonNullable<MosquittoOptions['users']>): void {
	writeFileSync(file, users.map(({ username, password }) => `${username}:${password}\n`).join(''));
	execFileSync('mosquitto_passwd', ['-U', file]);
	chmodSync(file, 0o600);
}

/** Mosquitto can't be asked for a free port; what the system gave a moment ago is free. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (typeof address !== 'object' || address === null) throw new Error('no free port');
	return address.port;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
	const deadline = performance.now() + START_DEADLINE_MS;
	while (performance.now() < deadline) {
		if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
		if (await accepts(port)) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error('mosquitto did not start');
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
