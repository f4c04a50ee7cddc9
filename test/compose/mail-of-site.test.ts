import { afterEach, beforeEach, expect, test } from 'vitest';
import { wireMail } from '../../src/compose/mail-of-site.ts';
import type { Sent } from '../../src/gateway/core/letter.ts';
import type { Mail } from '../../src/gateway/services/mail/smtp.ts';
import { createOperators, type Operators } from '../../src/gateway/services/operators.ts';
import { SITE } from '../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench, rememberingHasher } from '../support/operators.ts';

const MAIL = {
	through: 'smtp',
	host: 'm',
	port: 587,
	security: 'startTls',
	from: 'g@example.org',
	console: 'https://gate.example',
} as const;

let bench: OperatorsBench;
let stack: AsyncDisposableStack;
let mails: Mail[];
let next: Sent;
beforeEach(() => {
	bench = createOperatorsBench();
	stack = new AsyncDisposableStack();
	mails = [];
	next = { result: 'sent' };
});
afterEach(async () => {
	await stack.disposeAsync();
	bench.close();
});

function operators(config: Parameters<typeof wireMail>[0]['config'] = { site: SITE, mail: MAIL }): Operators {
	const { store, clock, log } = bench;
	const journalGrew = () => undefined;
	const send = async (mail: Mail) => {
		mails.push(mail);
		return next;
	};
	const { codeMails } = wireMail({ config, store, clock, log, journalGrew, send }, stack);
	let made = 0;
	const newId = () => `id-${made++}`;
	return createOperators({
		...{ store, clock, log, journalGrew, newId, hasher: rememberingHasher },
		...(codeMails && { codeMails }),
	});
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const AT_THE_MACHINE = { operatorId: null, access: null };
const wish = { email: 'bo@example.org', name: 'Bo', roles: [{ roleId: 'reception', scope: 'site' }] };

test('X12 A1 an invitation and a reset go by mail with the console’s own address, and the operator’s page tells', async () => {
	const { administration } = operators();
	expect(administration.standing().sendsMail).toBe(true);
	const invited = administration.invite(wish, AT_THE_MACHINE);
	if (invited.result !== 'code') throw new Error(invited.result);
	expect(invited.operator.mail, 'it waits for no server').toMatchObject({ state: 'waiting' });
	await settle();
	expect(mails).toMatchObject([{ to: 'bo@example.org', subject: 'Your account for North car park' }]);
	expect(mails[0]?.text).toContain(`https://gate.example/activate?code=${invited.code}\n`);
	expect(administration.get(invited.operator.id)?.mail).toMatchObject({ state: 'sent' });
	bench.store.operators.setLanguage(invited.operator.id, 'nl');
	next = { result: 'failed', problem: 'loginRefused', code: 535, again: false };
	administration.newCode(invited.operator.id, AT_THE_MACHINE);
	await settle();
	expect(mails[1]?.subject).toBe('Uw account voor North car park');
	expect(administration.get(invited.operator.id)?.mail).toMatchObject({ state: 'failed', problem: 'loginRefused' });
	const audits = bench.audits().map(({ action, target }) => [action, target]);
	expect(audits).toContainEqual(['codeMailed', invited.operator.id]);
	expect(audits).toContainEqual(['codeNotMailed', invited.operator.id]);
	expect(JSON.stringify(bench.audits())).not.toContain(invited.code);
});

test('issue 9: who was refused is not written to; without a mail server nobody is', async () => {
	const { administration } = operators();
	administration.invite(wish, AT_THE_MACHINE);
	expect(administration.invite(wish, AT_THE_MACHINE)).toEqual({ result: 'emailTaken' });
	await settle();
	expect(mails).toHaveLength(1);
	const alone = operators({ site: SITE }).administration;
	const again = alone.newCode(alone.idOf('bo@example.org') ?? '', AT_THE_MACHINE);
	expect(again.result === 'code' && again.operator.mail).toBeNull();
	expect(alone.standing().sendsMail).toBe(false);
	await settle();
	expect(mails).toHaveLength(1);
});
