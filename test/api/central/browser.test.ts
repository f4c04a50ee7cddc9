import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../../src/api/http/http-server.ts';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';
import { flawsOf, launchChromium, openWatched } from '../../support/console-browser.ts';
import { buildAssets } from '../../support/console-site.ts';
import { wallClock } from '../../support/wall-clock.ts';

const HOLDER = { id: 'h1', kind: 'person', name: 'Anna Peeters', email: null, status: 'active' };
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

describe('central’s pages in Chromium (N11)', () => {
	let bench: CentralBench;
	let server: HttpServer;
	let browser: Browser;
	let removeAssets: () => void;
	let ticking: NodeJS.Timeout;
	const complaints: string[] = [];

	beforeAll(async () => {
		const { assets, remove } = buildAssets();
		removeAssets = remove;
		bench = createCentralBench({ assets });
		bench.central.start();
		await bench.settle();
		const north = await bench.site('north');
		north.born([{ stream: 'people', centralEpoch: 'other', rev: 3 }], 9);
		await bench.settle();
		north.tells([
			{ type: 'parkgate.decision', data: { lane: 'L1', subject: '1ABC123', outcome: 'granted' } },
			{
				type: 'parkgate.edit',
				data: { operator: 'o', batch: 'b', table: 'holders', key: 'h2', baseRev: 0, row: null },
			},
		]);
		north.beats([{ stream: 'people', centralEpoch: 'other', rev: 3 }], 9, 'the disk is full');
		await bench.settle();
		bench.central.change('people', [{ op: 'put', table: 'holders', key: 'h1', row: HOLDER }]);
		server = await startHttpServer({
			http: bench.http,
			listen: { host: '127.0.0.1', port: 0, tls: { mode: 'plain' } },
			...{ dir: bench.dir, clock: wallClock, log: bench.log },
		});
		browser = await launchChromium();
		// Central's time goes on: pages wait for what it does in steps.
		ticking = setInterval(() => bench.clock.advance(10), 10);
	}, 180_000);
	afterAll(async () => {
		clearInterval(ticking);
		await browser.close();
		await server.stop();
		await bench.end();
		removeAssets();
	});

	async function signedIn(options: Parameters<typeof openWatched>[1]): Promise<Page> {
		const page = await openWatched(browser, { baseURL: server.url, ...options }, complaints);
		await page.goto('/login');
		await page.fill('#token', bench.tokenOf('administrator'));
		await page.click('button[type=submit].button--primary');
		await page.waitForURL(`${server.url}/`);
		return page;
	}

	it.each([
		['on a desk by day', { viewport: DESK, colorScheme: 'light' }],
		['on a desk by night', { viewport: DESK, colorScheme: 'dark' }],
		['on a phone by day', { viewport: PHONE, colorScheme: 'light', hasTouch: true }],
	] as const)(
		'fit the window, can be read and be hit %s',
		async (_, options) => {
			const page = await signedIn(options);
			const flaws: string[] = [];
			const ofSite = ['', '/events', '/commands', '/edits', '/gateway'].map((part) => `/sites/north${part}`);
			for (const path of ['/', ...ofSite, '/streams', '/rows/holders', '/rows/holders/h1', '/rows/credentials/new']) {
				await page.goto(path);
				flaws.push(...(await flawsOf(page, path)));
			}
			expect(flaws).toEqual([]);
			expect(complaints).toEqual([]);
			await page.context().close();
		},
		180_000,
	);

	it('do everything without scripts', async () => {
		const page = await signedIn({ viewport: DESK, javaScriptEnabled: false });
		await page.goto('/rows/holders/h1');
		await page.fill('#json', JSON.stringify({ ...HOLDER, name: 'Anna Maes' }));
		await page.click('text=Save for all sites');
		await page.waitForURL(/rev=/);
		expect(bench.central.rows('people').get('holders/h1')).toMatchObject({ name: 'Anna Maes' });
		expect(await page.textContent('[role=alert]')).toContain('Saved as revision');
		await page.context().close();
	}, 180_000);

	it('show what changed without being loaded again', async () => {
		const page = await signedIn({ viewport: DESK });
		await page.goto('/');
		expect(await page.locator('tr[data-site]').count()).toBe(1);
		(await bench.site('south')).born();
		await bench.settle();
		await page.waitForSelector('tr[data-site=south]', { timeout: 30_000 });
		await page.context().close();
	}, 180_000);
});
