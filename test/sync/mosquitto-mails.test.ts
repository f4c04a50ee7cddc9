import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wireMail } from '../../src/compose/mail-of-site.ts';
import { createSmtp } from '../../src/gateway/services/mail/smtp.ts';
import type { CodeMails } from '../../src/gateway/services/operators/operators-deps.ts';
import { hashCode } from '../../src/gateway/services/operators/secrets.ts';
import { createPayloadCheck, readAsyncApi } from '../support/asyncapi.ts';
import { SITE } from '../support/http-site.ts';
import { startMailServer } from '../support/mail-server.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { captureMqtt } from '../support/mqtt-capture.ts';
import { operatorRow } from '../support/operators.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createUnrulyWire } from '../support/unruly-wire.ts';
import { wallClock } from '../support/wall-clock.ts';

const DAY_MS = 86_400_000;

describe('issue 9: mails through central, over a real Mosquitto and a real mail server', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto();
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	function tempDir(): string {
		const dir = mkdtempSync(join(tmpdir(), 'parkgate-mails-'));
		ends.push(() => rmSync(dir, { recursive: true, force: true }));
		return dir;
	}

	/** One that signs nobody in, and mails codes through central. */
	function startSite(dir: string, url = mosquitto.url) {
		let codeMails: CodeMails | undefined;
		const stack = new AsyncDisposableStack();
		const site = createSyncSite({
			...{ broker: { url }, dir },
			mails(store, journalGrew) {
				const config = { site: SITE, mail: { through: 'central', console: 'https://gate.example' } } as const;
				const clock = wallClock;
				const wired = wireMail({ config, store, clock, log: createMemoryLog(), journalGrew }, stack);
				codeMails = wired.codeMails;
				return wired.forCentral;
			},
		});
		let isEnded = false;
		const end = async () => {
			if (isEnded) return;
			isEnded = true;
			await stack.disposeAsync();
			await site.end();
		};
		ends.push(end);
		site.sync.start();
		return {
			...site,
			end,
			invite(id: string, code: string, email = `${id}@example.org`, name = id) {
				const { operators } = site.store;
				if (operators.operatorById(id) === undefined) operators.addOperator(operatorRow({ id, email, name }));
				const endsAtMs = Date.now() + DAY_MS;
				operators.setActivationCode({ operatorId: id, codeHash: hashCode(code), endsAtMs });
				codeMails?.put(id, { to: email, name, language: 'en', isInvitation: true, code, endsAtMs });
			},
			state: (id: string) => codeMails?.stateOf(id),
		};
	}

	async function startServer(options?: SMTPServerOptions) {
		const server = await startMailServer({ disabledCommands: ['STARTTLS'], ...options });
		ends.push(server.end);
		return server;
	}

	async function startCentral(dir: string, port?: number) {
		const smtp = { host: '127.0.0.1', security: 'none', from: 'central@example.org' } as const;
		const central = createTestCentral({
			...{ broker: { url: mosquitto.url }, dir },
			...(port !== undefined && { mail: { send: createSmtp({ ...smtp, port }), from: smtp.from } }),
		});
		let isEnded = false;
		const end = async () => {
			if (!isEnded) await central.end();
			isEnded = true;
		};
		ends.push(end);
		central.start();
		await until('central is connected', central.connected);
		return { ...central, end };
	}

	const linesWith = (text: string, what: RegExp) => text.split('\r\n').filter((line) => what.test(line));

	it('an invitation waits while central is away, also over a restart of the site, and is sent once when it comes', async () => {
		const server = await startServer();
		const dir = tempDir();
		const first = startSite(dir);
		await until('the site is connected', () => first.sync.status().connected);
		first.invite('bo', 'CODE-ONEX-BOXX', 'bo@example.org', 'Bo\r\nBcc: evil@example.org');
		first.invite('eve', 'CODE-OLDX-EVEX');
		expect(first.state('bo')).toMatchObject({ state: 'waitingForCentral' });
		await first.end();
		const wire = await captureMqtt(mosquitto.url);
		ends.push(() => wire.end());
		const site = startSite(dir);
		site.invite('eve', 'CODE-NEWX-EVEX');
		await startCentral(tempDir(), server.port);
		await until('both are sent', () => ['bo', 'eve'].every((id) => site.state(id)?.state === 'sent'));
		const texts = server.taken.map(({ text }) => text).join('\r\n');
		expect(server.taken.map(({ to }) => to.join()).sort()).toEqual(['bo@example.org', 'eve@example.org']);
		expect(texts).toContain('code=3DCODE-NEWX-EVEX');
		expect(texts).not.toContain('CODE-OLDX-EVEX');
		expect(linesWith(texts, /^Bcc/i)).toEqual([]);
		expect(linesWith(texts, /^From: /)).toEqual(Array(2).fill('From: Parkgate <central@example.org>'));

		const check = createPayloadCheck(readAsyncApi());
		const ofMails = wire.heard.filter(({ payload: { type } }) => /mail|letter/.test(type));
		expect(new Set(ofMails.map(({ payload: { type } }) => type)).size).toBe(3);
		for (const { payload } of ofMails) expect(check(payload.type, payload)).toEqual([]);
		const others = wire.heard.filter(({ payload: { type } }) => type !== 'letter');
		expect(JSON.stringify(others), 'no event tells it').not.toMatch(/CODE-|@example/);
	});

	it('a link that breaks and a central that starts again in the middle send it once; a refused address is told', async () => {
		const refusing = Object.assign(new Error('no such user'), { responseCode: 550 });
		const holds: (() => void)[] = [];
		const server = await startServer({
			onRcptTo({ address }, _session, callback) {
				if (address.startsWith('nobody')) callback(refusing);
				else if (address.startsWith('slow')) holds.push(() => callback());
				else callback();
			},
		});
		const wire = await createUnrulyWire(Number(new URL(mosquitto.url).port));
		ends.push(() => wire.end());
		const dir = tempDir();
		const central = await startCentral(dir, server.port);
		const site = startSite(tempDir(), `mqtt://127.0.0.1:${wire.port}`);
		site.invite('nobody', 'CODE-NOBO-DYXX');
		site.invite('slow', 'CODE-SLOW-SLOW');
		await until('one is being sent', () => holds.length === 1);
		await until('the refusal is told', () => site.state('nobody')?.state === 'failed');
		expect(site.state('nobody')).toMatchObject({ problem: 'addressRefused', code: 550, again: false });
		expect(site.state('slow')).toMatchObject({ state: 'handed' });
		wire.cut();
		holds[0]?.();
		await until('it was taken', () => central.view.mails().counts.sent === 1);
		await central.end();
		await startCentral(dir, server.port);
		await until('the site hears of it', () => site.state('slow')?.state === 'sent');
		expect(server.taken.map(({ to }) => to.join())).toEqual(['slow@example.org']);
	});
});
