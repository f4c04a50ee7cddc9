import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listCameras } from '../../../src/drivers/ports/camera-list.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'parkgate-v4l-'));
	for (const folder of ['dev/v4l/by-id', 'dev/v4l/by-path', 'sys/class/video4linux'])
		mkdirSync(join(root, folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const list = () => listCameras({ dev: join(root, 'dev'), sys: join(root, 'sys') });

/** A node as sysfs shows it, below its USB device, or below none. */
function plug(name: string, index: number, device: string, usb: Readonly<Record<string, string>> | undefined): void {
	const directory = join(root, 'sys/devices', device);
	mkdirSync(join(directory, 'interface'), { recursive: true });
	for (const [file, text] of Object.entries(usb ?? {})) writeFileSync(join(directory, file), `${text}\n`);
	const node = join(root, 'sys/class/video4linux', name);
	mkdirSync(node);
	writeFileSync(join(node, 'index'), `${index}\n`);
	symlinkSync(join(directory, 'interface'), join(node, 'device'));
	writeFileSync(join(root, 'dev', name), '');
}

function link(kind: 'by-id' | 'by-path', name: string, target: string): string {
	const path = join(root, 'dev/v4l', kind, name);
	symlinkSync(`../../${target}`, path);
	return path;
}

test('D cameras are listed once each by the name that stays, without the nodes that carry no pictures', async () => {
	const usb = { idVendor: '046d', idProduct: '082d', product: 'HD Pro Webcam C920', serial: 'A1B2' };
	plug('video0', 0, 'usb1', usb);
	plug('video1', 1, 'usb1', usb);
	plug('video10', 0, 'platform', undefined);
	const address = link('by-id', 'usb-046d_C920_A1B2-video-index0', 'video0');
	link('by-id', 'usb-046d_C920_A1B2-video-index1', 'video1');
	expect(await list()).toMatchObject([
		{ address, stability: 'id', device: join(root, 'dev/video0'), usb: { product: 'HD Pro Webcam C920' } },
	]);
});

test('D two cameras of one model without serial numbers are told apart by their sockets', async () => {
	for (const [name, device] of [['video0', 'usb1'] as const, ['video2', 'usb2'] as const])
		plug(name, 0, device, { idVendor: '0c45', idProduct: '6366' });
	link('by-id', 'usb-0c45-video-index0', 'video2');
	const sockets = [link('by-path', 'pci-usb-1', 'video0'), link('by-path', 'pci-usb-2', 'video2')];
	expect((await list()).map(({ address }) => address)).toEqual(sockets);
});

test('D a machine without cameras has none', async () => {
	rmSync(join(root, 'sys'), { recursive: true });
	expect(await list()).toEqual([]);
});
