import { type AddressInfo, connect, createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Letter } from '../../../../src/gateway/core/letter.ts';
import { letterMail } from '../../../../src/gateway/services/mail/letter-mail.ts';
import { createSmtp, type Mail, type SmtpSettings } from '../../../../src/gateway/services/mail/smtp.ts';
import { startMailServer } from '../../../support/mail-server.ts';
import { createThrowawayCa, type Issued } from '../../../support/throwaway-ca.ts';

let caPem: string;
let issued: Issued;
beforeAll(async () => {
	const ca = await createThrowawayCa();
	caPem = ca.pem;
	issued = await ca.issue('mail', { hosts: ['127.0.0.1'] });
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

async function server(options: SMTPServerOptions = {}) {
	const started = await startMailServer({ key: issued.key, cert: issued.cert, ...options });
	closers.push(started.end);
	return started;
}

const to = (port: number, settings: Partial<SmtpSettings> = {}) =>
	createSmtp({ host: '127.0.0.1', port, security: 'startTls', caPem, from: 'gate@example.org', ...settings });

const MAIL: Mail = { to: 'bo@example.org', name: 'Bo', subject: 'Your account', text: 'Hello Bo\n' };

describe('issue 9: mails by SMTP', () => {
	test('go to one person over STARTTLS, with the user and password that are configured', async () => {
		const logins: string[] = [];
		const { taken, port } = await server({
			authOptional: false,
			onAuth({ username, password }, { secure }, callback) {
				logins.push(`${username} ${password} ${secure}`);
				callback(null, { user: username });
			},
		});
		const send = to(port, { login: { username: 'gate', password: 'secret' } });
		expect(await send(MAIL)).toEqual({ result: 'sent' });
		expect(logins).toEqual(['gate secret true']);
		expect(taken).toMatchObject([{ to: ['bo@example.org'], secure: true }]);
		expect(taken[0]?.text).toMatch(/^From: Parkgate <gate@example\.org>\r$/m);
		expect(taken[0]?.text).toContain('Auto-Submitted: auto-generated');
	});

	test('are not sent to a server that does not encrypt, or whose certificate is not trusted', async () => {
		const plain = await server({ disabledCommands: ['STARTTLS'] });
		expect(await to(plain.port)(MAIL)).toMatchObject({ result: 'failed', problem: 'noEncryption', again: false });
		const strange = await server();
		const others = (await createThrowawayCa('Another')).pem;
		expect(await to(strange.port, { caPem: others })(MAIL)).toMatchObject({
			result: 'failed',
			problem: 'noEncryption',
		});
		expect([...plain.taken, ...strange.taken]).toEqual([]);
	});

	test.each([
		['a name', { name: 'Bo\r\nBcc: evil@example.org' }],
		['a name with a quote', { name: 'Bo" <evil@example.org>, "' }],
		['a subject', { subject: 'Hello\r\nBcc: evil@example.org\r\n\r\nevil' }],
		['a subject with other ends of lines', { subject: 'Hello\u2028Bcc: evil@example.org\u0085X: y\0' }],
	])('%s breaks no header and adds nobody', async (_what, change) => {
		const { taken, port } = await server();
		expect(await to(port)({ ...MAIL, ...change })).toEqual({ result: 'sent' });
		expect(taken).toHaveLength(1);
		expect(taken[0]?.to).toEqual(['bo@example.org']);
		const [head = ''] = (taken[0]?.text ?? '').split('\r\n\r\n');
		expect(head).not.toMatch(/^(Bcc|X):/m);
		expect(head.match(/^To:/gm)).toHaveLength(1);
	});

	test.each([
		'a,b@example.org',
		'Bo <bo@example.org>',
		'a@b@example.org',
		'bo@example.org\r\nRCPT TO:<evil@example.org>',
		'group:a@example.org;',
		'',
	])('%j is no address that is written to', async (address) => {
		const { taken, port } = await server();
		expect(await to(port)({ ...MAIL, to: address })).toMatchObject({ result: 'failed', problem: 'addressRefused' });
		expect(taken).toEqual([]);
	});

	test('a refusal says what to mend, and whether it may be taken later', async () => {
		const refusing = (responseCode: number) => Object.assign(new Error('no'), { responseCode });
		const busy = await server({ onMailFrom: (_address, _session, callback) => callback(refusing(451)) });
		const unknown = await server({ onRcptTo: (_address, _session, callback) => callback(refusing(550)) });
		const locked = await server({ onAuth: (_auth, _session, callback) => callback(refusing(535)) });
		expect(await to(busy.port)(MAIL)).toMatchObject({ result: 'failed', code: 451, again: true });
		expect(await to(unknown.port)(MAIL)).toEqual({
			...{ result: 'failed', problem: 'addressRefused', code: 550, again: false },
		});
		const login = { username: 'gate', password: 'wrong' };
		expect(await to(locked.port, { login })(MAIL)).toMatchObject({ problem: 'loginRefused', again: false });
		const { port } = await server();
		for (const close of closers.splice(0)) await close();
		expect(await to(port)(MAIL)).toEqual({ result: 'failed', problem: 'unreachable', code: null, again: true });
	});

	test('a connection that ends after the mail, and before the answer, is told apart: it may have been taken', async () => {
		const { port } = await server({
			onData(stream, _session, _callback) {
				stream.resume();
				stream.on('end', () => cut());
			},
		});
		const way = createServer((client) => {
			const through = connect(port, '127.0.0.1');
			client.pipe(through).pipe(client);
			const end = () => {
				client.destroy();
				through.destroy();
			};
			client.on('error', end);
			through.on('error', end);
			cut = end;
		}).listen(0, '127.0.0.1');
		let cut: () => void = () => undefined;
		closers.push(() => new Promise((resolve) => way.close(() => resolve())));
		await new Promise((resolve) => way.once('listening', resolve));
		const sent = await to((way.address() as AddressInfo).port)(MAIL);
		expect(sent).toEqual({ result: 'failed', problem: 'unanswered', code: null, again: true });
	});
});

describe('issue 9: what a mail with a code says', () => {
	const letter: Letter = {
		...{ kind: 'invitation', to: 'bo@example.org', name: 'Bo', language: 'en', newAddress: null },
		...{ site: 'North car park', timeZone: 'Europe/Brussels', endsAtMs: Date.UTC(2026, 6, 1, 8) },
		link: 'https://gate.example.org/console/activate?code=7KQM-X2PD-94HB',
	};

	test.each([
		['en', 'invitation', 'Your account for North car park', '1 July 2026 at 10:00'],
		['en', 'passwordReset', 'A new password for North car park', '1 July 2026 at 10:00'],
		['fr', 'invitation', 'Votre compte pour North car park', '1 juillet 2026'],
		['nl', 'passwordReset', 'Een nieuw wachtwoord voor North car park', '1 juli 2026'],
		['en', 'addressCode', 'Confirm your address for North car park', '1 July 2026 at 10:00'],
	] as const)('in %s: %s', (language, kind, subject, until) => {
		const mail = letterMail({ ...letter, language, kind });
		expect(mail).toMatchObject({ to: 'bo@example.org', name: 'Bo', subject });
		expect(mail.text).toContain('\nhttps://gate.example.org/console/activate?code=7KQM-X2PD-94HB\n');
		expect(mail.text).toContain(until);
	});

	test('a notice of another address has no link, and names it masked', () => {
		const notice = { ...letter, kind: 'addressNotice', link: null, endsAtMs: null, newAddress: 'n•••' } as const;
		const { text } = letterMail(notice);
		expect(text).toContain('n•••');
		expect(text).not.toContain('http');
	});
});
