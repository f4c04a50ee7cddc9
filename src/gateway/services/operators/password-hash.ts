import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '../../core/limits.ts';
import { createPasswordThread, type PasswordThread } from './password-thread.ts';

/** Hashes and verifies passwords with Argon2id (RFC 9106), few at once and few waiting. */
export interface PasswordHasher {
	/** PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$hash`; undefined: too many are waiting. */
	hash(password: string): Promise<string | undefined>;
	/** `stored` undefined takes the same time and never matches. `busy`: too many are waiting. */
	verify(password: string, stored: string | undefined): Promise<'match' | 'mismatch' | 'busy'>;
	/** Hashed with other settings than today's. */
	outdated(stored: string): boolean;
}

interface Settings {
	readonly memoryKib: number;
	readonly passes: number;
	readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const TODAY: Settings = { memoryKib: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** @param thread does the work; what it is asked waits here */
export function createPasswordHasher(thread: Pick<PasswordThread, 'derive'> = createPasswordThread()): PasswordHasher {
	const gate = createGate(LIMITS.passwordHashesAtOnce, LIMITS.passwordHashesWaiting);
	const nobody = format(TODAY, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
	return {
		hash: (password) =>
			gate(async () => {
				const salt = randomBytes(SALT_BYTES);
				return format(TODAY, salt, await derive(thread, password, { settings: TODAY, salt, tagBytes: HASH_BYTES }));
			}),
		async verify(password, stored) {
			const { settings, salt, hash } = parse(stored ?? nobody);
			const derived = await gate(() => derive(thread, password, { settings, salt, tagBytes: hash.length }));
			if (derived === undefined) return 'busy';
			return timingSafeEqual(derived, hash) && stored !== undefined ? 'match' : 'mismatch';
		},
		outdated: (stored) => !stored.startsWith(prefix(TODAY)),
	};
}

async function derive(
	thread: Pick<PasswordThread, 'derive'>,
	password: string,
	{ settings, salt, tagBytes }: { readonly settings: Settings; readonly salt: Uint8Array; readonly tagBytes: number },
): Promise<Buffer> {
	// The same password typed on two keyboards may be composed differently (NIST SP 800-63B 3.1.1.2).
	const message = password.normalize('NFKC');
	return Buffer.from(await thread.derive({ message, nonce: salt, ...settings, tagBytes }));
}

function prefix({ memoryKib, passes, lanes }: Settings): string {
	return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$`;
}

function format(settings: Settings, salt: Buffer, hash: Buffer): string {
	return `${prefix(settings)}${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
	return bytes.toString('base64').replace(/=+$/, '');
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(stored: string): { settings: Settings; salt: Buffer; hash: Buffer } {
	const [, memoryKib, passes, lanes, salt = '', hash = ''] = PHC.exec(stored) ?? [];
	if (hash === '') throw new Error('a stored password hash is no Argon2id PHC string');
	return {
		settings: { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) },
		salt: Buffer.from(salt, 'base64'),
		hash: Buffer.from(hash, 'base64'),
	};
}

/** Runs `atOnce` jobs, lets `waiting` more wait in order, and turns the rest away with undefined. */
function createGate(atOnce: number, waiting: number): <T>(job: () => Promise<T>) => Promise<T | undefined> {
	const queue: (() => void)[] = [];
	let running = 0;
	return async (job) => {
		if (running >= atOnce) {
			if (queue.length >= waiting) return undefined;
			// Whoever finishes hands its place over, so that nobody overtakes.
			await new Promise<void>((resolve) => queue.push(resolve));
		} else running += 1;
		try {
			return await job();
		} finally {
			const next = queue.shift();
			if (next === undefined) running -= 1;
			else next();
		}
	};
}
