import type { Clock } from '../../gateway/core/clock.ts';
import type { Capability, DeviceEvents, DeviceStatus } from '../../gateway/core/device.ts';
import type { Log } from '../../gateway/core/log.ts';
import { tagFromBits } from '../../gateway/core/tag.ts';
import { TAG_READS } from '../tag-readers/tag-reads.ts';
import { type CardReading, readCard } from '../wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../wiegand/formats.ts';
import type { OsdpConfig } from './config.ts';
import { showsAnything } from './feedback.ts';
import { createPinEntry } from './pin-entry.ts';
import { CAPABILITY, type RawCard, type ReaderCapabilities, type ReaderIdentity } from './replies.ts';
import type { Condition } from './session-state.ts';

/** Formats that name a card where the site configured none: one per length, and none that rejects. */
const LIKELY_FORMATS = [
	WIEGAND_FORMATS.H10301,
	WIEGAND_FORMATS.H10306,
	WIEGAND_FORMATS['C1000-35'],
	WIEGAND_FORMATS['C1000-48'],
];

export interface ReaderDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly events: DeviceEvents;
	readonly newId: () => string;
	/** Counters of the session and the line. */
	readonly counters: () => Readonly<Record<string, number>>;
	/** When it last answered, monotonic; undefined before the first time. */
	readonly lastReplyMs: () => number | undefined;
}

/** What the gateway knows of one reader, told to its listeners. */
export interface Reader {
	status(): DeviceStatus;
	onCard(card: RawCard, payload: Uint8Array): void;
	/** As they were pressed; told when they make a PIN. */
	onKeys(keys: string): void;
	onLevels(levels: readonly boolean[]): void;
	onOutputs(levels: readonly boolean[]): void;
	/** UTC epoch ms; undefined: no window is open. */
	onKeyWindow(endMs: number | undefined): void;
	onCondition(condition: Condition): void;
	onIdentity(identity: ReaderIdentity): void;
	onCapabilities(capabilities: ReaderCapabilities): void;
}

export function createReader(config: OsdpConfig, deps: ReaderDeps): Reader {
	const { clock, events, log } = deps;
	const formats = config.cards.map((name) => WIEGAND_FORMATS[name]);
	let condition: Condition = { state: 'starting', problem: 'it has not answered yet' };
	let sinceMs = clock.nowMs();
	let identity: Record<string, string> = {};
	let inputs: Record<string, boolean> = {};
	let outputs: Record<string, boolean> | undefined;
	let keyWindowEndMs: number | undefined;
	const pinEntry = createPinEntry(config.keypad.digits);
	let rejectedReads = 0;

	function status(): DeviceStatus {
		const lastReplyMs = deps.lastReplyMs();
		return {
			id: config.id,
			driver: config.driver,
			address: config.port,
			...condition,
			sinceMs,
			...(lastReplyMs !== undefined && { lastSeenMs: clock.nowMs() - Math.round(clock.monotonicMs() - lastReplyMs) }),
			identity,
			capabilities: capabilitiesOf(config),
			statistics: { ...deps.counters(), rejectedReads },
			inputs,
			...(outputs !== undefined && { outputs }),
			...(keyWindowEndMs !== undefined && { keyWindowEndMs }),
		};
	}

	return {
		status,
		onCard(card, payload) {
			const reading = formats.length > 0 ? readCard(card, formats) : nameCard(card);
			if (reading.result === 'accepted') {
				const { label } = reading;
				const read = {
					tag: tagFromBits(card.bytes, card.bitCount),
					...(label !== undefined && { label }),
					raw: payload,
				};
				events.onObservation(TAG_READS.observe(config, read, deps));
				return;
			}
			rejectedReads += 1;
			log.warn({ deviceId: config.id, formats: reading.formats }, 'card rejected: its parity is wrong');
		},
		onKeys(keys) {
			const monotonicMs = clock.monotonicMs();
			for (const pin of pinEntry.press(keys, monotonicMs)) {
				const read = { id: deps.newId(), deviceId: config.id, atMs: clock.nowMs(), monotonicMs };
				events.onObservation({ kind: 'pin', ...read, pin });
			}
		},
		onOutputs(levels) {
			const named = Object.entries(config.outputs).flatMap(([output, number]) => {
				const on = levels[number];
				return on === undefined ? [] : [[output, on] as const];
			});
			outputs = Object.fromEntries(named);
		},
		onKeyWindow(endMs) {
			keyWindowEndMs = endMs;
			events.onStatus(status());
		},
		onLevels(levels) {
			for (const [input, number] of Object.entries(config.inputs)) {
				const active = levels[number];
				if (active === undefined || inputs[input] === active) continue;
				inputs = { ...inputs, [input]: active };
				const monotonicMs = clock.monotonicMs();
				events.onInput({ deviceId: config.id, input, active, atMs: clock.nowMs(), monotonicMs });
			}
		},
		onCondition(next) {
			condition = next;
			sinceMs = clock.nowMs();
			// Levels may change unseen; they are reported anew when the reader is back.
			if (next.state === 'offline') {
				inputs = {};
				outputs = undefined;
				pinEntry.forget();
			}
			log.info({ deviceId: config.id, ...next }, 'reader state');
			events.onStatus(status());
		},
		onIdentity(told) {
			identity = shownIdentity(told);
		},
		onCapabilities(capabilities) {
			identity = { ...identity, ...shownCapabilities(capabilities) };
		},
	};
}

function shownIdentity({ vendor, model, version, serial, firmware }: ReaderIdentity): Record<string, string> {
	return {
		vendor,
		model: String(model),
		version: String(version),
		serial: serial.toString(16).toUpperCase().padStart(8, '0'),
		firmware,
	};
}

function shownCapabilities(capabilities: ReaderCapabilities): Record<string, string> {
	const secure = ((capabilities.get(CAPABILITY.security)?.compliance ?? 0) & 1) === 1;
	return {
		outputs: String(capabilities.get(CAPABILITY.outputs)?.count ?? 0),
		'secure channel': secure ? 'supported' : 'not supported',
	};
}

function capabilitiesOf(config: OsdpConfig): readonly Capability[] {
	const capabilities: Capability[] = ['reads tags'];
	if (Object.keys(config.outputs).length > 0) capabilities.push('opens');
	if (Object.keys(config.inputs).length > 0) capabilities.push('reads inputs');
	if (showsAnything(config)) capabilities.push('shows');
	if (config.key !== undefined) capabilities.push('takes a key');
	return capabilities;
}

/** Without configured formats a wrong parity only means that the card is none of the likely ones. */
function nameCard(card: RawCard): CardReading {
	const reading = readCard(card, LIKELY_FORMATS);
	return reading.result === 'accepted' ? reading : { result: 'accepted' };
}
