import { writeSync } from 'node:fs';
import process from 'node:process';
import type { Clock } from '../../gateway/core/clock.ts';
import { createLineSplitter, encodeGuardMessage, parseGuardCommand } from './guard-messages.ts';
import { createGuardWatch, type GuardWrite } from './guard-watch.ts';

// A process of its own beside the gateway: see pulse-guard.ts. It is told on its standard input, whose end means that the gateway is gone.

/** The open line, as the gateway handed it over. */
const LINE = 3;
/** The longest pulse and all its repetitions; longer there is nothing to wait for. */
const LONGEST_ALONE_MS = 8_000;

/** systemd tells every process of the unit to end when the gateway does, a terminal its whole group. */
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGABRT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)
	process.on(signal, () => undefined);

const clock: Clock = {
	nowMs: () => Date.now(),
	monotonicMs: () => performance.now(),
	after(delayMs, run) {
		const timer = setTimeout(run, delayMs);
		return () => clearTimeout(timer);
	},
};

const writeLine: GuardWrite = (bytes) => {
	try {
		return writeSync(LINE, bytes) === bytes.length ? 'written' : 'busy';
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 'busy' : 'gone';
	}
};

/** Feature reports under way. */
const sending = new Set<Promise<unknown>>();

/** One that can't be opened ends the guard, which tells. */
async function openHid(path: string): Promise<GuardWrite> {
	const { openHidNode } = await import('./hid-node.ts');
	let isGone = false;
	const node = await openHidNode(path, {
		onReport: () => undefined,
		onError: () => {
			isGone = true;
		},
	});
	return (report) => {
		const sent = node.sendFeature(report);
		const forget = () => void sending.delete(sent);
		sending.add(sent);
		sent.then(forget, forget);
		return isGone ? 'gone' : 'written';
	};
}

const [hidPath] = process.argv.slice(2);
const watch = createGuardWatch({
	clock,
	write: hidPath === undefined ? writeLine : await openHid(hidPath),
	say: (message) => void process.stdout.write(encodeGuardMessage(message)),
	onDone: () => void Promise.allSettled(sending).then(() => process.exit()),
});
const takeText = createLineSplitter((line) => {
	const command = parseGuardCommand(line);
	if (command !== undefined) watch.take(command);
});

function goOnAlone(): void {
	setTimeout(() => process.exit(1), LONGEST_ALONE_MS).unref();
	watch.gatewayGone();
}

// Nobody reads any more: what is said then is lost, which must not end the guard.
process.stdout.on('error', () => undefined);
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => takeText(String(text)));
process.stdin.on('end', goOnAlone);
process.stdin.on('error', goOnAlone);
process.stdout.write(encodeGuardMessage({ type: 'ready' }));
