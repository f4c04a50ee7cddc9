import type { DriverDeps, SerialLink } from '../driver.ts';
import { createRelayLink } from '../plain-relays/link.ts';
import type { HidAccess, Port } from '../ports/port.ts';
import type { HidRelayConfig } from './config.ts';
import { identityProblem, relayDialect, STATES_REPORT } from './dialect.ts';
import { COMMAND_BYTES } from './frame.ts';

/** Its commands are feature reports; the one byte of a look stands for reading one. */
export function createHidRelayLink(deps: DriverDeps, config: HidRelayConfig): SerialLink {
	const link = createRelayLink(deps, { ...config, identity: {} }, relayDialect(config));
	let opened: Port | undefined;

	async function send(port: Port, hid: HidAccess, bytes: Uint8Array, notAfterMonotonicMs?: number): Promise<void> {
		if (bytes.length > 1) return hid.sendFeature(bytes, notAfterMonotonicMs);
		const report = await hid.getFeature(STATES_REPORT, COMMAND_BYTES).catch(() => hid.getFeature(0, COMMAND_BYTES));
		if (opened === port) link.onBytes(report);
	}

	return {
		...link,
		start(port) {
			const { hid } = port;
			const problem = hid === undefined ? 'this is no HID device' : identityProblem(hid.identity, config.outputs);
			if (hid === undefined || problem !== undefined) {
				// Nothing is sent to what is no such board.
				link.stop(problem ?? '');
				return;
			}
			opened = port;
			link.start({ ...port, hid, write: (bytes, notAfterMs) => send(port, hid, bytes, notAfterMs) });
		},
		// It sends no input reports.
		onBytes: () => undefined,
		stop(problem) {
			link.stop(problem);
			opened = undefined;
		},
	};
}
