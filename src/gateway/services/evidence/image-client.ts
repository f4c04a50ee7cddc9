import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Cancel, Clock } from '../../core/clock.ts';
import type { EvidenceRefusal } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { workerUrl } from '../../store/thread-client.ts';
import type { ImageAnswer, ImageAsk, ImageReply, PortraitAnswer } from './image-messages.ts';

type AnyAsked = ImageAsk extends infer Ask ? (Ask extends ImageAsk ? Omit<Ask, 'id'> : never) : never;
type Asked = Exclude<AnyAsked, { readonly kind: 'portrait' }>;
type AnyAnswer = ImageAnswer | PortraitAnswer;

/** Looks at pictures in a process of its own, one at a time. It starts with the first picture and ends when it has rested. */
export interface ImageProcess {
	/** Never rejects: what breaks is a refusal. */
	ask(asked: Asked): Promise<ImageAnswer>;
	/** The square picture of a person; nothing is written. Never rejects. */
	portrait(bytes: Uint8Array): Promise<PortraitAnswer>;
	/** undefined: none runs. */
	pid(): number | undefined;
	stop(): Promise<void>;
}

export interface ImageProcessDeps {
	/** Of the files. */
	readonly dir: string;
	readonly clock: Pick<Clock, 'after'>;
	readonly log: Log;
}

/** A resting process holds some 80 MB for nothing; starting one takes a quarter of a second. */
const REST_MS = 60_000;
const HEAP_MB = 128;

/** What a process said, or that it died, or is ended now because nobody wants it any more. */
type Told = ImageReply | 'gone' | 'ended';

interface Running {
	readonly child: ChildProcess;
	readonly exited: Promise<void>;
}

export function createImageProcess({ dir, clock, log }: ImageProcessDeps): ImageProcess {
	let running: Running | undefined;
	let last: Promise<unknown> = Promise.resolve();
	let nextId = 1;
	let cancelRest: Cancel | undefined;
	/** Of what is asked now; who tells may be a process that was ended before. */
	let onTold: ((told: Told, by: ChildProcess) => void) | undefined;

	function start(): Running {
		const child = fork(fileURLToPath(workerUrl('image-process', import.meta.url)), [dir], {
			// It needs nothing of ours: no credentials, no options.
			...{ env: { VIPS_BLOCK_UNTRUSTED: '1' }, execArgv: [`--max-old-space-size=${HEAP_MB}`] },
			...{ execPath: process.execPath, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
		});
		const exited = new Promise<void>((resolve) => {
			const end = () => {
				if (running?.child === child) running = undefined;
				onTold?.('gone', child);
				resolve();
			};
			child.once('exit', end);
			child.once('error', (error) => {
				log.error({ err: error }, 'the process that looks at pictures could not be started');
				end();
			});
		});
		child.on('message', (reply: ImageReply) => onTold?.(reply, child));
		child.unref();
		child.channel?.unref();
		return { child, exited };
	}

	function refuse(because: EvidenceRefusal): { readonly result: 'refused'; readonly because: EvidenceRefusal } {
		log.warn({ because }, 'the process that looks at pictures was ended; the next picture starts another');
		return { result: 'refused', because };
	}

	/** A process that died before it began with a picture was not killed by it: the next one is asked, once. */
	async function askNow(asked: AnyAsked): Promise<AnyAnswer> {
		cancelRest?.();
		const first = await askOnce(asked);
		const answer = first === 'unbegun' ? await askOnce(asked) : first;
		cancelRest = clock.after(REST_MS, () => void end());
		return answer === 'unbegun' ? refuse('crashed') : answer;
	}

	function askOnce(asked: AnyAsked): Promise<AnyAnswer | 'unbegun'> {
		running ??= start();
		const { child } = running;
		const id = nextId;
		nextId += 1;
		let hasBegun = false;
		const { promise, resolve } = Promise.withResolvers<AnyAnswer | 'unbegun'>();
		const letGo = (answer: AnyAnswer | 'unbegun') => {
			onTold = undefined;
			cancel();
			resolve(answer);
		};
		const kill = () => {
			child.kill('SIGKILL');
			if (running?.child === child) running = undefined;
		};
		const cancel = clock.after(LIMITS.evidenceTreatMs, () => {
			kill();
			letGo(refuse('timeout'));
		});
		onTold = (told, by) => {
			if (by !== child) return;
			if (told === 'gone' || told === 'ended') letGo(told === 'gone' && !hasBegun ? 'unbegun' : refuse('crashed'));
			else if (told.id !== id) return;
			else if (told.says === 'begun') hasBegun = true;
			else letGo(told.says);
		};
		// The union and its id are one message again. It may have been dead for a moment, and nobody was told yet.
		child.send({ ...asked, id } as ImageAsk, (error) => {
			if (error === null) return;
			kill();
			onTold?.('gone', child);
		});
		return promise;
	}

	async function end(): Promise<void> {
		cancelRest?.();
		const ending = running;
		running = undefined;
		if (ending === undefined) return;
		onTold?.('ended', ending.child);
		ending.child.kill('SIGKILL');
		await ending.exited;
	}

	function inTurn(asked: AnyAsked): Promise<AnyAnswer> {
		const answer = last.then(() => askNow(asked));
		last = answer;
		return answer;
	}

	return {
		async ask(asked) {
			const answer = await inTurn(asked);
			return answer.result === 'portrait' ? refuse('crashed') : answer;
		},
		async portrait(bytes) {
			const answer = await inTurn({ kind: 'portrait', bytes });
			return answer.result === 'kept' ? refuse('crashed') : answer;
		},
		pid: () => running?.child.pid,
		stop: end,
	};
}
