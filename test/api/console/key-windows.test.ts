import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../src/gateway/core/device.ts';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';
import { DEVICE } from '../../support/http-site.ts';

let site: ConsoleSite;
let asked: string[];
beforeEach(() => {
	site = createConsoleSite();
	asked = [];
	site.devices.push({ ...DEVICE, state: 'faulted', capabilities: ['reads tags', 'takes a key'] });
	site.takesKeys.set('reader-1', {
		openKeyWindow: (forMs) => void asked.push(`open ${forMs}`),
		closeKeyWindow: () => void asked.push('close'),
	});
});
afterEach(() => site.close());

function becomes(change: Partial<DeviceStatus>): void {
	const [device] = site.devices;
	if (device !== undefined) site.devices[0] = { ...device, ...change };
}

test('D3 a technician lets a reader take its key on its page, sees until when, and stops it', async () => {
	const technician = await site.signIn('technician');
	expect(await technician.page('/devices/reader-1')).toContain('Let it take its key');
	const opened = await technician.post('/devices/reader-1/key-window', {});
	expect([opened.status, opened.headers.get('location')]).toEqual([303, '/devices/reader-1']);
	becomes({ keyWindowEndMs: Date.UTC(2026, 0, 5, 8, 10) });
	const page = await technician.page('/devices/reader-1');
	expect(page).toContain('It may take its key until');
	expect(page).toContain('Stop now');
	await technician.post('/devices/reader-1/key-window/close', {});
	expect(asked).toEqual(['open 600000', 'close']);
});

test('who may not install, and readers without a key, see nothing of it', async () => {
	const security = await site.signIn('security');
	expect(await security.page('/devices/reader-1')).not.toContain('Let it take its key');
	expect((await security.post('/devices/reader-1/key-window', {})).status).toBe(403);
	becomes({ capabilities: ['reads tags'] });
	const technician = await site.signIn('technician');
	expect(await technician.page('/devices/reader-1')).not.toContain('Let it take its key');
	expect((await technician.post('/devices/reader-9/key-window', {})).status).toBe(404);
	expect(asked).toEqual([]);
});

test('an alarm of a device stands out', async () => {
	becomes({ alarm: 'downgrade', problem: 'the reader has the default key' });
	const technician = await site.signIn('technician');
	expect(await technician.page('/devices/reader-1')).toMatch(/notice--bad[\s\S]*default key/);
});
