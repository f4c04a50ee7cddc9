import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GATEWAY_YAML } from '../../support/configuration-bench.ts';
import { type BrowserSite, createBrowserSite, flawsOf } from '../../support/console-browser.ts';

let browsers: BrowserSite;
beforeAll(async () => {
	browsers = await createBrowserSite();
});
afterEach(() => browsers.closePages());
afterAll(() => browsers.close());

const SIZES = [
	{ width: 1280, height: 900 },
	{ width: 360, height: 740 },
];

describe('N10: the configuration in a browser', () => {
	it.each(SIZES)(
		'is proposed as a file, looked at, tried and kept, on $width × $height',
		async (viewport) => {
			const page = await browsers.openSignedIn({ viewport }, 'technician');
			const capacity = viewport.width;
			const text = GATEWAY_YAML.replace('capacity: 80', `capacity: ${capacity}`);
			await page.goto('/configuration');
			await page.setInputFiles('#file', {
				name: 'gateway.yaml',
				mimeType: 'application/yaml',
				buffer: Buffer.from(text),
			});
			await page.fill('#reason', 'the deck was measured');
			await page.click('form.config-form button[type=submit]');
			await page.waitForURL(/\/configuration\/[0-9a-f]{64}$/);
			expect(await page.textContent('.config-diff ins')).toContain(`capacity: ${capacity}`);
			expect(await flawsOf(page, 'version')).toEqual([]);
			await page.fill('#reason', 'the deck was measured');
			await page.click('form.config-form button[type=submit]');
			await page.waitForSelector('.notice--active');
			expect(browsers.site.services.configuration.turn()).toBe(true);
			// The page asks again by itself.
			await page.waitForURL(/\/configuration$/, { timeout: 20_000 });
			expect(await flawsOf(page, 'configuration')).toEqual([]);
			await page.click('.notice--warning .button--primary');
			await page.waitForSelector('.notice--warning', { state: 'detached' });
			expect(browsers.site.services.configuration.configuration.view()).toMatchObject({ trial: null });
			expect(browsers.site.services.configuration.configuration.view().runs).toMatch(/^[0-9a-f]{64}$/);
			expect(browsers.complaints).toEqual([]);
		},
		90_000,
	);
});
