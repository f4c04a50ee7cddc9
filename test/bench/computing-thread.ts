import { Worker } from 'node:worker_threads';

/** A thread that keeps a processor busy while it is asked to: what any thread costs on this machine. */
export function createComputingThread() {
	const isAsked = new Int32Array(new SharedArrayBuffer(4));
	const source = `const asked = require('node:worker_threads').workerData;
		for (;;) { Atomics.wait(asked, 0, 0); for (let x = 1; Atomics.load(asked, 0) === 1; ) x = (x * 48271) % 2147483647; }`;
	const worker = new Worker(source, { eval: true, workerData: isAsked });
	return {
		start() {
			Atomics.store(isAsked, 0, 1);
			Atomics.notify(isAsked, 0);
			return () => Promise.resolve(void Atomics.store(isAsked, 0, 0));
		},
		end: () => worker.terminate(),
	};
}
