import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GatewayError } from '../core/gateway-error.ts';
import type { Log } from '../core/log.ts';

/** A store in memory for as long as the disk takes nothing: a copy of what could be read, thrown away at its end. */
export interface EmergencyStore {
	readonly dir: string;
	/** Why the disk's own store can't be written. */
	readonly problem: GatewayError;
	remove(): void;
}

const MEMORY = '/dev/shm';
/** A site keeps at least half of its memory disk for everything else. */
const SHARE_OF_MEMORY = 0.5;
const COPIED = /^(site|directory-\d+)\.db(-wal)?$/;

/**
 * Only a disk that can't be written is borne with, and only where a site has run before: a damaged or newer store, or a
 * first start, needs a person.
 */
export function isBorneWith(error: unknown, dir: string): error is GatewayError {
	if (!(error instanceof GatewayError) || !existsSync(path.join(dir, 'site.db'))) return false;
	return error.code === 'STORE_READ_ONLY' || error.code === 'STORE_FULL';
}

/** Copies databases of `dir` as far as they can be read and memory has room: the site's own first, since it is small. */
export function createEmergencyStore(dir: string, problem: GatewayError, log: Log): EmergencyStore {
	const copy = mkdtempSync(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'parkgate-emergency-'));
	for (const name of namesIn(dir, log)) {
		const from = path.join(dir, name);
		const to = path.join(copy, name);
		try {
			if (statSync(from).size > roomIn(copy))
				log.error({ file: from }, 'too large to be kept in memory; the gateway goes on without it');
			else {
				copyFileSync(from, to);
				// The mode comes along, and may be what keeps the original from being written.
				chmodSync(to, 0o600);
			}
		} catch (error) {
			log.error({ err: error, file: from }, 'can not be read; the gateway goes on without it');
		}
	}
	return { dir: copy, problem, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** `site` before `directory` in reverse order of the alphabet. */
function namesIn(dir: string, log: Log): readonly string[] {
	if (!existsSync(dir)) return [];
	try {
		return readdirSync(dir)
			.filter((name) => COPIED.test(name))
			.sort()
			.reverse();
	} catch (error) {
		log.error({ err: error, dir }, 'can not be read; the gateway goes on without it');
		return [];
	}
}

function roomIn(dir: string): number {
	const { bavail, bsize } = statfsSync(dir);
	return bavail * bsize * SHARE_OF_MEMORY;
}
