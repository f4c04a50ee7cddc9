import type { Framer } from '../framer.ts';
import type { RelayDialect, RelayStates } from '../plain-relays/dialect.ts';
import type { UsbIdentity } from '../ports/usb-identity.ts';
import type { HidRelayConfig } from './config.ts';
import { decodeReport, encodeSwitch } from './frame.ts';

/** The report that tells the states; some boards tell it by 1, some by 0. */
export const STATES_REPORT = 1;
/** A control transfer of a low-speed device; the system gives up by itself after 5 s. */
const ANSWER_MS = 1_000;

export function relayDialect({ serial }: HidRelayConfig): RelayDialect {
	return {
		encodeSwitch,
		look: { request: Uint8Array.of(STATES_REPORT), createFramer: () => createReportFramer(serial) },
		settleMs: 0,
		answerMs: ANSWER_MS,
	};
}

/** One report in each call. */
function createReportFramer(serial: string | undefined): Framer<RelayStates> {
	return {
		push(report) {
			const told = decodeReport(report);
			if ('problem' in told) return [{ kind: 'frameError', reason: told.problem, bytes: report.slice(0, 16) }];
			const isOther = serial !== undefined && told.serial !== serial;
			const problem = `this is the board ${told.serial}, not ${serial}: two boards have changed their sockets`;
			return [{ kind: 'states', on: told.on, name: told.serial, ...(isOther && { problem }) }];
		},
		timeout: () => [],
		reset: () => undefined,
	};
}

/** The USB id is anybody's who builds with V-USB: only the product's name tells a relay board, and how many relays it has. */
export function identityProblem(
	{ product }: Pick<UsbIdentity, 'product'>,
	outputs: HidRelayConfig['outputs'],
): string | undefined {
	const relays = /^USBRelay(\d)$/.exec(product ?? '')?.[1];
	if (relays === undefined)
		return `this is ${JSON.stringify((product ?? 'a device without a name').slice(0, 64))}, no board that calls itself USBRelay1 to USBRelay8`;
	const highest = Math.max(0, ...Object.values(outputs));
	return highest > Number(relays) ? `the board has ${relays} relays, and outputs name channel ${highest}` : undefined;
}
