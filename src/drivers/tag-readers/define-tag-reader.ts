import type { z } from 'zod';
import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { type DeviceSimulator, defineSerialDriver, type SerialDriver } from '../driver.ts';
import type { FrameSearch } from '../frame-search.ts';
import type { LineSettings } from '../ports/port.ts';
import type { TrafficMask } from '../traffic-mask.ts';
import { decodeCapture, type Explained } from './decode-capture.ts';
import type { ReaderDialect } from './dialect.ts';
import type { TagReaderEntry } from './entry-fields.ts';
import { createReaderLink } from './link.ts';
import { TAG_READS } from './tag-reads.ts';

/** One kind of tag reader: what differs from all others. */
export interface TagReaderDefinition<Config extends TagReaderEntry, Frame extends { readonly kind: string }> {
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	readonly line: (config: Config) => LineSettings;
	/** Cuts the line's bytes; `undefined` is a capture of an unknown configuration. */
	readonly createSearch: (config: Config | undefined) => FrameSearch<Frame>;
	/** Silence after which a frame that began is given up, ms. */
	readonly gapMs: (config: Config) => number;
	readonly createDialect: (config: Config) => ReaderDialect<Frame>;
	/** Absent: it has no address, and a line of its own. */
	readonly addressOf?: (config: Config) => number;
	readonly explain: (frame: Frame) => Explained;
	/** Absent: no keypad can be behind its line. */
	readonly createMask?: (config: Config) => TrafficMask;
	readonly createSimulator: (clock: Clock, devices: readonly Config[]) => DeviceSimulator;
}

/** A serial driver from what one kind of tag reader needs. */
export function defineTagReader<Config extends TagReaderEntry, Frame extends { readonly kind: string }>(
	definition: TagReaderDefinition<Config, Frame>,
): SerialDriver {
	const { kind, config, line, createSearch, gapMs, createDialect, addressOf, createMask } = definition;
	return defineSerialDriver<Config>({
		carrier: 'serial',
		kind,
		config,
		line,
		createLink(deps, devices) {
			refuseSharedLine(kind, devices, addressOf);
			const [first] = devices;
			return createReaderLink(deps, devices, {
				formatting: { search: createSearch(first), gapMs: first === undefined ? 0 : gapMs(first) },
				dialect: createDialect,
				place: (device) => (addressOf === undefined ? undefined : `address ${addressOf(device)}`),
				...TAG_READS,
			});
		},
		createSimulator: definition.createSimulator,
		decode: (bytes, device) => decodeCapture(bytes, createSearch(device), explainerOf(definition, device)),
		...(createMask !== undefined && { createMask }),
	});
}

/** Of a device that is known, cards are what its entry says they are. */
function explainerOf<Config extends TagReaderEntry, Frame extends { readonly kind: string }>(
	{ explain, createDialect }: TagReaderDefinition<Config, Frame>,
	device: Config | undefined,
): (frame: Frame) => Explained {
	if (device === undefined) return explain;
	const dialect = createDialect(device);
	return (frame) => {
		const { reads, rejected } = dialect.take(frame, false);
		return { fields: explain(frame).fields, ...(reads && { reads }), ...(rejected !== undefined && { rejected }) };
	};
}

/** Readers without addresses, or with the same, speak at once on one line. */
export function refuseSharedLine<Config extends TagReaderEntry>(
	kind: string,
	devices: readonly Config[],
	addressOf?: (config: Config) => number,
): void {
	const byAddress = new Map<number | undefined, Config>();
	for (const device of devices) {
		const address = addressOf?.(device);
		const other = byAddress.get(address);
		byAddress.set(address, device);
		if (other === undefined) continue;
		const why = address === undefined ? `${kind} knows no addresses` : `both have the address ${address}`;
		throw new GatewayError(
			'CONFIG_INVALID',
			`${other.id} and ${device.id} share the port ${device.port}, and ${why}; give ${device.id} ${address === undefined ? 'a port' : 'an address'} of its own`,
		);
	}
}
