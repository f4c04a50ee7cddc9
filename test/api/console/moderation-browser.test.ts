import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { facts } from '../../support/access-facts.ts';
import { type BrowserSite, createBrowserSite, flawsOf } from '../../support/console-browser.ts';
import { aReadWith } from '../../support/evidence-bench.ts';
import { noiseJpeg, solidJpeg } from '../../support/images.ts';

let host: BrowserSite;
let path: string;
beforeAll(async () => {
	host = await createBrowserSite();
	const { bench, services, decide } = host.site;
	const atMs = bench.clock.nowMs() - 600_000;
	const decisionId = decide({ facts: facts({ atMs }), subject: '1-ABC-123', holderName: null });
	const bytes = await noiseJpeg(1_280, 720);
	const id = createHash('sha256').update(bytes).digest('hex');
	path = `/moderation/${id}`;
	const read = aReadWith([bytes], { atMs });
	const others = Array.from({ length: 7 }, (_, n) => aReadWith([solidJpeg(`n ${n}`)], { atMs, deviceId: `cam-${n}` }));
	for (const one of [read, ...others]) services.evidence.source.seen(one);
	await services.evidence.settled();
	await services.evidence.stop();
	bench.store.evidence.decided(read.id, 'L1', decisionId);
});
afterEach(async () => {
	await host.closePages();
	host.complaints.length = 0;
});
afterAll(() => host.close());

const SIZES = [
	{ width: 360, height: 740 },
	{ width: 768, height: 1024 },
	{ width: 1_440, height: 900 },
] as const;

test('I15: an area is drawn by mouse and moved by keys, the numbers follow, and it is blurred', async () => {
	const page = await host.openSignedIn({ viewport: SIZES[2] }, 'security');
	await page.goto(path);
	const box = await page.locator('[data-frame]').boundingBox();
	if (box === null) throw new Error('no picture');
	await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.5);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.75, { steps: 4 });
	await page.mouse.up();
	const value = async (name: string) => Math.round(Number(await page.inputValue(`[name="${name}"]`)));
	expect([await value('x'), await value('y'), await value('width'), await value('height')]).toEqual([25, 50, 50, 25]);
	await page.focus('[data-area]');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Shift+ArrowUp');
	expect([await value('x'), await value('height')]).toEqual([26, 24]);
	const before = await page.getAttribute('.frame__image', 'src');
	await page.click('text=Blur this area');
	await page.waitForURL(/done=blurred/);
	expect(await page.getAttribute('.frame__image', 'src')).not.toBe(before);
	expect(host.complaints).toEqual([]);
});

test('I15: pictures are looked through and one is held, without scripts, on a phone', async () => {
	const page = await host.openSignedIn({ viewport: SIZES[0], hasTouch: true, isMobile: true }, 'security');
	await page.goto('/moderation');
	await page.tap(`a[href="${path}"]`);
	await page.waitForURL(new RegExp(path));
	await page.tap('summary:has-text("Hold")');
	await page.fill('#until', new Date(host.site.bench.clock.nowMs() + 5 * 86_400_000).toISOString().slice(0, 16));
	await page.fill('#hold-reason', 'claim 7');
	await page.tap('details button:has-text("Hold")');
	await page.waitForURL(/done=held/);
	expect(await page.textContent('.moderation__main')).toContain('claim 7');
	await page.tap('button:has-text("Release")');
	await page.waitForURL(/done=released/);
	expect(host.complaints).toEqual([]);
});

test('I15: the pages fit phones, tablets and desks, by day and by night', async () => {
	const flaws: string[] = [];
	for (const viewport of SIZES) {
		for (const colorScheme of ['light', 'dark'] as const) {
			const page = await host.openSignedIn({ viewport, colorScheme }, 'security');
			for (const address of ['/moderation', '/moderation?state=deleted', path]) {
				await page.goto(address);
				flaws.push(...(await flawsOf(page, `${viewport.width} ${colorScheme} ${address}`)));
			}
			await host.closePages();
		}
	}
	expect(flaws).toEqual([]);
});
