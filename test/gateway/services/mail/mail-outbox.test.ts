import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wireMail } from '../../../../src/compose/mail-of-site.ts';
import type { Sent } from '../../../../src/gateway/core/letter.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { Mail } from '../../../../src/gateway/services/mail/smtp.ts';
import type { CodeMails } from '../../../../src/gateway/services/operators/operators-deps.ts';
import { hashCode } from '../../../../src/gateway/services/operators/secrets.ts';
import { SITE } from '../../../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench, operatorRow } from '../../../support/operators.ts';

const LATER: Sent = { result: 'failed', problem: 'unreachable', code: null, again: true };
const NEVER: Sent = { result: 'failed', problem: 'addressRefused', code: 550, again: false };
const DAY_MS = 86_400_000;
/** Long enough for what waits in promises. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let bench: OperatorsBench;
let mail: CodeMails;
let stack: AsyncDisposableStack;
let asked: { readonly mail: Mail; readonly answer: (sent: Sent) => void }[];
beforeEach(() => {
	bench = createOperatorsBench();
	for (const id of ['a', 'b', 'c']) {
		bench.store.operators.addOperator(operatorRow({ id, email: `${id}@example.org`, name: id }));
	}
	start();
});
afterEach(async () => {
	const stopped = stack.disposeAsync();
	await answer({ result: 'sent' });
	await stopped;
	bench.close();
});

function start(): void {
	asked = [];
	stack = new AsyncDisposableStack();
	const { store, clock, log } = bench;
	const smtp = { host: 'm', port: 587, security: 'startTls', from: 'g@example.org' } as const;
	const { codeMails } = wireMail(
		{
			config: { site: SITE, mail: { through: 'smtp', ...smtp, console: 'https://gate.example' } },
			...{ store, clock, log, journalGrew: () => undefined },
			send: (sent) => new Promise((resolve) => asked.push({ mail: sent, answer: resolve })),
		},
		stack,
	);
	if (codeMails === undefined) throw new Error('no mail');
	mail = codeMails;
}

/** Gives somebody a code, as inviting does, and mails it. */
function put(id: string, code: string, lastsMs = DAY_MS): void {
	const { store, clock } = bench;
	const endsAtMs = clock.nowMs() + lastsMs;
	store.operators.setActivationCode({ operatorId: id, codeHash: hashCode(code), endsAtMs });
	mail.put(id, { to: `${id}@example.org`, name: id, language: 'en', isInvitation: true, code, endsAtMs });
}

function answer(sent: Sent) {
	asked.at(-1)?.answer(sent);
	return settle();
}

async function pass(ms: number) {
	bench.clock.advance(ms);
	await settle();
}

const codes = () => asked.map(({ mail: { text } }) => /code=(\S+)/.exec(text)?.[1]);
const outcomes = () =>
	bench.audits().flatMap(({ action, target }) => (action.includes('ailed') ? [[action, target]] : []));

