import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Letter, Sent } from '../../../src/gateway/core/letter.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Carried } from '../../../src/gateway/services/mail/mail-outbox.ts';
import type { Mail } from '../../../src/gateway/services/mail/smtp.ts';
import { CENTRAL_FILE, type CentralSqlite, openCentralDatabase } from '../../../src/sync/central/central-database.ts';
import { type CentralMails, createCentralMails } from '../../../src/sync/central/central-mails.ts';
import { createMailRecords } from '../../../src/sync/central/mail-records.ts';
import { type Body, MESSAGES } from '../../../src/sync/envelope.ts';
import { type RunningMails, runMails } from '../../../src/sync/run-mails.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const ASKER = { site: 'north', gatewayEpoch: 'e1', link: 'l1' };
const CODE = '7KQM-X2PD-94HB';
const letter: Letter = {
	...{
		kind: 'invitation',
		to: 'bo@example.org',
		name: 'Bo',
		language: 'en',
		newAddress: null,
		endsAtMs: 1_800_000_000_000,
	},
	...{ site: 'North car park', timeZone: 'Europe/Brussels', link: `https://gate.example/activate?code=${CODE}` },
};
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let clock: VirtualClock;
let dir: string;
let db: CentralSqlite;
let central: CentralMails;
let site: RunningMails;
let sent: { readonly mail: Mail; readonly answer: (sent: Sent) => void }[];
/** What went over the wire, and whether more of a type still arrives. */
let wire: { readonly type: string; readonly body: object }[];
let lost: Set<string>;
let settled: (readonly [string, Carried])[];
/** Of the site: what it still wants sent. */
let outbox: Set<string>;

beforeEach(() => {
	clock = createVirtualClock();
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-central-mails-'));
	[sent, wire, settled, lost, outbox] = [[], [], [], new Set(), new Set()];
	startCentral();
	site = runMails({
		clock,
		link: { send: toCentral as never },
		mails: {
			due: (limit) => [...outbox].slice(0, limit),
			take: (id) => (outbox.has(id) ? letter : undefined),
			settle(id, carried) {
				settled.push([id, carried]);
				if (carried.result === 'sent' || (carried.result === 'failed' && !carried.again)) outbox.delete(id);
			},
			onDue: () => undefined,
		},
	});
});
afterEach(() => {
	db.close();
	rmSync(dir, { recursive: true, force: true });
});

function startCentral(isConfigured = true): void {
	db = openCentralDatabase(dir);
	let ids = 0;
	central = createCentralMails({
		...{ clock, log: createMemoryLog(), records: createMailRecords(db) },
		newId: () => `n${++ids}-${clock.monotonicMs()}`,
		link: { send: toSite as never },
		send: isConfigured ? (mail) => new Promise((answer) => sent.push({ mail, answer })) : undefined,
	});
}

/** Every body is one that the other side would take. */
function arrives(type: 'mailOffer' | 'letter' | 'mailAnswers', body: object): boolean {
	expect(MESSAGES[type].schema.shape.body.safeParse(body).success, JSON.stringify(body)).toBe(true);
	wire.push({ type, body });
	return !lost.has(type);
}

function toCentral(_channel: string, type: 'mailOffer' | 'letter', body: object) {
	if (arrives(type, body)) {
		if (type === 'letter') central.lettered(ASKER, body as Body<'letter'>);
		else central.offered(ASKER, (body as Body<'mailOffer'>).mails);
	}
	return { bytes: 1, outcome: Promise.resolve('delivered') };
}

function toSite(_address: object, type: 'mailAnswers', body: Body<'mailAnswers'>) {
	if (arrives(type, body)) site.answered(body.answers);
}

async function answer(how: Sent) {
	sent.at(-1)?.answer(how);
	await settle();
}

