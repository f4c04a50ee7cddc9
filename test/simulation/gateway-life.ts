import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { wireSite } from '../../src/compose/site.ts';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { createOpenPort } from '../../src/drivers/ports/open-port.ts';
import type { OpenPort, Port } from '../../src/drivers/ports/port.ts';
import type { DriverRegistry } from '../../src/drivers/registry.ts';
import type { SimulatedDevices } from '../../src/drivers/simulated-devices.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { createClockScope } from '../../src/gateway/core/clock-scope.ts';
import type { DirectoryDelta } from '../../src/gateway/core/directory-change.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import type { Log } from '../../src/gateway/core/log.ts';
import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { LateEffect } from '../../src/gateway/services/lanes/late-journal.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openDirectoryFile } from '../../src/gateway/store/directory-file.ts';
import { openSiteStore, type SiteStore } from '../../src/gateway/store/site-store.ts';

export interface LifeDeps {
	/** Where it finds what the life before it left. */
	readonly dir: string;
	/** The disk takes nothing: it goes on here, on a copy, as `runGateway` lets it. */
	readonly memoryDir?: string;
	/** What the life before could not write. */
	readonly carriedEffects: readonly LateEffect[];
	readonly config: Pick<GatewayConfig, 'site' | 'devices'>;
	/** The world's; the process has a monotonic clock of its own. */
	readonly clock: Clock;
	readonly log: Log;
	readonly registry: DriverRegistry;
	readonly simulated: SimulatedDevices;
	readonly random: SeededRandom;
	readonly newId: () => string;
	/** The disk takes nothing at the moment. */
	readonly isDiskFull: () => boolean;
	/** After every commit that reached the disk. */
	readonly onCommit: () => void;
	/** Before bytes leave; a life that is killed here sends nothing. */
	readonly onWrite: (address: string, bytes: Uint8Array) => void;
	/** After bytes left. */
	readonly onWritten: (address: string, bytes: Uint8Array) => void;
	readonly onPortOpened: (address: string) => void;
	/** What a test breaks on purpose, to see it noticed. */
	readonly tamper?: Partial<Tampering>;
}

export interface Tampering {
	readonly store: (store: SiteStore) => SiteStore;
	readonly openPort: (openPort: OpenPort) => OpenPort;
}

const FINEST_TIMER_MS = 0.01;

/** One life of the gateway's process, from its start to its end. */
export type GatewayLife = ReturnType<typeof startLife>;

