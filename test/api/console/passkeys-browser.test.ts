import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../../../src/api/http/http-server.ts';
import { flawsOf, LOOKS, launchChromium, openWatched } from '../../support/console-browser.ts';
import { buildAssets, type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';
import { wallClock } from '../../support/wall-clock.ts';

const EMAIL = 'administrator@example.org';

/** A passkey is for a name and a port, which must be known before what listens there: this passes on what comes to it. */
async function createFront() {
	let behind = 0;
	const sockets = new Set<Socket>();
	const front = createServer((socket) => {
		const inner = connect(behind, '127.0.0.1');
		for (const [from, to] of [
			[socket, inner],
			[inner, socket],
		] as const) {
			sockets.add(from);
			from.pipe(to);
			from.on('error', () => to.destroy());
			from.on('close', () => to.destroy());
		}
	}).listen(0, '127.0.0.1');
	await once(front, 'listening');
	return {
		url: `http://localhost:${(front.address() as AddressInfo).port}`,
		passTo(port: number) {
			behind = port;
		},
		close() {
			for (const socket of sockets) socket.destroy();
			front.close();
		},
	};
}

let front: Awaited<ReturnType<typeof createFront>>;
let assets: ReturnType<typeof buildAssets>;
let site: ConsoleSite;
let server: HttpServer;
let browser: Browser;
beforeAll(async () => {
	front = await createFront();
	assets = buildAssets();
	site = createConsoleSite({ assets: assets.assets, consoleAddress: front.url });
	await site.bench.addOperator({ email: EMAIL, role: 'administrator' });
	const listen = { host: '127.0.0.1', port: 0, tls: { mode: 'plain' } } as const;
	server = await startHttpServer({
		http: site.http,
		listen,
		dir: site.bench.dir,
		clock: wallClock,
		log: site.bench.log,
	});
	front.passTo(server.port);
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	front.close();
	await server.stop();
	await site.close();
	assets.remove();
});

/** An authenticator of the browser's own, that holds passkeys and looks at who uses it. */
async function addAuthenticator(page: Page) {
	const session = await page.context().newCDPSession(page);
	await session.send('WebAuthn.enable');
	const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
			...{ isUserVerified: true, automaticPresenceSimulation: true },
		},
	});
	return {
		verifies: (isUserVerified: boolean) =>
			session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
		held: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
	};
}

async function signInByPassword(page: Page) {
	await page.goto('/login');
	await page.fill('#email', EMAIL);
	await page.fill('#password', PASSWORD);
	await page.click('button[type=submit].button--primary');
}

test('issue 9: in a browser a passkey is made, signs in alone and after the password, and says so where it does not', async () => {
	const complaints: string[] = [];
	const isHarmless = (text: string) => text.includes('401');
	const page = await openWatched(browser, { baseURL: front.url }, complaints, isHarmless);
	const authenticator = await addAuthenticator(page);
	await signInByPassword(page);
	await page.waitForURL(`${front.url}/home`);
	await page.goto('/account');
	await page.click('summary:has-text("Add a passkey")');
	await page.fill('#passkey-name', 'Laptop');
	await page.fill('#passkey-password', PASSWORD);
	await page.click('form[action="/account/passkeys/begin"] button');
	await page.click('form[data-passkey=make] button');
	await page.waitForSelector('text=Recovery codes, shown this once');
	expect(await authenticator.held()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);
	for (const [width, colorScheme] of LOOKS) {
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme });
		// Anew: colours that change on a page take a moment.
		await page.goto('/account');
		expect(await flawsOf(page, '/account')).toEqual([]);
	}

	await page.context().clearCookies();
	await page.goto('/login');
	await authenticator.verifies(false);
	await page.click('form[data-passkey=use] button');
	await page.waitForSelector('[data-passkey-problem]:visible');
	await authenticator.verifies(true);
	await page.click('form[data-passkey=use] button');
	await page.waitForURL(`${front.url}/home`);

	await page.context().clearCookies();
	await signInByPassword(page);
	await page.click('form[data-passkey=use][data-step] button');
	await page.waitForURL(`${front.url}/home`);
	expect(site.bench.operators.passkeys.list(idOf(EMAIL))).toMatchObject([{ name: 'Laptop', host: 'localhost' }]);
	expect(complaints).toEqual([]);
});

const idOf = (email: string) => site.bench.store.operators.operatorByEmail(email)?.id ?? '';