describe('issue 9: mails through central', () => {
	test('an offer says nothing of a mail; its letter goes when central asks, and is sent once', async () => {
		outbox.add('m1');
		site.offer();
		expect(wire.map(({ type }) => type)).toEqual(['mailOffer', 'mailAnswers', 'letter']);
		expect(JSON.stringify(wire[0])).not.toContain('bo@');
		expect(sent[0]?.mail).toMatchObject({ to: 'bo@example.org', subject: 'Your account for North car park' });
		await answer({ result: 'sent' });
		expect(settled).toEqual([['m1', { result: 'sent' }]]);
		site.offer();
		expect(sent).toHaveLength(1);
	});

	test('offers, letters and answers that are lost or come twice send it once all the same', async () => {
		outbox.add('m1');
		for (const type of ['mailOffer', 'mailAnswers', 'letter']) {
			lost = new Set([type]);
			site.offer();
			clock.advance(LIMITS.mailLetterMs + 1);
		}
		lost = new Set(['mailAnswers']);
		site.offer();
		clock.advance(LIMITS.mailLetterMs + 1);
		lost = new Set();
		clock.advance(60_000);
		expect(sent).toHaveLength(1);
		lost = new Set(['mailAnswers']);
		await answer({ result: 'sent' });
		lost = new Set();
		clock.advance(60_000);
		for (const { type, body } of [...wire]) {
			if (type === 'letter') central.lettered(ASKER, body as Body<'letter'>);
			if (type === 'mailOffer') central.offered(ASKER, (body as Body<'mailOffer'>).mails);
		}
		expect(sent).toHaveLength(1);
		expect(settled.at(-1)).toEqual(['m1', { result: 'sent' }]);
	});

	test('a letter that comes late, unasked for, with another nonce or from another site sends nothing', () => {
		outbox.add('m1');
		lost = new Set(['letter']);
		site.offer();
		const late = wire.at(-1)?.body as Body<'letter'>;
		central.lettered({ ...ASKER, site: 'south' }, late);
		central.lettered(ASKER, { ...late, nonce: 'guessed' });
		central.lettered(ASKER, { ...late, mailId: 'another' });
		clock.advance(LIMITS.mailLetterMs + 1);
		central.lettered(ASKER, late);
		expect(sent).toEqual([]);
	});

	test('a code that was replaced after the offer is not sent', () => {
		outbox.add('m1');
		lost = new Set(['mailAnswers']);
		site.offer();
		const asked = wire.at(-1)?.body as Body<'mailAnswers'>;
		outbox.delete('m1');
		site.answered(asked.answers);
		expect(wire.at(-1)?.type).toBe('mailAnswers');
		expect(sent).toEqual([]);
	});

	test('what the mail server refuses is told with its cause, and not begun again; what it puts off is', async () => {
		outbox.add('m1');
		site.offer();
		await answer({ result: 'failed', problem: 'addressRefused', code: 550, again: false });
		expect(settled).toEqual([['m1', { result: 'failed', problem: 'addressRefused', code: 550, again: false }]]);
		outbox.add('m2');
		site.offer();
		await answer({ result: 'failed', problem: 'refused', code: 451, again: true });
		expect(settled.at(-1)).toEqual(['m2', { result: 'failed', problem: 'refused', code: 451, again: true }]);
		site.offer();
		await answer({ result: 'sent' });
		expect(sent).toHaveLength(3);
		expect(createMailRecords(db).counts(0)).toMatchObject({ sent: 1, refused: 1, failed: 0 });
	});

	test('one that was cut off in the middle, at the mail server or by a stop of central, is not sent twice', async () => {
		outbox.add('m1').add('m2');
		site.offer();
		await Promise.all(sent.map(({ mail }) => mail.to));
		sent[0]?.answer({ result: 'failed', problem: 'unanswered', code: null, again: true });
		await settle();
		const unknown = { result: 'failed', problem: 'unanswered', code: null, again: false };
		expect(settled).toEqual([['m1', unknown]]);
		db.close();
		startCentral();
		site.offer();
		expect(settled, 'another central may be at it').toHaveLength(1);
		clock.advance(LIMITS.mailUnknownMs + 60_000);
		expect(settled.at(-1)).toEqual(['m2', unknown]);
		expect(sent).toHaveLength(2);
	});

	test('a site sends so many in an hour and central so many at once; the others come later', async () => {
		for (let n = 0; n < LIMITS.mailsAtOnce + 1; n++) outbox.add(`m${n}`);
		site.offer();
		expect(sent).toHaveLength(LIMITS.mailsAtOnce);
		expect(settled).toMatchObject([[`m${LIMITS.mailsAtOnce}`, { result: 'later' }]]);
		for (const { answer: done } of sent) done({ result: 'sent' });
		await settle();
		const records = createMailRecords(db);
		for (let n = sent.length; n < LIMITS.mailsPerSiteHour; n++) {
			records.begin({ site: 'north', id: `x${n}`, kind: 'invitation', address: 'b•••', atMs: clock.nowMs() });
		}
		site.offer();
		expect(sent).toHaveLength(LIMITS.mailsAtOnce);
		clock.advance(3_600_001);
		expect(sent).toHaveLength(LIMITS.mailsAtOnce + 1);
	});

	test('a central without a mail server says so at once', () => {
		db.close();
		startCentral(false);
		outbox.add('m1');
		site.offer();
		expect(settled).toEqual([['m1', { result: 'failed', problem: 'noCentralMail', code: null, again: false }]]);
	});

	test('central keeps that it was sent, to whom by its first letter, and nothing of what it said', async () => {
		outbox.add('m1');
		site.offer();
		await answer({ result: 'sent' });
		expect(createMailRecords(db).newest(10)).toEqual([
			{
				...{ site: 'north', id: 'm1', kind: 'invitation', address: 'b•••', atMs: clock.nowMs() },
				...{ outcome: 'sent', problem: null, code: null },
			},
		]);
		const files = [CENTRAL_FILE, `${CENTRAL_FILE}-wal`].map((name) => readFileSync(path.join(dir, name), 'latin1'));
		expect(files.join()).toContain('invitation');
		expect(files.join()).not.toMatch(/7KQM|bo@example/);
	});

	test.each([
		{ link: 'javascript:alert(1)' },
		{ link: 'https://gate.example/a b' },
		{ timeZone: 'Nowhere/Else' },
		{ to: 'b'.repeat(255) },
		{ kind: 'spam' },
	])('a letter with %j is refused at the door', (change) => {
		const body = { mailId: 'm1', nonce: 'n', ...letter, ...change };
		expect(MESSAGES.letter.schema.shape.body.safeParse(body).success).toBe(false);
	});
});
