import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStillCapture, type StillQuestion } from '../../../src/drivers/ports/still-capture.ts';
import { createTakeStill } from '../../../src/drivers/ports/take-still.ts';
import { solidJpeg } from '../../support/images.ts';
import { until } from '../../support/program.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { wallClock } from '../../support/wall-clock.ts';

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-still-'));
	writeFileSync(path.join(dir, 'still.jpg'), solidJpeg('still'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let programs = 0;
/** Stands in for ffmpeg: a program of its own, whose words and bytes are those of this shell script. */
function program(script: string): string {
	const file = path.join(dir, `ffmpeg-${++programs}`);
	writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	return file;
}

const QUESTION: StillQuestion = {
	...{ device: '/dev/v4l/by-id/usb-cam-video-index0', format: 'mjpeg', widthPx: 1_280, heightPx: 720, skipFrames: 8 },
};
const take = (script: string, change: Partial<StillQuestion> = {}) =>
	createStillCapture(wallClock, program(script))({ ...QUESTION, ...change }, new AbortController().signal);

describe('D a still of a camera on this machine', () => {
	it('is asked of ffmpeg with size, format and frames to skip, and comes as it is, without what the driver pads', async () => {
		const still = await take(`echo "$@" > ${dir}/args; cat ${dir}/still.jpg; printf '\\0\\0\\0\\0'`);
		expect(still.result === 'taken' && Buffer.from(still.bytes)).toEqual(Buffer.from(solidJpeg('still')));
		const args = readFileSync(path.join(dir, 'args'), 'utf8');
		expect(args).toContain('-f v4l2 -input_format mjpeg -video_size 1280x720 -i /dev/v4l/by-id/usb-cam-video-index0');
		expect(args).toContain('select=gte(n\\,8)');
		expect(args).toContain('-frames:v 1');
	});

	it('hands that program nothing of the environment but where programs are', async () => {
		vi.stubEnv('PARKGATE_SECRET', 'not for ffmpeg');
		await take(`env > ${dir}/env; cat ${dir}/still.jpg`);
		vi.unstubAllEnvs();
		expect(readFileSync(path.join(dir, 'env'), 'utf8')).not.toContain('PARKGATE_SECRET');
	});

	it.each([
		['/dev/video0: No such file or directory', /there is no camera at .*; plug it in/],
		['/dev/video0: Permission denied', /group video/],
		['/dev/video0: Device or resource busy', /another program uses/],
		['ioctl(VIDIOC_STREAMON): No space left on device', /USB bus/],
		['The V4L2 driver changed the video from 1280x720\nInvalid argument', /gives no 1280x720 in mjpeg/],
		['Inappropriate ioctl for device', /is no camera/],
		['\u001b[31msomething else', /gave no picture \(.*something else\)/],
	])('says what is wrong: %s', async (words, problem) => {
		const still = await take(`printf '%s' '${words}' >&2; exit 1`);
		expect(still).toEqual({ result: 'failed', problem: expect.stringMatching(problem) });
		expect(JSON.stringify(still)).not.toContain('u001b');
	});

	it('cut in the middle, empty or no JPEG is no picture', async () => {
		expect(await take(`head -c 40 ${dir}/still.jpg`)).toMatchObject({ result: 'failed' });
		expect(await take('true')).toMatchObject({ result: 'failed' });
		expect(await take("printf 'GIF89a'")).toMatchObject({ result: 'failed' });
	});

	it('that never ends in size ends with its program', async () => {
		const still = await take('exec cat /dev/zero');
		expect(still).toEqual({ result: 'failed', problem: expect.stringMatching(/larger than/) });
	});

	it('that does not come in time is given up, and its program is gone', async () => {
		const clock = createVirtualClock();
		const hung = createStillCapture(clock, program(`echo $$ > ${dir}/pid; exec sleep 60`));
		const still = hung(QUESTION, new AbortController().signal);
		await until(() => expect(existsSync(path.join(dir, 'pid'))).toBe(true), 20_000);
		const pid = await until(() => {
			const text = readFileSync(path.join(dir, 'pid'), 'utf8').trim();
			expect(text).toMatch(/^\d+$/);
			return Number(text);
		}, 90_000);
		clock.advance(5_000);
		expect(await still).toEqual({ result: 'failed', problem: expect.stringMatching(/no picture in time/) });
		await until(() => expect(() => process.kill(Number(pid), 0)).toThrow(), 20_000);
	});

	it('is given up when the gateway stops', async () => {
		const ending = new AbortController();
		const still = createStillCapture(wallClock, program('exec sleep 60'))(QUESTION, ending.signal);
		ending.abort();
		expect(await still).toMatchObject({ result: 'failed' });
	});

	it('says which package is missing', async () => {
		const still = await createStillCapture(wallClock, path.join(dir, 'absent'))(QUESTION, new AbortController().signal);
		expect(still).toEqual({ result: 'failed', problem: expect.stringContaining('apt install ffmpeg') });
	});

	it('of a simulated camera is a picture of its own at every moment', async () => {
		const clock = createVirtualClock();
		const simulated = createTakeStill(clock, path.join(dir, 'absent'));
		const signal = new AbortController().signal;
		const first = await simulated({ ...QUESTION, device: 'sim:gate' }, signal);
		clock.advance(1_000);
		const second = await simulated({ ...QUESTION, device: 'sim:gate' }, signal);
		expect([first.result, second.result]).toEqual(['taken', 'taken']);
		expect(first).not.toEqual(second);
	});
});
