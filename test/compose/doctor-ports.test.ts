import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { diagnose } from '../../src/compose/doctor.ts';
import { createSiteFiles } from '../support/daemon.ts';

it('D: doctor looks for cameras on USB and the program that takes their pictures, and leaves alone what is on the network', async () => {
	using files = createSiteFiles({
		devices: [
			{ id: 'usb-1', driver: 'usb-camera', port: '/dev/v4l/by-id/none-video-index0' },
			{ id: 'reader-1', driver: 'ascii-line', port: 'tcp://127.0.0.1:9' },
			{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom', outputs: { open: 1 } },
		],
	});
	const looked = async () =>
		(await diagnose({ configFile: files.configFile })).filter(({ name }) => /^port|ffmpeg/.test(name));
	onTestFinished(() => void vi.unstubAllEnvs());
	vi.stubEnv('PATH', files.dir);
	expect(await looked()).toMatchObject([
		{ name: 'port /dev/v4l/by-id/none-video-index0', result: 'failed', found: 'not there' },
		{ name: 'ffmpeg', result: 'failed', fix: expect.stringContaining('apt install ffmpeg') },
	]);
	writeFileSync(path.join(files.dir, 'ffmpeg'), '');
	expect((await looked())[1]).toMatchObject({ name: 'ffmpeg', result: 'ok' });
});
