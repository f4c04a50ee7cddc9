import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type HttpServer, startHttpServer } from '../../src/api/http/http-server.ts';
import { buildAssets, type ConsoleSite, type ConsoleSiteOptions, createConsoleSite } from './console-site.ts';
import { PASSWORD } from './operators.ts';
import { wallClock } from './wall-clock.ts';

/** Debian's Chromium, as root, asking nobody outside. */
export function launchChromium(): Promise<Browser> {
	return chromium.launch({
		executablePath: '/usr/bin/chromium-headless-shell',
		chromiumSandbox: false,
		args: [
			'--disable-gpu',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}

/** Widths and colours that pages are looked at in: what is wide or small shows in either colour, what is faint at any width. */
export const LOOKS = [
	[360, 'light'],
	[360, 'dark'],
	[768, 'light'],
	[1_440, 'dark'],
] as const;

/** A page of a browser of its own. What its console or its content policy complains about is added to `complaints`. */
export async function openWatched(
	browser: Browser,
	options: BrowserContextOptions,
	complaints: string[],
	isHarmless: (text: string) => boolean = () => false,
): Promise<Page> {
	const context = await browser.newContext({ locale: 'en-GB', ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	page.on('pageerror', (error) => complaints.push(String(error)));
	page.on('console', (message) => {
		const isTold = message.type() === 'error' || message.text().includes('Content Security Policy');
		if (isTold && !isHarmless(message.text())) complaints.push(message.text());
	});
	return page;
}

/** Follows the claim link of a new gateway, and is its administrator. */
export async function claimByForm(
	page: Page,
	code: string,
	administrator: Readonly<Record<'name' | 'email' | 'password', string>>,
) {
	await page.goto(`/claim?code=${code}`);
	for (const field of ['name', 'email', 'password'] as const) await page.fill(`#${field}`, administrator[field]);
	await page.click('button[type=submit].button--primary');
	await page.waitForURL(new URL('/', page.url()).href);
}

/** What is wrong with how the page that is shown looks: wider than the window, faint texts, targets too small for a finger. */
export async function flawsOf(page: Page, address: string): Promise<readonly string[]> {
	const overflow = await page.evaluate(
		() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
	);
	const flaws = [...(overflow > 0 ? [`scrolls sideways by ${overflow}`] : []), ...(await faintTexts(page))];
	return [...flaws, ...(await smallTargets(page, 24))].map((flaw) => `${address} ${flaw}`);
}

/** A console site behind a real socket, and browsers in front of it. */
export interface BrowserSite {
	readonly site: ConsoleSite;
	readonly url: string;
	/** A page of a browser of its own. Everything that its console or its content policy complains about is collected. */
	open(options?: BrowserContextOptions): Promise<Page>;
	/** As `open`, signed in by the form. */
	openSignedIn(options?: BrowserContextOptions, role?: string): Promise<Page>;
	readonly complaints: string[];
	closePages(): Promise<void>;
	stopServer(): Promise<void>;
	/** On the port it had. */
	startServer(): Promise<void>;
	close(): Promise<void>;
}

export async function createBrowserSite(options: Pick<ConsoleSiteOptions, 'site'> = {}): Promise<BrowserSite> {
	const { assets, remove } = buildAssets();
	const site = createConsoleSite({ assets, ...options });
	const complaints: string[] = [];
	const start = (port: number): Promise<HttpServer> =>
		startHttpServer({
			http: site.http,
			listen: { host: '127.0.0.1', port, tls: { mode: 'plain' } },
			dir: site.bench.dir,
			clock: wallClock,
			log: site.bench.log,
		});
	let server = await start(0);
	const { url, port } = server;
	const browser = await launchChromium();

	const open = (options: BrowserContextOptions = {}) => openWatched(browser, { baseURL: url, ...options }, complaints);
	return {
		site,
		url,
		open,
		async openSignedIn(options = {}, role = 'administrator') {
			const email = `${role}@example.org`;
			if (site.bench.store.operators.operatorByEmail(email) === undefined)
				await site.bench.addOperator({ email, role });
			const page = await open(options);
			await page.goto('/login');
			await page.fill('#email', email);
			await page.fill('#password', PASSWORD);
			await page.click('button[type=submit].button--primary');
			await page.waitForURL(`${url}/home`);
			await page.goto('/');
			return page;
		},
		complaints,
		async closePages() {
			for (const context of browser.contexts()) await context.close();
		},
		stopServer: () => server.stop(),
		async startServer() {
			server = await start(port);
		},
		async close() {
			await browser.close();
			await server.stop();
			await site.close();
			remove();
		},
	};
}

/** Texts of the page that are too faint against what is behind them (WCAG 2.2, 1.4.3), as `ratio: text`. */
export function faintTexts(page: Page): Promise<readonly string[]> {
	return page.evaluate(() => {
		type Colour = readonly [number, number, number, number];
		const parse = (text: string): Colour => {
			const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
			return [r, g, b, a];
		};
		const over = ([r, g, b, a]: Colour, below: Colour): Colour => [
			r * a + below[0] * (1 - a),
			g * a + below[1] * (1 - a),
			b * a + below[2] * (1 - a),
			1,
		];
		const behind = (element: Element | null): Colour => {
			if (element === null) return [255, 255, 255, 1];
			const own = parse(getComputedStyle(element).backgroundColor);
			return own[3] === 1 ? own : over(own, behind(element.parentElement));
		};
		const luminance = (colour: Colour) => {
			const [r = 0, g = 0, b = 0] = colour
				.slice(0, 3)
				.map((value) => value / 255)
				.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const faint: string[] = [];
		for (const element of document.querySelectorAll('body *')) {
			const text = [...element.childNodes]
				.filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
				.map(({ data }: Node & { data?: string }) => data ?? '');
			const words = text.join('').trim();
			if (words === '' || !element.checkVisibility({ visibilityProperty: true })) continue;
			const { color, fontSize, fontWeight } = getComputedStyle(element);
			const ground = behind(element);
			const [a, b] = [luminance(over(parse(color), ground)), luminance(ground)];
			const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
			const size = Number.parseFloat(fontSize);
			const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
			if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)}: ${words.slice(0, 40)}`);
		}
		return faint;
	});
}

/** Controls smaller than `pixels` in either direction, unless they stand within a sentence (WCAG 2.2, 2.5.8). */
export function smallTargets(page: Page, pixels: number): Promise<readonly string[]> {
	return page.evaluate((least) => {
		const small: string[] = [];
		for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')) {
			if (!element.checkVisibility({ visibilityProperty: true }) || element.matches('.skip-link')) continue;
			// A radio is pressed by its label; a row's link covers the row.
			const target = element.closest('label, tr.decision-row, tr.row, li.related__row, li.device, li.area') ?? element;
			const isInSentence = element.matches('a') && element.parentElement?.matches('p, li, span') === true;
			const { width, height } = target.getBoundingClientRect();
			if (!isInSentence && (width < least || height < least)) {
				small.push(`${Math.round(width)}×${Math.round(height)}: ${element.outerHTML.slice(0, 80)}`);
			}
		}
		return small;
	}, pixels);
}
