import type { Cancel, Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import type { Device } from '../gateway/core/device.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { DeviceSetup, DriverDeps } from './driver.ts';
import { guardTimers } from './guard-timers.ts';
import { createLineTaps, type TapListener } from './line-taps.ts';
import type { Line } from './lines.ts';
import type { OpenPort, Port } from './ports/port.ts';
import { portsFirst } from './ports-first.ts';
import { decideReopenDelay, type LineTrouble, nextTrouble } from './reopen-delay.ts';
import { maskListener } from './traffic-mask.ts';

/** An opening that takes longer is shown as a problem; it is waited for, never doubled. */
const SLOW_OPEN_MS = 5_000;
/** A line that stayed open this long has recovered: the next trouble starts with short waits again. */
const RECOVERED_MS = 10_000;
/** A port that does not close is left behind. */
const CLOSE_MS = 1_000;

export interface SupervisedLineDeps extends DriverDeps {
	readonly openPort: OpenPort;
	/** [0, 1), for jitter. */
	readonly random: () => number;
}

/** One line kept alive: opened, watched, opened again, whatever its port and its link do. */
export interface SupervisedLine {
	readonly devices: readonly Device[];
	/** What can be changed in a device itself; undefined when nothing can. */
	setup(deviceId: string): DeviceSetup | undefined;
	start(): void;
	/** Calls back for every chunk in and out until cancelled. */
	tap(listener: TapListener): Cancel;
	/** Resolves within CLOSE_MS, also when the port hangs. */
	stop(): Promise<void>;
}

export function createSupervisedLine(deps: SupervisedLineDeps, line: Line): SupervisedLine {
	const { address } = line;
	const log = deps.log.child({ port: address });
	const scope = createClockScope(deps.clock);
	const taps = createLineTaps(deps.clock, log);
	const clock = guardTimers(portsFirst(scope.clock), onLinkError);
	const link = line.driver.createLink({ ...deps, log, clock }, line.devices);
	/** Open and given to the link. */
	let port: Port | undefined;
	/** Open, or being opened. */
	let attempt: Port | undefined;
	let openSinceMs: number | undefined;
	let trouble: LineTrouble | undefined;
	let lastProblem: string | undefined;
	let stopped = false;

	function tryOpen(): void {
		if (stopped) return;
		const own = createPort();
		if (own === undefined) return;
		attempt = own;
		const cancelSlow = scope.clock.after(SLOW_OPEN_MS, () => report(`${address} does not answer when it is opened`));
		own.open().then(
			() => {
				cancelSlow();
				if (attempt === own) opened(own);
				else void own.close();
			},
			(error: unknown) => {
				cancelSlow();
				if (attempt === own) failed(error);
			},
		);
	}

	function createPort(): Port | undefined {
		try {
			const own: Port = deps.openPort(address, line.settings, {
				onBytes: (chunk) => {
					if (port === own) onBytes(chunk);
				},
				onClosed: (problem) => {
					if (attempt === own) lost(problem);
				},
			});
			return own;
		} catch (error) {
			failed(error);
			return undefined;
		}
	}

	function opened(own: Port): void {
		port = own;
		openSinceMs = deps.clock.monotonicMs();
		lastProblem = undefined;
		log.info({}, 'port opened');
		callLink(() => link.start(taps.wrap(own)));
	}

	function onBytes(chunk: Uint8Array): void {
		taps.tell('in', chunk);
		callLink(() => link.onBytes(chunk));
	}

	function failed(error: unknown): void {
		attempt = undefined;
		report(error instanceof GatewayError ? error.message : `${address} does not open: ${textOf(error)}`);
		retry(isMissing(error) ? 'missing' : 'failing');
	}

	function lost(problem: string): void {
		port = undefined;
		attempt = undefined;
		report(problem);
		retry('lost');
	}

	function retry(kind: LineTrouble['kind']): void {
		const hadRecovered = openSinceMs !== undefined && deps.clock.monotonicMs() - openSinceMs >= RECOVERED_MS;
		openSinceMs = undefined;
		trouble = nextTrouble(hadRecovered ? undefined : trouble, kind);
		scope.clock.after(decideReopenDelay(trouble, deps.random), tryOpen);
	}

	/** Tells the link, and the log once for each new problem. */
	function report(problem: string): void {
		if (problem !== lastProblem) log.warn({ problem }, 'port not open');
		lastProblem = problem;
		callLink(() => link.stop(problem));
	}

	function callLink(call: () => void): void {
		try {
			call();
		} catch (error) {
			onLinkError(error);
		}
	}

	/** A link that throws is a bug in its driver: said once, and the line begins anew. */
	function onLinkError(error: unknown): void {
		log.error({ err: error }, 'the driver of a line failed');
		const broken = attempt;
		if (port === undefined || broken === undefined || stopped) return;
		port = undefined;
		attempt = undefined;
		void broken.close();
		report(error instanceof GatewayError ? error.message : 'the driver failed and was started again; see the log');
		retry('failing');
	}

	/** Keys and PINs go to no listener. */
	function tap(listener: TapListener): Cancel {
		const { createMask } = line.driver;
		const [first] = line.devices;
		if (createMask === undefined || first === undefined) return taps.add(listener);
		const onError = (err: unknown) => log.error({ err }, 'a listener of a line failed');
		const masked = maskListener(() => createMask(first), listener, { clock: scope.clock, onError });
		const cancel = taps.add(masked.listener);
		return () => {
			cancel();
			masked.cancel();
		};
	}

	async function stop(): Promise<void> {
		if (stopped) return;
		stopped = true;
		const last = attempt;
		// The link may still write: it ends pulses that the gateway itself times.
		callLink(() => link.stop('Parkgate is stopping'));
		scope.end();
		port = undefined;
		attempt = undefined;
		if (last !== undefined) await within(deps.clock, CLOSE_MS, last.close());
	}

	return {
		devices: link.devices,
		setup: (deviceId) => link.setup?.(deviceId),
		start: tryOpen,
		tap,
		stop,
	};
}

/** The path is not there: unplugged, or never plugged in. */
function isMissing(error: unknown): boolean {
	const cause = error instanceof GatewayError ? error.cause : undefined;
	return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function within(clock: Clock, limitMs: number, work: Promise<void>): Promise<void> {
	return new Promise((resolve) => {
		const cancel = clock.after(limitMs, resolve);
		const done = () => {
			cancel();
			resolve();
		};
		work.then(done, done);
	});
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
