import type { Cancel } from '../../gateway/core/clock.ts';
import type { Capability, DeviceStatus } from '../../gateway/core/device.ts';
import type { Observation } from '../../gateway/core/observation.ts';
import type { DriverDeps, SerialLink } from '../driver.ts';
import type { Port } from '../ports/port.ts';
import type { LineFormatting, ReaderDialect } from './dialect.ts';
import type { TagReaderEntry } from './entry-fields.ts';
import type { Member } from './member.ts';
import { createReaderSession, type SessionEffect, type SessionInput } from './session.ts';

const REJECTED_QUIET_MS = 1_000;

/** What a line of readers is besides its session. */
export interface ReaderLinkParts<Config extends TagReaderEntry, Frame extends { readonly kind: string }, Read> {
	readonly formatting: LineFormatting<Frame>;
	readonly dialect: (config: Config) => ReaderDialect<Frame, Read>;
	/** Where on its line it is, such as `address 1`. */
	readonly place: (config: Config) => string | undefined;
	readonly capability: Capability;
	/** Reads with the same key are one presentation. */
	readonly keyOf: (read: Read) => string;
	readonly observe: (config: Config, read: Read, deps: DriverDeps) => Observation;
}

/** The running side of a line of readers: time, port and listeners around the session. */
export function createReaderLink<Config extends TagReaderEntry, Frame extends { readonly kind: string }, Read>(
	deps: DriverDeps,
	configs: readonly Config[],
	how: ReaderLinkParts<Config, Frame, Read>,
): SerialLink {
	const { clock, events } = deps;
	const session = createReaderSession(
		how.formatting,
		configs.map((config) => ({ dialect: how.dialect(config), keyOf: how.keyOf, repeatMs: config.repeatMs })),
	);
	const readers = configs.map((config, index) => ({
		...{ config, index, sinceMs: clock.nowMs() },
		/** Reads that were rejected since the log was told of one, and when it may be told again, monotonic. */
		...{ rejected: 0, quietUntilMs: Number.NEGATIVE_INFINITY },
	}));
	let port: Port | undefined;
	let cancelWake: Cancel | undefined;

	function step(input: SessionInput): void {
		for (const effect of session.step(input)) act(effect);
		cancelWake?.();
		const atMs = session.wakeAtMs();
		cancelWake =
			atMs === undefined
				? undefined
				: clock.after(Math.max(0, atMs - clock.monotonicMs()), () =>
						step({ type: 'tick', nowMs: clock.monotonicMs() }),
					);
	}

	function act(effect: SessionEffect<Read>): void {
		switch (effect.type) {
			case 'send':
				// The loss itself is reported by the port to its owner, who stops this link.
				port?.write(effect.bytes).catch((err: unknown) => deps.log.debug({ err }, 'write failed'));
				return;
			case 'read':
				tellRead(configs[effect.reader], effect.read);
				return;
			case 'rejected':
				tellRejected(effect.reader, effect.why);
				return;
			case 'condition':
				tellCondition(effect.reader);
				return;
		}
	}

	function tellRead(config: Config | undefined, read: Read): void {
		if (config !== undefined) events.onObservation(how.observe(config, read, deps));
	}

	/** Counted each, and said seldom: a reader may say many in a second. */
	function tellRejected(index: number, why: string): void {
		const reader = readers[index];
		if (reader === undefined) return;
		reader.rejected += 1;
		if (clock.monotonicMs() < reader.quietUntilMs) return;
		deps.log.warn({ deviceId: reader.config.id, why, reads: reader.rejected }, 'read rejected');
		reader.rejected = 0;
		reader.quietUntilMs = clock.monotonicMs() + REJECTED_QUIET_MS;
	}

	function tellCondition(index: number): void {
		const reader = readers[index];
		const member = session.members[index];
		if (reader === undefined || member === undefined) return;
		reader.sinceMs = clock.nowMs();
		const { state, problem } = member;
		deps.log.info({ deviceId: reader.config.id, state, ...(problem !== undefined && { problem }) }, 'reader state');
		events.onStatus(statusOf(reader, member));
	}

	function statusOf({ config, sinceMs }: (typeof readers)[number], member: Member<Frame, Read>): DeviceStatus {
		const { state, problem, lastSeenMs, dialect, statistics } = member;
		const place = how.place(config);
		return {
			id: config.id,
			driver: config.driver,
			address: place === undefined ? config.port : `${config.port} ${place}`,
			state,
			...(problem !== undefined && { problem }),
			sinceMs,
			...(lastSeenMs !== undefined && { lastSeenMs: Math.round(clock.nowMs() - (clock.monotonicMs() - lastSeenMs)) }),
			identity: dialect.identity(),
			capabilities: [how.capability],
			statistics: { ...statistics, ...dialect.statistics?.() },
			inputs: {},
		};
	}

	return {
		devices: readers.flatMap((reader) => {
			const member = session.members[reader.index];
			return member === undefined ? [] : [{ id: reader.config.id, status: () => statusOf(reader, member) }];
		}),
		start(opened) {
			port = opened;
			step({ type: 'opened', nowMs: clock.monotonicMs() });
		},
		onBytes: (chunk) => step({ type: 'bytes', chunk, nowMs: clock.monotonicMs() }),
		stop(problem) {
			port = undefined;
			step({ type: 'closed', problem, nowMs: clock.monotonicMs() });
		},
	};
}
