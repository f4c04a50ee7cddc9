import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { isOneCommon } from '../../../src/gateway/services/operators/common-passwords.ts';
import { createPasswordHasher } from '../../../src/gateway/services/operators/password-hash.ts';
import { passwordWeakness } from '../../../src/gateway/services/operators/password-policy.ts';
import { createPasswordThread } from '../../../src/gateway/services/operators/password-thread.ts';

const ABOUT = ['ada.lovelace@example.org', 'Ada Lovelace', 'parkgate'];

describe('password policy (NIST SP 800-63B)', () => {
	test.each([
		['eleven char', 'tooShort'],
		['', 'tooShort'],
		['👍👍👍👍👍👍', 'tooShort'],
		['x'.repeat(257), 'tooLong'],
		['aaaaaaaaaaaaaaaa', 'tooCommon'],
		['123456789012', 'tooCommon'],
		['1234567890123', 'tooCommon'],
		['Password12345', 'tooCommon'],
		['P@ssw0rd2026!', 'tooCommon'],
		['passwordpassword', 'tooCommon'],
		['qwertyuiopas', 'tooCommon'],
		['!!Welcome2026!!', 'tooCommon'],
		['iloveyouiloveyou', 'tooCommon'],
		['Motdepasse1234', 'tooCommon'],
		['Wachtwoord123!', 'tooCommon'],
		['lovelace.2026', 'tooCommon'],
		['Parkgate-1234', 'tooCommon'],
		['qazwsxedcrfvtgb', 'tooCommon'],
		['needforspeed', 'tooCommon'],
		['Supernatural!99', 'tooCommon'],
		['parkgatelovelace', 'containsName'],
	])('%s is refused as %s', (password, weakness) => {
		expect(passwordWeakness(password, ABOUT)).toBe(weakness);
	});

	test.each([
		'heron lifts the gate',
		'correct battery staple',
		'alllowercaseletters',
		'ünïcödé wörks töö',
		'7 boats 4 lovelace quietly',
	])('%s is accepted: no rules on composition', (password) => {
		expect(passwordWeakness(password, ABOUT)).toBeUndefined();
	});
});

describe('the list of common passwords', () => {
	const random = (n: number) => createHash('sha256').update(`${n}`).digest('base64');

	test('issue 9: has every one of its sources, in any case and composition, and no others', () => {
		const own = readFileSync(path.join(import.meta.dirname, '../../../scripts/common-passwords.txt'), 'utf8');
		const listed = [...dictionary['passwords-common'].slice(0, 300), ...own.trim().split(/\s+/).slice(0, 100)];
		expect(listed.filter((text) => !isOneCommon([text.normalize('NFKC').toLowerCase()]))).toEqual([]);
		expect(isOneCommon(Array.from({ length: 1_000 }, (_, n) => random(n)))).toBe(false);
		expect(isOneCommon([])).toBe(false);
	});

	test('issue 9: few letters among many digits are not what makes a password common', () => {
		expect(passwordWeakness('8341-me-9072635', ABOUT)).toBeUndefined();
	});
});

describe('password hash', () => {
	const hasher = createPasswordHasher();

	test('two hashes of one password differ and both match it', async () => {
		const [first, second] = [await hasher.hash('heron lifts'), await hasher.hash('heron lifts')];
		expect(first).not.toBe(second);
		expect(await hasher.verify('heron lifts', first)).toBe('match');
		expect(await hasher.verify('heron lifts', second)).toBe('match');
		expect(await hasher.verify('Heron lifts', first)).toBe('mismatch');
	});

	test('the same password composed differently by two keyboards matches', async () => {
		expect(await hasher.verify('cafe\u0301', await hasher.hash('caf\u00e9'))).toBe('match');
	});

	test('nobody matches no stored hash', async () => {
		expect(await hasher.verify('', undefined)).toBe('mismatch');
	});

	test('a hash made elsewhere with other settings verifies and is outdated', async () => {
		// Reference implementation of RFC 9106: `echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -e`.
		const foreign = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
		expect(await hasher.verify('password', foreign)).toBe('match');
		expect(hasher.outdated(foreign)).toBe(true);
		expect(hasher.outdated((await hasher.hash('x')) ?? '')).toBe(false);
	});

	test('is made by a thread that gives way to decisions, and the gateway does not', async () => {
		const before = getPriority();
		await hasher.hash('heron lifts');
		expect(getPriority()).toBe(before);
		// Elsewhere threads have no priority of their own, and keep the gateway's.
		if (process.platform !== 'linux') return;
		const priorities = readdirSync('/proc/self/task').map((thread) => niceOf(`/proc/self/task/${thread}/stat`));
		expect(Math.max(...priorities)).toBeGreaterThanOrEqual(constants.priority.PRIORITY_BELOW_NORMAL);
	});

	test('one that fails is told, and the next is made; a thread that was ended starts again', async () => {
		const thread = createPasswordThread();
		const frail = createPasswordHasher(thread);
		// RFC 9106, 3.1: at least 8 KiB.
		const impossible = '$argon2id$v=19$m=1,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
		await expect(frail.verify('password', impossible)).rejects.toThrow();
		expect(await frail.verify('heron', await frail.hash('heron'))).toBe('match');
		await thread.close();
		expect(await frail.verify('heron', await frail.hash('heron'))).toBe('match');
		await thread.close();
	});
});

/** Field 19 of proc_pid_stat(5); the name before it may hold spaces. A thread that has ended meanwhile has none. */
function niceOf(file: string): number {
	try {
		const text = readFileSync(file, 'utf8');
		return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
	} catch {
		return Number.NEGATIVE_INFINITY;
	}
}
