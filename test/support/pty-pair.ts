import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two real ttys joined by socat: what goes into one comes out of the other. */
export interface PtyPair {
	/** The gateway's end. */
	readonly near: string;
	/** The device's end. */
	readonly far: string;
	/** Both ttys vanish, as when an adapter is pulled out. */
	unplug(): Promise<void>;
	/** They are back under the same names. */
	plugIn(): Promise<void>;
	close(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;

export async function createPtyPair(): Promise<PtyPair> {
	const dir = mkdtempSync(join(tmpdir(), 'parkgate-pty-'));
	const near = join(dir, 'near');
	const far = join(dir, 'far');
	let socat: ChildProcess | undefined;

	async function plugIn(): Promise<void> {
		const started = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' });
		socat = started;
		const deadline = performance.now() + START_DEADLINE_MS;
		while (!existsSync(near) || !existsSync(far)) {
			if (started.exitCode !== null || performance.now() > deadline) throw new Error('socat did not start');
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	}

	async function unplug(): Promise<void> {
		if (socat === undefined || socat.exitCode !== null || socat.signalCode !== null) return;
		const gone = once(socat, 'exit');
		socat.kill('SIGTERM');
		await gone;
	}

	await plugIn();
	return {
		near,
		far,
		plugIn,
		unplug,
		async close() {
			await unplug();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}