/** Boots as `startGateway` does, without faces and sync: the same wiring, store, drivers and protocols. */
export function startLife(deps: LifeDeps) {
	const { memoryDir, clock: world, config, random } = deps;
	const dir = memoryDir ?? deps.dir;
	if (memoryDir !== undefined) copyStore(deps.dir, memoryDir);
	const log = logWhile(deps.log, () => isAlive);
	const bornAtMs = world.monotonicMs();
	// Monotonic time means nothing after a restart: it begins anywhere.
	const firstMonotonicMs = random.between(1_000, 5_000_000);
	const scope = createClockScope({
		nowMs: () => world.nowMs(),
		monotonicMs: () => world.monotonicMs() - bornAtMs + firstMonotonicMs,
		// No timer is finer; a remainder of two rounded sums would never pass.
		after: (delayMs, run) => world.after(delayMs > 0 ? Math.max(delayMs, FINEST_TIMER_MS) : 0, run),
	});
	const { clock } = scope;
	let isAlive = true;
	const ports = new Set<Port>();
	const stack = new AsyncDisposableStack();
	// Of a store that is just being migrated nobody reads yet.
	let isOpen = false;
	const commitTimer = { monotonicMs: () => 0, onCommit: () => void (isAlive && isOpen && deps.onCommit()) };
	const opened = openSiteStore({ dir, nowMs: clock.nowMs, log, commitTimer });
	isOpen = true;
	stack.defer(() => opened.close());
	const onDisk = memoryDir === undefined ? failingWhen(opened, deps.isDiskFull) : opened;
	const store = deps.tamper?.store?.(onDisk) ?? onDisk;
	const directory = openDirectory({ dir, store, log });
	stack.defer(() => directory.close());
	const open = createOpenPort(clock, deps.simulated.wire);
	const wired = wireSite(
		{
			...{ config, clock, log, store, directory, registry: deps.registry, newId: deps.newId },
			metrics: { observeDecision: () => undefined, observeLatency: () => undefined },
			isSynchronised: () => false,
			carriedEffects: deps.carriedEffects,
			...(memoryDir === undefined ? {} : { storeProblem: diskFull() }),
			openPort: watchPorts(deps.tamper?.openPort?.(open) ?? open),
			openSubscription: () => ({ close: () => Promise.resolve() }),
			exchange: () => Promise.resolve({ result: 'failed', problem: 'nothing is simulated there' }),
			takeStill: () => Promise.resolve({ result: 'failed', problem: 'there is no camera' }),
			random: random.next,
			randomBytes: (length) => Uint8Array.from({ length }, () => random.between(0, 255)),
			soon: (run) => void clock.after(0, run),
			journalGrew: () => undefined,
			equipment: () => EVERYTHING_LICENSED,
		},
		stack,
	);
	wired.supervisor.start();

	/** The world sees only what leaves while the process lives. */
	function watchPorts(openPort: OpenPort): OpenPort {
		return (address, line, events) => {
			const inner = openPort(address, line, events);
			const port: Port = {
				...inner,
				async open() {
					ports.add(inner);
					await inner.open();
					if (isAlive) deps.onPortOpened(address);
				},
				write(bytes) {
					if (isAlive) deps.onWrite(address, bytes);
					if (!isAlive) return new Promise(() => undefined);
					const written = inner.write(bytes);
					deps.onWritten(address, bytes);
					return written;
				},
			};
			return port;
		};
	}

	/** The process is gone at this very moment, whatever it was doing; the disk is copied as it stands. */
	function kill(imageDir: string): void {
		isAlive = false;
		copyStore(deps.dir, imageDir);
		scope.end();
		for (const port of ports) void port.close();
	}

	return {
		dir,
		store,
		directory,
		...wired,
		isAlive: () => isAlive,
		kill,
		/** What central changed, written by the code of the directory's thread, on this one. */
		applyDelta(delta: DirectoryDelta) {
			const file = openDirectoryFile(path.join(dir, store.settings.directoryFile() ?? ''));
			try {
				return file.applyDelta(delta, clock.nowMs());
			} finally {
				file.close();
			}
		},
		/** As Ctrl-C does; time has to go on meanwhile. */
		async stop(): Promise<void> {
			await stack.disposeAsync();
			isAlive = false;
			scope.end();
		},
		/** After `kill`, once nothing of the process is on the stack. */
		async bury(): Promise<void> {
			await directory.close();
			opened.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** Code of a dead process may run on for a moment here; nobody hears it. */
function logWhile(log: Log, isAlive: () => boolean): Log {
	const level = (name: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
		if (isAlive()) log[name](fields, message);
	};
	return {
		...{ debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
		child: (fields) => logWhile(log.child(fields), isAlive),
	};
}

/** The databases and their WAL as a restart after a power cut finds them; the shared memory beside them is gone. */
function copyStore(from: string, to: string): void {
	mkdirSync(to, { recursive: true });
	for (const name of readdirSync(from)) {
		if (!name.endsWith('-shm')) cpSync(path.join(from, name), path.join(to, name));
	}
}

function diskFull(): GatewayError {
	return new GatewayError('STORE_FULL', 'the disk is full');
}

function failingWhen(store: SiteStore, isDiskFull: () => boolean): SiteStore {
	const guard = () => {
		if (isDiskFull()) throw diskFull();
	};
	return {
		...store,
		transaction(run) {
			guard();
			return store.transaction(run);
		},
		journal: {
			...store.journal,
			append(entry) {
				guard();
				return store.journal.append(entry);
			},
		},
	};
}
