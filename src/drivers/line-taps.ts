import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { HidAccess, Port } from './ports/port.ts';

/** Bytes as they passed a port: `in` from the device, `out` to it. */
export interface TappedBytes {
	readonly direction: 'in' | 'out';
	readonly bytes: Uint8Array;
	/** UTC epoch ms. */
	readonly atMs: number;
}

export type TapListener = (tapped: TappedBytes) => void;

/** Listeners of one line's bytes; costs one comparison while nobody listens. */
export interface LineTaps {
	add(listener: TapListener): Cancel;
	tell(direction: TappedBytes['direction'], bytes: Uint8Array): void;
	/** The same port, with what is written told. */
	wrap(port: Port): Port;
}

export function createLineTaps(clock: Clock, log: Log): LineTaps {
	const listeners = new Set<TapListener>();

	function tell(direction: TappedBytes['direction'], bytes: Uint8Array): void {
		if (listeners.size === 0) return;
		const tapped = { direction, bytes: bytes.slice(), atMs: clock.nowMs() };
		for (const listener of listeners) {
			try {
				listener(tapped);
			} catch (error) {
				listeners.delete(listener);
				log.error({ err: error }, 'a listener of a line failed and was removed');
			}
		}
	}

	/** What goes over the wire: an id of 0 does not. */
	function tellReport(report: Uint8Array): void {
		tell('out', report[0] === 0 ? report.subarray(1) : report);
	}

	/** Feature reports pass a tap as others do. */
	function tapped(hid: HidAccess): HidAccess {
		return {
			...hid,
			sendFeature(report, notAfterMonotonicMs) {
				tellReport(report);
				return hid.sendFeature(report, notAfterMonotonicMs);
			},
			async getFeature(reportId, length) {
				const report = await hid.getFeature(reportId, length);
				tell('in', report);
				return report;
			},
		};
	}

	return {
		add(listener) {
			// One function may listen twice; each cancels its own.
			const own: TapListener = (tapped) => listener(tapped);
			listeners.add(own);
			return () => listeners.delete(own);
		},
		tell,
		wrap: (port) => ({
			open: () => port.open(),
			write(bytes, notAfterMonotonicMs) {
				if (port.hid === undefined) tell('out', bytes);
				else tellReport(bytes);
				const written = port.write(bytes, notAfterMonotonicMs);
				// A link that does not wait for a write learns of its failure by the loss of the port.
				written.catch(() => undefined);
				return written;
			},
			setBaud: (baud) => port.setBaud(baud),
			hid: port.hid && tapped(port.hid),
			close: () => port.close(),
			guard: port.guard,
		}),
	};
}
