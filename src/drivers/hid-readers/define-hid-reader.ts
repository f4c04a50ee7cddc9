import type { z } from 'zod';
import type { Clock } from '../../gateway/core/clock.ts';
import { type DeviceSimulator, type DriverDeps, defineHidDriver, type HidDriver, type SerialLink } from '../driver.ts';
import type { FrameSearch } from '../frame-search.ts';
import type { HidAccess, Port } from '../ports/port.ts';
import { decodeCapture, type Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect } from '../tag-readers/dialect.ts';
import type { TagReaderEntry } from '../tag-readers/entry-fields.ts';
import { createReaderLink } from '../tag-readers/link.ts';
import { TAG_READS } from '../tag-readers/tag-reads.ts';
import type { TrafficMask } from '../traffic-mask.ts';

const TYPES_ON_CONSOLE =
	'what it types also reaches the console of this machine; install the udev rule of docs/drivers/hid.md and plug it in again';
const NOT_UNDERSTOOD = 'what it sends is not understood; check the driver, the interface of its port, and its settings';

/** One kind of tag reader on USB: what differs from all others. */
export interface HidReaderDefinition<Config extends TagReaderEntry, Frame extends { readonly kind: string }> {
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	/** Takes one report in each call, and reports one after another from a capture, of which nothing else is known. */
	readonly createSearch: (config: Config | undefined) => FrameSearch<Frame>;
	/** Silence after which a frame that began is given up, ms. */
	readonly gapMs: (config: Config) => number;
	readonly createDialect: (config: Config) => ReaderDialect<Frame>;
	/** Asks by something else than output reports: hands on to the reader's link what came back. */
	readonly ask?: (hid: HidAccess, request: Uint8Array) => Promise<Uint8Array>;
	/** For one capture: it may keep what one frame says of the next. */
	readonly explain: (config: Config | undefined) => (frame: Frame) => Explained;
	/** Absent: it has no keypad. */
	readonly createMask?: (config: Config) => TrafficMask;
	readonly createSimulator: (clock: Clock, device: Config) => DeviceSimulator;
}

/** A driver of HID devices from what one kind of tag reader needs. */
export function defineHidReader<Config extends TagReaderEntry, Frame extends { readonly kind: string }>(
	definition: HidReaderDefinition<Config, Frame>,
): HidDriver {
	const { kind, config, createSearch, explain, createMask } = definition;
	return defineHidDriver<Config>({
		carrier: 'hid',
		kind,
		config,
		createLink: (deps, [device]) => createHidReaderLink(deps, only(device), definition),
		createSimulator: (clock, [device]) => definition.createSimulator(clock, only(device)),
		decode: (bytes, device) => decodeCapture(bytes, createSearch(device), explain(device)),
		...(createMask !== undefined && { createMask }),
	});
}

function only<Config>(device: Config | undefined): Config {
	if (device === undefined) throw new Error('a HID link has one device');
	return device;
}

function createHidReaderLink<Config extends TagReaderEntry, Frame extends { readonly kind: string }>(
	deps: DriverDeps,
	config: Config,
	definition: HidReaderDefinition<Config, Frame>,
): SerialLink {
	const { createSearch, gapMs, createDialect, ask } = definition;
	let opened: Port | undefined;
	const link = createReaderLink(deps, [config], {
		formatting: { search: createSearch(config), gapMs: gapMs(config), notUnderstood: NOT_UNDERSTOOD },
		dialect: (device) => withDescriptors(createDialect(device), () => opened?.hid),
		place: () => undefined,
		...TAG_READS,
	});

	function start(port: Port): void {
		opened = port;
		const { hid } = port;
		if (ask === undefined || hid === undefined) link.start(port);
		else link.start({ ...port, hid, write: (request) => exchange(port, ask(hid, request)) });
	}

	async function exchange(port: Port, asked: Promise<Uint8Array>): Promise<void> {
		const answer = await asked;
		if (opened === port) link.onBytes(answer);
	}

	return {
		...link,
		start,
		// A reader that is asked may type its cards besides.
		onBytes: (report) => {
			if (ask === undefined) link.onBytes(report);
		},
		stop(problem) {
			opened = undefined;
			link.stop(problem);
		},
	};
}

/** What a device's descriptors say of it stands before what it tells itself. */
function withDescriptors<Frame>(dialect: ReaderDialect<Frame>, hid: () => HidAccess | undefined): ReaderDialect<Frame> {
	return {
		...dialect,
		fault: () => (hid()?.typesOnConsole === true ? TYPES_ON_CONSOLE : dialect.fault()),
		identity() {
			const usb = hid()?.identity;
			if (usb === undefined) return dialect.identity();
			const { vendorId, productId, manufacturer, product, serialNumber } = usb;
			return {
				...(manufacturer !== undefined && { vendor: manufacturer }),
				...(product !== undefined && { model: product }),
				...(serialNumber !== undefined && { 'serial number': serialNumber }),
				'USB id': `${vendorId}:${productId}`,
				...dialect.identity(),
			};
		},
	};
}