describe('issue 9: mails on their way', () => {
	test('one is sent at a time, in order, and nobody waits for it', async () => {
		put('a', 'first');
		put('b', 'second');
		await settle();
		expect(codes()).toEqual(['first']);
		expect([mail.stateOf('a')?.state, mail.stateOf('b')?.state]).toEqual(['handed', 'waiting']);
		await answer({ result: 'sent' });
		await answer({ result: 'sent' });
		expect(codes()).toEqual(['first', 'second']);
		expect(outcomes()).toEqual([
			['codeMailed', 'a'],
			['codeMailed', 'b'],
		]);
		expect(mail.stateOf('c')).toBeUndefined();
	});

	test('what may be taken later is tried again, and given up in the end; what never will be is not', async () => {
		put('a', 'x');
		await settle();
		for (const delayMs of LIMITS.mailRetriesMs) {
			await answer(LATER);
			expect(mail.stateOf('a')).toMatchObject({ state: 'failed', problem: 'unreachable', again: true });
			await pass(delayMs);
		}
		await answer(LATER);
		expect(mail.stateOf('a')).toMatchObject({ state: 'failed', again: false });
		expect(asked).toHaveLength(LIMITS.mailRetriesMs.length + 1);
		put('b', 'y');
		await settle();
		await answer(NEVER);
		expect(mail.stateOf('b')).toMatchObject({ problem: 'addressRefused', code: 550, again: false });
		expect(outcomes()).toEqual([
			['codeNotMailed', 'a'],
			['codeNotMailed', 'b'],
		]);
	});

	test('a newer code takes the place of one that waits, is being sent, or is to be tried again', async () => {
		put('a', '1');
		await settle();
		put('a', '2');
		put('a', '3');
		await answer(LATER);
		expect(codes()).toEqual(['1', '3']);
		await answer(LATER);
		put('a', '4');
		await settle();
		await answer({ result: 'sent' });
		await pass(3_600_000);
		expect(codes()).toEqual(['1', '3', '4']);
		expect(outcomes()).toEqual([['codeMailed', 'a']]);
	});

	test('a code that was used, taken back or is too old is mailed to nobody', async () => {
		put('a', '1');
		await settle();
		put('b', 'used');
		put('c', 'old', 60_000);
		bench.store.operators.useActivationCode(hashCode('used'));
		await pass(60_000);
		await answer({ result: 'sent' });
		expect(codes()).toEqual(['1']);
		expect(mail.stateOf('b'), 'who came in needs no mail').toBeUndefined();
		expect(mail.stateOf('c')).toMatchObject({ state: 'failed', problem: 'expired', again: false });
	});

	test('one that was put in a transaction leaves once it is committed, and not when it is undone', async () => {
		const { store } = bench;
		const undone = new Error('undone');
		expect(() =>
			store.transaction(() => {
				put('a', 'never');
				throw undone;
			}),
		).toThrow(undone);
		store.transaction(() => {
			put('b', 'kept');
			expect(asked).toEqual([]);
		});
		await settle();
		expect(codes()).toEqual(['kept']);
		expect(mail.stateOf('a')).toBeUndefined();
	});

	test('what waits at a stop is sent after the next start; what was being sent is not sent twice', async () => {
		put('a', 'under way');
		put('b', 'waiting');
		await settle();
		// As after a kill: nobody heard the answer.
		start();
		await settle();
		expect(codes()).toEqual(['waiting']);
		expect(mail.stateOf('a')).toMatchObject({ state: 'failed', problem: 'unanswered', again: false });
		await answer({ result: 'sent' });
		expect(mail.stateOf('b')).toMatchObject({ state: 'sent' });
	});

	test('a copy of the store tells no code that is on its way, and what was sent is kept nowhere', async () => {
		put('a', 'SECR-ETCO-DE99');
		await settle();
		const files = ['site.db', 'site.db-wal'].map((name) => readFileSync(path.join(bench.dir, name), 'latin1')).join();
		expect(files).toContain('a@example.org');
		expect(files).not.toContain('SECR-ETCO-DE99');
		expect(bench.store.mailOutbox.of('a', 'password')?.sealed).toBeTypeOf('string');
		await answer({ result: 'sent' });
		expect(bench.store.mailOutbox.of('a', 'password')?.sealed).toBeNull();
		expect(JSON.stringify(bench.audits())).not.toContain('SECR-ETCO-DE99');
	});

	test('Z11 a code for another address goes there and a notice to the present one, unless it was replaced', async () => {
		const { operators } = bench.store;
		const endsAtMs = bench.clock.nowMs() + 3_600_000;
		const want = (email: string, code: string) => {
			operators.setAddressChange({ operatorId: 'a', email, codeHash: hashCode(code), endsAtMs });
			mail.putAddress('a', { to: email, present: 'a@example.org', name: 'A', language: 'en', code, endsAtMs });
		};
		want('old@example.org', 'OLDX');
		want('new@example.org', 'NEWX');
		await settle();
		await answer({ result: 'sent' });
		await answer({ result: 'sent' });
		const sent = asked.map(({ mail: { to, text } }) => ({ to, text })).toSorted((x, y) => x.to.localeCompare(y.to));
		expect(sent.map(({ to }) => to)).toEqual(['a@example.org', 'new@example.org']);
		expect(sent[0]?.text).toContain('n•••');
		expect(sent[0]?.text).not.toMatch(/http|new@/);
		expect(sent[1]?.text).toContain('https://gate.example/account/address?code=NEWX\n');
		expect(mail.addressStateOf('a')).toMatchObject({ state: 'sent' });
		expect(mail.stateOf('a')).toBeUndefined();
	});

	test('it is bounded, and says so; whoever is removed gets no mail', async () => {
		put('a', 'first');
		await settle();
		bench.store.transaction(() => {
			for (let n = 0; n < LIMITS.mailsWaiting; n++) {
				bench.store.operators.addOperator(operatorRow({ id: `p${n}`, email: `p${n}@example.org`, name: 'p' }));
				put(`p${n}`, `code${n}`);
			}
		});
		put('b', 'late');
		expect(mail.stateOf('b')).toMatchObject({ state: 'failed', problem: 'tooMany' });
		bench.store.operators.removeOperator('p0');
		expect(bench.store.mailOutbox.of('p0', 'password')).toBeUndefined();
	});
});
