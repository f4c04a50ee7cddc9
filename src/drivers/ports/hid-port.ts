import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { createGuardChild } from './guard-child.ts';
import { findHid, type HidEntry, keepFromConsole } from './hid-list.ts';
import { type HidNode, loadNodeHid, type OpenHidNode, openHidNode } from './hid-node.ts';
import type { HidAccess, Port, PortEvents } from './port.ts';
import type { OwnedPulseGuard } from './pulse-guard.ts';
import type { SerialListRoots } from './serial-list.ts';
import { identifyPath } from './tty.ts';
import { createTurnsOfPort } from './turns-of-port.ts';

/** Loss must be noticed within a second, also where the system says nothing. */
const WATCH_MS = 500;
/** Longer than the system waits for a device that does not answer a control transfer (5 s). */
const STUCK_MS = 8_000;

/** How long udev may take to apply its rules. */
const RULES_MS = 1_000;
const RULES_LOOKS = 5;

export interface HidPortsDeps {
	readonly clock: Clock;
	/** The system's, unless told. */
	readonly roots?: SerialListRoots;
	readonly openNode?: OpenHidNode;
}

/** Makes unopened ports of HID devices; one device is open once at a time. */
export function createHidPorts(deps: HidPortsDeps): (address: string, events: PortEvents, isGuarded?: boolean) => Port {
	const inUse = new Set<string>();
	return (address, events, isGuarded = false) => createHidPort(deps, inUse, { address, isGuarded }, events);
}

function createHidPort(
	deps: HidPortsDeps,
	inUse: Set<string>,
	{ address, isGuarded }: { readonly address: string; readonly isGuarded: boolean },
	events: PortEvents,
): Port {
	const { clock, roots, openNode = openHidNode } = deps;
	const turns = createTurnsOfPort(clock, address);
	let state: 'new' | 'opening' | 'open' | 'closed' = 'new';
	let open: { readonly node: HidNode; readonly entry: HidEntry; readonly hid: HidAccess } | undefined;
	let guard: OwnedPulseGuard | undefined;
	let cancelWatch: Cancel | undefined;

	async function openOnce(): Promise<void> {
		if (state !== 'new') throw new GatewayError('INTERNAL', `${address} is opened only once`);
		state = 'opening';
		const entry = await findHid(address, roots);
		if (inUse.has(entry.device)) throw new GatewayError('PORT_BUSY', `${address} is already open`);
		inUse.add(entry.device);
		try {
			await openEntry(entry);
		} catch (error) {
			inUse.delete(entry.device);
			throw error;
		}
	}

	async function openEntry(entry: HidEntry): Promise<void> {
		await checkPermission(entry);
		const identity = await identifyPath(entry.device).catch(() => undefined);
		const isKept = await keepFromConsoleSoon(entry);
		const node = await openNode(entry.device, {
			onReport: (report) => {
				if (state === 'open') events.onBytes(report);
			},
			onError: (error) => lose(error.message),
		}).catch((error: unknown) => {
			throw explainFailure(address, error);
		});
		if (isClosed()) {
			await release(node);
			throw new GatewayError('PORT_LOST', `${address} was closed while it was being opened`);
		}
		state = 'open';
		open = { node, entry, hid: accessTo(node, entry, !isKept) };
		if (isGuarded) guard = createGuardChild(clock, { hid: entry.device });
		watch(identity);
	}

	/** The system's rules for a device that was just plugged in take effect a moment after it is there. */
	async function keepFromConsoleSoon({ directory }: HidEntry): Promise<boolean> {
		for (let look = 1; ; look++) {
			if (await keepFromConsole(directory, (file) => writeFile(file, '1'))) return true;
			if (look === RULES_LOOKS || isClosed()) return false;
			await new Promise<void>((resolve) => void clock.after(RULES_MS / RULES_LOOKS, resolve));
		}
	}

	/** `state` as it is after an await, which the compiler cannot know. */
	function isClosed(): boolean {
		return state === 'closed';
	}

	function accessTo(node: HidNode, { usb }: HidEntry, typesOnConsole: boolean): HidAccess {
		return {
			identity: usb,
			typesOnConsole,
			sendFeature: (report, notAfterMonotonicMs) => take(() => node.sendFeature(report), notAfterMonotonicMs),
			getFeature: (reportId, length) =>
				take(async () => {
					const report = await node.getFeature(reportId, length);
					return report.length === length && report[0] === reportId ? report.subarray(1) : report;
				}),
		};
	}

	function take<T>(work: () => Promise<T>, notAfterMonotonicMs?: number): Promise<T> {
		if (state !== 'open') return Promise.reject(new GatewayError('PORT_LOST', `${address} is not open`));
		return turns.take(work, notAfterMonotonicMs);
	}

	/** A device that went and came back between two looks has another node behind the same name. */
	function watch(identity: string | undefined): void {
		const watched = open;
		if (watched === undefined) return;
		cancelWatch = clock.after(WATCH_MS, () => {
			if (turns.stuckForMs() > STUCK_MS) return lose('it takes no more reports');
			identifyPath(watched.entry.device).then(
				(now) => {
					if (open !== watched) return;
					if (now !== identity) lose('it was unplugged');
					else watch(identity);
				},
				() => watch(identity),
			);
		});
	}

	function lose(why: string): void {
		const problem = `${address} was lost: ${why}`;
		const lost = shut(problem);
		if (lost === undefined) return;
		void release(lost);
		events.onClosed(problem);
	}

	/** @returns what is left to be given back */
	function shut(problem: string): HidNode | undefined {
		const shutting = open;
		state = 'closed';
		open = undefined;
		cancelWatch?.();
		turns.end(problem);
		void guard?.end();
		if (shutting !== undefined) inUse.delete(shutting.entry.device);
		return shutting?.node;
	}

	return {
		open: openOnce,
		write: (report, notAfterMonotonicMs) =>
			take(async () => {
				await open?.node.write(report);
			}, notAfterMonotonicMs),
		setBaud: () => Promise.reject(new GatewayError('PORT_LOST', `${address} is a HID device; it has no speed`)),
		get hid() {
			return open?.hid;
		},
		async close() {
			const node = shut(`${address} was closed`);
			if (node !== undefined) await release(node);
			await guard?.end();
		},
		get guard() {
			return guard;
		},
	};
}

/** Whether it could be opened; opens nothing. Rejects as `open` does. @returns what it is */
export async function lookAtHid(address: string, roots?: SerialListRoots): Promise<HidEntry> {
	const entry = await findHid(address, roots);
	await checkPermission(entry);
	await loadNodeHid();
	return entry;
}

async function checkPermission({ device, usb }: HidEntry): Promise<void> {
	try {
		await access(device, constants.R_OK | constants.W_OK);
	} catch (cause) {
		throw new GatewayError(
			'PORT_UNAVAILABLE',
			`no permission for ${device}; add a udev rule for ${usb.vendorId}:${usb.productId} as docs/drivers/hid.md says, and plug it in again`,
			{ cause },
		);
	}
}

function explainFailure(address: string, error: unknown): GatewayError {
	if (error instanceof GatewayError) return error;
	const why = error instanceof Error ? error.message : String(error);
	return new GatewayError('PORT_UNAVAILABLE', `${address} does not open: ${why}`, { cause: error });
}

/** A device that vanished cannot be closed properly; its file descriptor is given back all the same. */
async function release(node: HidNode): Promise<void> {
	await node.close().catch(() => undefined);
}
