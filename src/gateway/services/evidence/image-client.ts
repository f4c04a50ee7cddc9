import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Cancel, Clock } from '../../core/clock.ts';
import type { EvidenceRefusal } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { workerUrl } from '../../store/thread-client.ts';
import type { ImageAnswer, ImageAsk, ImageReply } from './image-messages.ts';

type Asked = ImageAsk extends infer Ask ? (Ask extends ImageAsk ? Omit<Ask, 'id'> : never) : never;

/** Looks at pictures in a process of its own, one at a time. It starts with the first picture and ends when it has rested. */
export interface ImageProcess {
	/** Never rejects: what breaks is a refusal. */
	ask(asked: Asked): Promise<ImageAnswer>;
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

interface Running {
	readonly child: ChildProcess;
	readonly exited: Promise<void>;
}

export function createImageProcess({ dir, clock, log }: ImageProcessDeps): ImageProcess {
	let running: Running | undefined;
	let last: Promise<unknown> = Promise.resolve();
	let nextId = 1;
	let cancelRest: Cancel | undefined;
	/** Of what is asked now; who answers may be a process that was ended before. */
	let settle: ((answer: ImageAnswer, by: ChildProcess, id?: number) => void) | undefined;

	function start(): Running {
		const child = fork(fileURLToPath(workerUrl('image-process', import.meta.url)), [dir], {
			// It needs nothing of ours: no credentials, no options.
			...{ env: { VIPS_BLOCK_UNTRUSTED: '1' }, execArgv: [`--max-old-space-size=${HEAP_MB}`] },
			...{ execPath: process.execPath, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
		});
		const exited = new Promise<void>((resolve) => {
			const end = () => {
				if (running?.child === child) running = undefined;
				settle?.({ result: 'refused', because: 'crashed' }, child);
				resolve();
			};
			child.once('exit', end);
			child.once('error', (error) => {
				log.error({ err: error }, 'the process that looks at pictures could not be started');
				end();
			});
		});
		child.on('message', ({ id, ...answer }: ImageReply) => settle?.(answer, child, id));
		child.unref();
		child.channel?.unref();
		return { child, exited };
	}

	function refuse(because: EvidenceRefusal): ImageAnswer {
		log.warn({ because }, 'the process that looks at pictures was ended; the next picture starts another');
		return { result: 'refused', because };
	}

	function askNow(asked: Asked): Promise<ImageAnswer> {
		cancelRest?.();
		running ??= start();
		const { child } = running;
		const id = nextId;
		nextId += 1;
		return new Promise<ImageAnswer>((resolve) => {
			const cancel = clock.after(LIMITS.evidenceTreatMs, () => {
				child.kill('SIGKILL');
				if (running?.child === child) running = undefined;
				settle?.(refuse('timeout'), child);
			});
			settle = (answer, by, of = id) => {
				if (by !== child || of !== id) return;
				settle = undefined;
				cancel();
				cancelRest = clock.after(REST_MS, () => void end());
				resolve(answer);
			};
			// The union and its id are one message again.
			child.send({ ...asked, id } as ImageAsk, (error) => {
				if (error !== null) settle?.(refuse('crashed'), child, id);
			});
		});
	}

	async function end(): Promise<void> {
		cancelRest?.();
		const ending = running;
		running = undefined;
		if (ending === undefined) return;
		ending.child.kill('SIGKILL');
		await ending.exited;
	}

	return {
		ask(asked) {
			const answer = last.then(() => askNow(asked));
			last = answer;
			return answer;
		},
		pid: () => running?.child.pid,
		stop: end,
	};
}
