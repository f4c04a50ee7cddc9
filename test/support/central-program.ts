import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { PARKGATE, type Program, parkgate, startProgram, until } from './program.ts';

const START_MS = 60_000;

/** A directory with a central.yaml, its credentials and its store. */
export interface CentralFiles extends Disposable {
	readonly dir: string;
	readonly configFile: string;
}

export function createCentralFiles(
	sections: Readonly<Record<string, unknown>>,
	credentials: Readonly<Record<string, string>> = {},
): CentralFiles {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-central-files-'));
	const configFile = path.join(dir, 'central.yaml');
	const base = { tenant: 'acme', store: { dir: 'store' }, http: { listen: '127.0.0.1:0' } };
	writeFileSync(configFile, JSON.stringify({ ...base, ...sections }));
	mkdirSync(path.join(dir, 'credentials'), { mode: 0o700 });
	for (const [name, secret] of Object.entries(credentials)) {
		writeFileSync(path.join(dir, 'credentials', name), secret);
		chmodSync(path.join(dir, 'credentials', name), 0o600);
	}
	return { dir, configFile, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The built `parkgate central` with its API. */
export interface CentralProgram extends Program {
	readonly url: string;
	/** Asks the API; the answer must be JSON. */
	ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Runs it until it answers; `token`: of an earlier start on the same store. */
export async function startCentralProgram({ configFile }: Pick<CentralFiles, 'configFile'>, token?: string) {
	const program = startProgram([process.execPath, PARKGATE, 'central', '--config', configFile]);
	const url = await until(() => {
		const found = /"url":"(http[^"]+)","msg":"central running"/.exec(program.stderr())?.[1];
		if (found === undefined || program.hasExited()) throw new Error(`central does not run:\n${program.stderr()}`);
		return found;
	}, START_MS);
	const secret = token ?? (await newToken(configFile));
	const central: CentralProgram = {
		...program,
		url,
		async ask(method, route, body) {
			const answer = await fetch(url + route, {
				method,
				headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			return { status: answer.status, body: await answer.json() };
		},
	};
	return { central, token: secret };
}

async function newToken(configFile: string): Promise<string> {
	const made = await parkgate(['central', 'token', 'add', 'test', '--config', configFile, '--json']);
	if (made.code !== 0) throw new Error(made.stderr);
	return (JSON.parse(made.stdout) as { token: string }).token;
}
