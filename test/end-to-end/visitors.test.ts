import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitorsEn as words } from '../../src/api/console/catalogue/visitors/en.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { claimByForm, launchChromium, openWatched } from '../support/console-browser.ts';
import { ADMINISTRATOR, claimCode, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { hikvisionFixture } from '../support/push-camera.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const CARD = '26:9ADDDF00';
const PLATE = 'WX1234A';
const RETRY_MS = 500;

/** Chromium before the built gateway of a site without central, which has a camera, a reader and a barrier behind it. */
describe('a receptionist with a visitor before the barrier', () => {
	const files = createSiteFiles({}, 'visitors');
	const complaints: string[] = [];
	let ptys: readonly PtyPair[] = [];
	let reader: SimulatedDevice;
	let boom: SimulatedDevice;
	let daemon: Daemon;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		const [forReader, forBoom] = await Promise.all([createPtyPair(), createPtyPair()]);
		ptys = [forReader, forBoom];
		files.configure(siteOn(forReader, forBoom));
		[reader, boom, browser] = await Promise.all([
			startSimulatedDevice('osdp', forReader.far, { address: 5 }),
			startSimulatedDevice('modbus-relay', forBoom.far, { unit: 1, 'outputs.open': 1, 'inputs.arming': 1 }),
			launchChromium(),
		]);
		daemon = await startDaemon({ configFile: files.configFile });
		page = await openWatched(browser, { baseURL: daemon.url }, complaints);
		await claimByForm(page, await claimCode(files.configFile), ADMINISTRATOR);
	});

	afterAll(async () => {
		await browser?.close();
		await daemon?.kill();
		for (const device of [reader, boom]) await device?.program.kill();
		for (const pty of ptys) await pty.close();
		files[Symbol.dispose]();
	});

	/** As the camera posts what it saw. */
	async function drivesUp(plate: string): Promise<void> {
		const event = hikvisionFixture('deepinview-v5.8.xml')
			.replace('<UUID>x</UUID>', `<UUID>${randomUUID()}</UUID>`)
			.replace('2026-07-05T20:44:40+01:00', new Date().toISOString())
			.replaceAll(PLATE, plate);
		const body = new FormData();
		body.append('anpr.xml', new Blob([event], { type: 'text/xml' }), 'anpr.xml');
		expect((await fetch(`${daemon.ingestUrl}/cam-1`, { method: 'POST', body })).status).toBe(200);
	}

	async function stands(isThere: boolean): Promise<void> {
		await boom.stimulate(`input arming ${isThere ? 'on' : 'off'}`);
		await until(async () => {
			const lane = await page.evaluate(async () => (await fetch('/api/v1/lanes/L1')).json());
			expect(lane).toMatchObject({ vehiclePresent: isThere });
		});
	}

	async function laneIsFree(): Promise<void> {
		await stands(false);
		await page.goto('/');
		await page.locator('#lane-L1 .lane__phase', { hasText: 'Free' }).waitFor({ timeout: 30_000 });
		await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
	}

	it('X6: makes a visitor of a plate that the log does not know, and the same plate is let in', async () => {
		await stands(true);
		await drivesUp(PLATE);
		await page.goto('/log');
		await until(async () => {
			await page.reload();
			await page.click(`text=${words['visitor.make']}`, { timeout: 3_000 });
		});
		await page.click(`main >> text=${words['visitor.addSpecification']}`);
		await page.click(`button >> text=${words['visitor.kindSubmit']}`);
		expect(await page.inputValue('#value')).toBe(PLATE);
		await page.fill('#name', 'Jan Maes');
		await page.click(`button >> text=${words['visitor.submit']}`);
		await page.waitForSelector('[role=alert] >> text=Jan Maes may come in');
		expect(boom.pulses('open')).toBe(0);
		await laneIsFree();
		await stands(true);
		await drivesUp(PLATE);
		await until(() => expect(boom.pulses('open')).toBe(1), 15_000);
		await page.locator('#last-decisions .decision-row', { hasText: 'Jan Maes' }).waitFor();
	});

	it('fills a card in by presenting it: nothing opens by that, and from then on it does', async () => {
		await laneIsFree();
		await page.goto('/visitors/new');
		await page.fill('#name', 'Els Claes');
		await page.check('input[name=kind][value=tag]');
		await page.click('.present-tag');
		await page.click(`#dialog button >> text=${words['enrolment.start']}`);
		await page.waitForSelector('#dialog >> text=Hold the card in front of reader-1 now');
		await reader.stimulate(`card ${CARD}`);
		await page.click(`#dialog >> text=${words['enrolment.use']}`);
		await page.waitForSelector('#dialog:not([open])', { state: 'attached' });
		expect(await page.inputValue('#value')).toBe(CARD);
		await page.click(`button >> text=${words['visitor.submit']}`);
		await page.waitForSelector('[role=alert] >> text=Els Claes may come in');
		expect(boom.pulses('open')).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, LIMITS.enrolmentQuietMs + RETRY_MS));
		await stands(true);
		await reader.stimulate(`card ${CARD}`);
		await until(() => expect(boom.pulses('open')).toBe(2), 15_000);
	});

	it('X6: lists who is here today, and finds them by name, plate and card', async () => {
		await page.goto('/visitors');
		const names = () => page.locator('.visit__link').allTextContents();
		expect(await names()).toEqual(['Els Claes', 'Jan Maes']);
		for (const [asked, found] of [
			['maes jan', ['Jan Maes']],
			['wx-1234', ['Jan Maes']],
			['26:9ADD', ['Els Claes']],
			['nobody', []],
		] as const) {
			await page.goto(`/visitors?q=${encodeURIComponent(asked)}`);
			expect({ asked, found: await names() }).toEqual({ asked, found });
		}
		await page.goto('/visitors?when=coming');
		expect(await names()).toEqual([]);
	});

	it('lets go of the reader when the dialog is closed half-way', async () => {
		await page.goto('/visitors/new');
		await page.check('input[name=kind][value=tag]');
		await page.click('.present-tag');
		await page.click(`#dialog button >> text=${words['enrolment.start']}`);
		await page.waitForSelector('#dialog >> text=Hold the card in front of reader-1 now');
		await page.keyboard.press('Escape');
		await until(async () => {
			const open = await page.evaluate(async () => (await fetch('/api/v1/enrolments')).json());
			expect(open).toEqual({ items: [] });
		});
	});

	it('leaves nothing to complain about in the browser, nor in the gateway', () => {
		expect(complaints).toEqual([]);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});

function siteOn(forReader: PtyPair, forBoom: PtyPair) {
	return {
		ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
		devices: [
			{ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' },
			{ id: 'reader-1', driver: 'osdp', port: forReader.near, address: 5, cards: ['H10301'] },
			{
				...{ id: 'boom-1', driver: 'modbus-relay', port: forBoom.near, unit: 1 },
				...{ outputs: { open: 1 }, inputs: { arming: 1 } },
			},
		],
		lanes: [
			{
				...{ id: 'L1', name: 'North entry', kind: 'entry', from: 'outside', to: 'A1', identify: 'either' },
				...{ readers: ['reader-1'], cameras: ['cam-1'], barrier: 'boom-1' },
				...{ passageTimeoutMs: 5_000, retryAfterMs: RETRY_MS },
			},
		],
	};
}
