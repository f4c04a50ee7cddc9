import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type Exit, PARKGATE, type Program, parkgate, startProgram, until } from './program.ts';

/** What `gateway.yaml` says; JSON is YAML. */
export type SiteSections = Readonly<Record<string, unknown>>;

/** A directory with a gateway.yaml, and a store beside it. */
export interface SiteFiles extends Disposable {
	readonly dir: string;
	readonly configFile: string;
	readonly storeDir: string;
	configure(sections: SiteSections | string): void;
}

const START_MS = 60_000;

/** Ports of 0 are the system's choice; sections given replace these. */
export function createSiteFiles(sections: SiteSections = {}, name = 'site'): SiteFiles {
	const dir = mkdtempSync(path.join(tmpdir(), `parkgate-${name}-`));
	const configFile = path.join(dir, 'gateway.yaml');
	const configure: SiteFiles['configure'] = (given) =>
		writeFileSync(configFile, typeof given === 'string' ? given : JSON.stringify(siteConfig(given), null, 2));
	configure(sections);
	return {
		dir,
		configFile,
		storeDir: path.join(dir, 'store'),
		configure,
		[Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
	};
}

export function siteConfig(sections: SiteSections): SiteSections {
	return {
		site: { id: 'site-1', tenant: 'acme', name: 'North car park', timeZone: 'Europe/Brussels' },
		store: { dir: 'store' },
		http: { listen: '127.0.0.1:0' },
		parks: [{ id: 'P1', name: 'North', areas: [{ id: 'A1', name: 'Deck', capacity: 50 }] }],
		...sections,
	};
}

export interface LogLine {
	readonly level: string;
	readonly msg: string;
	readonly [field: string]: unknown;
}

/** The built gateway as a process of its own, answering. */
export interface Daemon extends AsyncDisposable {
	readonly program: Program;
	readonly configFile: string;
	/** Of console and API. */
	readonly url: string;
	/** Of the cameras' listener; undefined without one. */
	readonly ingestUrl: string | undefined;
	log(): readonly LogLine[];
	/** As Ctrl-C does. */
	stop(): Promise<Exit & { readonly tookMs: number }>;
	kill(): Promise<void>;
}

export interface DaemonOptions {
	readonly configFile: string;
	readonly env?: Readonly<Record<string, string>>;
	/** What stands before the program: `unshare`, `prlimit`, … */
	readonly under?: readonly string[];
	/** Default `run`. */
	readonly command?: 'run' | 'demo';
	readonly logLevel?: string;
}

/** Starts it and waits until it answers; a start that fails throws what it wrote. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
	const program = launchDaemon(options);
	const log = () => logLines(program);
	await until(() => {
		if (program.hasExited()) return;
		if (!log().some(({ msg }) => msg === 'gateway running')) throw new Error(`not running: ${program.stderr()}`);
	}, START_MS);
	if (program.hasExited()) throw new Error(`the gateway did not start: ${program.stderr()}`);
	const told = new URL(String(log().findLast(({ msg }) => msg === 'gateway running')?.['url']));
	// Listening for the whole network it tells this machine's name, which need not be known here.
	const url = told.protocol === 'https:' ? `https://127.0.0.1:${told.port}` : told.origin;
	const ingest = log().findLast(({ msg }) => msg === 'camera listener open');
	const status = await healthOf(url);
	if (status !== 200) throw new Error(`/healthz answered ${status}`);
	return {
		program,
		configFile: options.configFile,
		url,
		ingestUrl: ingest && `http://${ingest['host']}:${ingest['port']}/ingest`,
		log,
		async stop() {
			const startedMs = performance.now();
			program.signal('SIGINT');
			const exit = await program.exited;
			return { ...exit, tookMs: performance.now() - startedMs };
		},
		kill: program.kill,
		[Symbol.asyncDispose]: program.kill,
	};
}

/** A certificate of the gateway's own is known to nobody. */
async function healthOf(url: string): Promise<number | undefined> {
	const get = url.startsWith('https:') ? https.get : http.get;
	const request = get(`${url}/healthz`, { rejectUnauthorized: false });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	response.resume();
	return response.statusCode;
}

/** Starts it without waiting, for starts that must fail. */
export function launchDaemon(options: DaemonOptions): Program {
	const { under = [], command = 'run', configFile, logLevel = 'info', env = {} } = options;
	const args = [PARKGATE, command, '--config', configFile, '--log-level', logLevel];
	const [first, ...rest] = [...under, process.execPath, ...args];
	return startProgram([first ?? process.execPath, ...rest], { env });
}

/** Its log; what is no log line is left out. */
export function logLines(program: Program): readonly LogLine[] {
	return program
		.stderr()
		.split('\n')
		.filter((line) => line.startsWith('{') && line.endsWith('}'))
		.map((line) => JSON.parse(line) as LogLine);
}

export const ADMINISTRATOR = {
	name: 'Anna Peeters',
	email: 'anna@example.org',
	password: 'seven green bicycles',
} as const;

/** Someone signed in at the API. */
export interface ApiClient {
	/** The body of an answer that must be 200. */
	get<T>(path: string): Promise<T>;
	send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer>;
}

export interface ApiAnswer {
	readonly status: number;
	readonly body: Readonly<Record<string, unknown>>;
}

/** A new one-time code, made beside the running gateway. */
export async function claimCode(configFile: string): Promise<string> {
	const { code, stdout, stderr } = await parkgate(['claim', '--config', configFile, '--json']);
	if (code !== 0) throw new Error(`claim failed: ${stderr}`);
	return (JSON.parse(stdout) as { code: string }).code;
}

/** Claims the gateway as its first administrator, with a new code unless one is given, and signs in. */
export async function claimAndSignIn(
	{ url, configFile }: Pick<Daemon, 'url' | 'configFile'>,
	code?: string,
): Promise<ApiClient> {
	const body = { code: code ?? (await claimCode(configFile)), ...ADMINISTRATOR };
	const claimed = await postJson(`${url}/api/v1/claim`, body);
	if (!claimed.ok) throw new Error(`claim answered ${claimed.status}: ${await claimed.text()}`);
	return signIn(url);
}

export async function signIn(url: string): Promise<ApiClient> {
	const { email, password } = ADMINISTRATOR;
	// A test's earlier login may still stand; one account has one.
	const answer = await postJson(`${url}/api/v1/login`, { email, password, takeOver: true });
	if (!answer.ok) throw new Error(`login answered ${answer.status}: ${await answer.text()}`);
	const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
	const { csrf } = (await answer.json()) as { csrf: string };
	const ask = (method: string, asked: string, body?: unknown) =>
		fetch(`${url}/api/v1/${asked}`, {
			method,
			headers: { cookie, 'x-csrf-token': csrf, ...(body !== undefined && { 'content-type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
	return {
		async get<T>(asked: string) {
			const found = await ask('GET', asked);
			if (found.status !== 200) throw new Error(`${asked} answered ${found.status}: ${await found.text()}`);
			return (await found.json()) as T;
		},
		async send(method, asked, body) {
			const found = await ask(method, asked, body);
			return { status: found.status, body: (await found.json()) as ApiAnswer['body'] };
		},
	};
}

function postJson(url: string, body: unknown): Promise<Response> {
	return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
