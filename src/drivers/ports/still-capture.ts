import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import process from 'node:process';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';

/** One picture of a camera on this machine (Linux, V4L2). */
export interface StillQuestion {
	/** Its node, such as `/dev/v4l/by-id/…-video-index0`. */
	readonly device: string;
	/** How it codes pictures on the bus: `mjpeg` for large ones, `yuyv` for cameras that can nothing else. */
	readonly format: 'mjpeg' | 'yuyv';
	readonly widthPx: number;
	readonly heightPx: number;
	/** Pictures let by first: the exposure of a camera that was just opened is wrong. */
	readonly skipFrames: number;
}

export type Still =
	| { readonly result: 'taken'; readonly bytes: Uint8Array }
	/** In words that say what to look at. */
	| { readonly result: 'failed'; readonly problem: string };

/** Takes one picture, as JPEG; never rejects. Bounded by LIMITS.stillMs and LIMITS.evidenceImageBytes. */
export type TakeStill = (question: StillQuestion, signal: AbortSignal) => Promise<Still>;

/**
 * By ffmpeg, in a process of its own for each picture: a driver of a camera that hangs ends that process and not the
 * gateway. ffmpeg codes the picture anew: frames of UVC cameras lack the Huffman tables that every other program needs.
 *
 * @param program its name or path
 */
export function createStillCapture(clock: Pick<Clock, 'after'>, program = 'ffmpeg'): TakeStill {
	return (question, signal) =>
		new Promise((resolve) => {
			if (signal.aborted) return resolve({ result: 'failed', problem: 'the gateway stops' });
			const child = start(program, question);
			if ('problem' in child) return resolve({ result: 'failed', ...child });
			const still = collect(child);
			let ended: string | undefined;
			const end = (problem: string) => {
				ended ??= problem;
				child.kill('SIGKILL');
				// Even a process that can't be killed, stuck in the kernel, holds nothing up.
				settle();
			};
			const cancel = clock.after(LIMITS.stillMs, () => end('the camera gave no picture in time; plug it in again'));
			const stop = () => end('the gateway stops');
			signal.addEventListener('abort', stop, { once: true });
			const settle = (error?: NodeJS.ErrnoException) => {
				cancel();
				signal.removeEventListener('abort', stop);
				resolve(ended === undefined ? stillOf(question, program, still, error) : { result: 'failed', problem: ended });
			};
			still.onTooLarge = () => end(`its picture is larger than ${LIMITS.evidenceImageBytes} bytes; set a smaller size`);
			child.once('error', settle);
			child.once('close', () => settle());
		});
}

function start(program: string, question: StillQuestion): ChildProcess | { readonly problem: string } {
	try {
		// Of the environment it gets what it is found by: no options, no credentials.
		const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
		const child = spawn(program, argumentsFor(question), { stdio: ['ignore', 'pipe', 'pipe'], env });
		giveWay(child);
		return child;
	} catch (error) {
		return { problem: `${program} could not be started: ${String(error)}` };
	}
}

function argumentsFor({ device, format, widthPx, heightPx, skipFrames }: StillQuestion): readonly string[] {
	return [
		...['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'v4l2'],
		...['-input_format', format === 'yuyv' ? 'yuyv422' : format, '-video_size', `${widthPx}x${heightPx}`, '-i', device],
		...['-vf', `select=gte(n\\,${skipFrames})`, '-frames:v', '1', '-pix_fmt', 'yuvj420p', '-q:v', '3'],
		...['-map_metadata', '-1', '-f', 'image2pipe', '-c:v', 'mjpeg', 'pipe:1'],
	];
}

/** Decisions come first. */
function giveWay({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		setPriority(pid, constants.priority.PRIORITY_LOW);
	} catch {
		// It has ended already, and says so itself.
		return;
	}
}

interface Collected {
	readonly picture: Buffer[];
	complaint: string;
	onTooLarge: () => void;
}

function collect(child: ChildProcess): Collected {
	const collected: Collected = { picture: [], complaint: '', onTooLarge: () => undefined };
	let sizeBytes = 0;
	child.stdout?.on('data', (chunk: Buffer) => {
		sizeBytes += chunk.length;
		if (sizeBytes <= LIMITS.evidenceImageBytes) collected.picture.push(chunk);
		else collected.onTooLarge();
	});
	child.stderr?.on('data', (chunk: Buffer) => {
		const room = LIMITS.stillErrorBytes - collected.complaint.length;
		collected.complaint += chunk.toString('latin1', 0, Math.max(0, room));
	});
	return collected;
}

function stillOf(
	question: StillQuestion,
	program: string,
	{ picture, complaint }: Collected,
	error: NodeJS.ErrnoException | undefined,
): Still {
	if (error?.code === 'ENOENT')
		return { result: 'failed', problem: `${program} is not installed; on Debian: apt install ffmpeg` };
	if (error !== undefined) return { result: 'failed', problem: `${program} could not be started: ${error.message}` };
	const bytes = firstPicture(Buffer.concat(picture));
	if (bytes !== undefined) return { result: 'taken', bytes };
	return { result: 'failed', problem: problemOf(question, complaint) };
}

const EOI = Buffer.of(0xff, 0xd9);

/** From SOI on to EOI (T.81, B.1.1.3): drivers pad behind it. undefined: none, or cut. */
function firstPicture(bytes: Buffer): Uint8Array | undefined {
	if (bytes.subarray(0, 3).toString('hex') !== 'ffd8ff') return undefined;
	const end = bytes.lastIndexOf(EOI);
	return end === -1 ? undefined : bytes.subarray(0, end + 2);
}

/** What ffmpeg says of the errors of V4L2, in words for who stands in front of the camera. */
function problemOf({ device, widthPx, heightPx, format }: StillQuestion, complaint: string): string {
	if (/No such file|No such device/i.test(complaint)) return `there is no camera at ${device}; plug it in`;
	if (/Permission denied|not permitted/i.test(complaint))
		return `no permission for ${device}; the user that runs Parkgate must be in the group video`;
	if (/resource busy/i.test(complaint)) return `another program uses ${device}; end it`;
	if (/Inappropriate ioctl|not a video capture|Not a video/i.test(complaint)) return `${device} is no camera`;
	if (/No space left/i.test(complaint)) return `the USB bus has no room for ${device}; plug it into another controller`;
	if (/input_format|pixel format|video_size|Invalid argument/i.test(complaint))
		return `${device} gives no ${widthPx}x${heightPx} in ${format}; set another size or format`;
	return `${device} gave no picture${complaint === '' ? '' : ` (${lastLine(complaint)})`}`;
}

function lastLine(text: string): string {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	return (lines.at(-1) ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200);
}
