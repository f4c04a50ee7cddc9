import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthCheck, type PushAuth } from '../../../src/drivers/ports/http-push-auth.ts';
import {
	type DigestAlgorithm,
	digestResponse,
	parseDigestHeader,
} from '../../../src/drivers/ports/http-push-digest.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const target = '/ingest/cam-1';
const username = 'cam';
const password = 'Circle of Life';

function createCheck(auth: PushAuth) {
	const clock = createVirtualClock();
	let seed = 0;
	const randomBytes = (length: number) => new Uint8Array(length).map(() => ++seed % 256);
	const check = createAuthCheck({ clock, randomBytes }, auth);
	return {
		clock,
		check: (authorization?: string, at = target) => check({ method: 'POST', target: at, authorization }),
	};
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

function createDigest(algorithms?: DigestAlgorithm[]) {
	const { clock, check } = createCheck({ type: 'digest', username, password, ...(algorithms ? { algorithms } : {}) });
	const challenge = () => {
		const outcome = check();
		if (outcome.ok) throw new Error('let in without credentials');
		return outcome.challenges.map((header) => parseDigestHeader(header) ?? new Map<string, string>());
	};
	interface Changes {
		readonly algorithm?: DigestAlgorithm;
		readonly count?: number;
		readonly password?: string;
		readonly uri?: string;
		readonly realm?: string;
		readonly qop?: string;
	}
	const answer = (nonce: string, changes: Changes = {}) => {
		const { algorithm = 'SHA-256', count = 1, uri = target, realm = 'parkgate', qop = 'auth' } = changes;
		const nc = count.toString(16).padStart(8, '0');
		const exchange = {
			algorithm,
			username,
			password: changes.password ?? password,
			realm,
			method: 'POST',
			uri,
			nonce,
			nc,
			cnonce: 'c',
		};
		return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=${qop}, nc=${nc}, cnonce="c", response="${digestResponse(exchange)}"`;
	};
	const nonce = () => challenge()[0]?.get('nonce') ?? '';
	return { clock, check, challenge, answer, nonce };
}

describe('basic and token', () => {
	it('lets in the right name and password only', () => {
		const { check } = createCheck({ type: 'basic', username, password });
		expect(check(basic(`${username}:${password}`))).toEqual({ ok: true });
		expect(check()).toMatchObject({
			ok: false,
			reason: 'missing',
			challenges: ['Basic realm="parkgate", charset="UTF-8"'],
		});
		for (const wrong of [`${username}:no`, `other:${password}`, password, '', `${username}:${password}x`])
			expect(check(basic(wrong))).toMatchObject({ ok: false, reason: 'wrong' });
		expect(check('Bearer x')).toMatchObject({ ok: false, reason: 'wrong' });
	});

	it('takes a token from the header or the query', () => {
		const token = 'a-long-enough-token';
		const { check } = createCheck({ type: 'token', token });
		expect(check(`Bearer ${token}`)).toEqual({ ok: true });
		expect(check(undefined, `${target}?token=${token}`)).toEqual({ ok: true });
		expect(check()).toMatchObject({ ok: false, reason: 'missing' });
		expect(check(undefined, `${target}?token=wrong`)).toMatchObject({ ok: false, reason: 'wrong' });
		expect(check('Bearer wrong', `${target}?token=${token}`)).toMatchObject({ ok: false, reason: 'wrong' });
	});
});

describe('digest (RFC 7616)', () => {
	it('computes the responses of RFC 7616, section 3.9.1', () => {
		const example = {
			...{ username: 'Mufasa', password, realm: 'http-auth@example.org', method: 'GET', uri: '/dir/index.html' },
			...{ nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', nc: '00000001' },
			cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
		};
		expect(digestResponse({ ...example, algorithm: 'MD5' })).toBe('8ca523f5e9506fed4657c9700eebdbec');
		expect(digestResponse({ ...example, algorithm: 'SHA-256' })).toBe(
			'753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
		);
	});

	it('offers the configured algorithms in their order and accepts either', () => {
		const digest = createDigest();
		expect(digest.challenge().map((challenge) => challenge.get('algorithm'))).toEqual(['SHA-256', 'MD5']);
		expect(digest.check(digest.answer(digest.nonce()))).toEqual({ ok: true });
		expect(digest.check(digest.answer(digest.nonce(), { algorithm: 'MD5' }))).toEqual({ ok: true });
		const strict = createDigest(['SHA-256']);
		expect(strict.check(strict.answer(strict.nonce(), { algorithm: 'MD5' }))).toMatchObject({ reason: 'wrong' });
	});

	it.each([
		['another password', { password: 'guessed it' }],
		['another path', { uri: '/ingest/cam-2' }],
		['another realm', { realm: 'elsewhere' }],
		['no protection against replay', { qop: 'none' }],
	])('refuses %s', (_, changes) => {
		const digest = createDigest();
		expect(digest.check(digest.answer(digest.nonce(), changes))).toMatchObject({ ok: false, reason: 'wrong' });
	});

	it('takes each count of a nonce once, rising', () => {
		const digest = createDigest();
		const nonce = digest.nonce();
		expect(digest.check(digest.answer(nonce, { count: 1 }))).toEqual({ ok: true });
		expect(digest.check(digest.answer(nonce, { count: 2 }))).toEqual({ ok: true });
		for (const count of [2, 1, 0])
			expect(digest.check(digest.answer(nonce, { count }))).toMatchObject({ ok: false, reason: 'stale' });
		expect(digest.check(digest.answer(nonce, { count: 5 }))).toEqual({ ok: true });
	});

	it('asks again with stale=true when a nonce is old, forgotten or not its own', () => {
		const digest = createDigest();
		const first = digest.nonce();
		digest.clock.advance(LIMITS.digestNonceMs + 1);
		const outcome = digest.check(digest.answer(first));
		expect(outcome).toMatchObject({
			ok: false,
			reason: 'stale',
			challenges: [expect.stringContaining('stale=true'), expect.anything()],
		});
		expect(digest.check(digest.answer('f'.repeat(60)))).toMatchObject({ reason: 'stale' });
	});

	it('cannot be replayed through the memory limit', () => {
		const digest = createDigest();
		const first = digest.nonce();
		const spare = digest.nonce();
		expect(digest.check(digest.answer(first))).toEqual({ ok: true });
		for (let times = 0; times < LIMITS.digestNonces; times += 1) {
			digest.clock.advance(1);
			expect(digest.check(digest.answer(digest.nonce()))).toEqual({ ok: true });
		}
		expect(digest.check(digest.answer(first))).toMatchObject({ ok: false, reason: 'stale' });
		expect(digest.check(digest.answer(spare))).toMatchObject({ ok: false, reason: 'stale' });
		expect(digest.check(digest.answer(digest.nonce()))).toMatchObject({ ok: true });
	});

	it('survives any header, and none of them is let in', () => {
		const { check } = createDigest();
		const piece = fc.oneof(
			fc.constantFrom('Digest ', 'username="cam"', 'nc=', ', ', '"', '\\', 'qop=auth'),
			fc.string(),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
				expect(check(`Digest ${pieces.join('')}`).ok).toBe(false);
			}),
		);
	});
});

it('a header as long as the listener takes costs nothing, whatever it is made of', () => {
	const { check } = createDigest();
	const pieces = ['a', 'a ', ' ', 'a=', 'a="', 'a="\\', '"', ',', '=', '-*'];
	const before = process.cpuUsage();
	for (const piece of pieces)
		for (let n = 0; n < 5; n += 1)
			expect(check(`Digest ${piece.repeat(LIMITS.ingestHeaderBytes / piece.length)}`)).toMatchObject({ ok: false });
	// Processor time, whatever else the machine does; a name tried anew from each of its characters takes many seconds.
	expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
});
