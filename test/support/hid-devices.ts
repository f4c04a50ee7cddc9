import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimulatedHid } from '../../src/drivers/driver.ts';
import type { HidNodeEvents, OpenHidNode } from '../../src/drivers/ports/hid-node.ts';

/** A HID interface as sysfs shows it. */
export interface PluggedHid {
	readonly vendorId: string;
	readonly productId: string;
	readonly manufacturer?: string;
	readonly product?: string;
	readonly serialNumber?: string;
	/** Controller and sockets on the way, such as `usb-0000:00:14.0-2`. */
	readonly socket: string;
	readonly interface?: number;
	/** Its reports are a keyboard's; the system has an input for it. */
	readonly types?: boolean;
	/** Whether the udev rule was at work; `never`: the system knows no such thing. */
	readonly inhibited?: boolean | 'never';
}

/** A machine whose HID devices a test plugs in, with sysfs as Linux makes it and devices that keep what they are told. */
export interface HidMachine extends Disposable {
	readonly roots: { readonly dev: string; readonly sys: string };
	readonly openNode: OpenHidNode;
	/** @param played answers feature reports in the place of `setFeature` */
	plug(node: string, device: PluggedHid, played?: SimulatedHid): void;
	unplug(node: string): void;
	/** The device sends an input report. */
	say(node: string, report: Uint8Array): void;
	/** Output and feature reports, in their order. */
	heard(node: string): readonly Uint8Array[];
	forget(node: string): void;
	/** What the next feature reports are; null: it refuses them. */
	setFeature(node: string, report: Uint8Array | null): void;
	/** It answers nothing any more. */
	hang(node: string): void;
	readonly opened: number;
	inhibitedFile(node: string): string;
}

export function createHidMachine(): HidMachine {
	const root = mkdtempSync(path.join(tmpdir(), 'parkgate-hid-'));
	const roots = { dev: path.join(root, 'dev'), sys: path.join(root, 'sys') };
	mkdirSync(roots.dev);
	mkdirSync(path.join(roots.sys, 'class/hidraw'), { recursive: true });
	const states = new Map<string, HidState>();
	const classDir = (node: string) => path.join(roots.sys, 'class/hidraw', node);
	const hidDir = (node: string) => path.join(roots.sys, 'devices', node, 'interface', 'hid');
	let opened = 0;
	let gone = 0;

	function stateOf(node: string): HidState {
		const state: HidState = states.get(node) ?? {
			heard: [],
			feature: null,
			hangs: false,
			events: undefined,
			played: undefined,
		};
		states.set(node, state);
		return state;
	}

	return {
		roots,
		get opened() {
			return opened;
		},
		async openNode(file, events) {
			const node = path.basename(file);
			if (!existsSync(file)) throw new Error(`cannot open device with path ${file}`);
			const state = stateOf(node);
			state.events = events;
			opened += 1;
			return nodeOf(state, events, () => {
				opened -= 1;
			});
		},
		plug(node, device, played) {
			stateOf(node).played = played;
			writeSysfs(hidDir(node), device);
			mkdirSync(classDir(node));
			symlinkSync(hidDir(node), path.join(classDir(node), 'device'));
			writeFileSync(path.join(roots.dev, node), '');
		},
		unplug(node) {
			// Kept elsewhere: the next node of this name must be another file.
			renameSync(path.join(roots.dev, node), path.join(root, `gone-${gone++}`));
			rmSync(classDir(node), { recursive: true, force: true });
			rmSync(path.join(roots.sys, 'devices', node), { recursive: true, force: true });
			states.delete(node);
		},
		say: (node, report) => stateOf(node).events?.onReport(report),
		heard: (node) => stateOf(node).heard,
		forget(node) {
			stateOf(node).heard.length = 0;
		},
		setFeature(node, report) {
			stateOf(node).feature = report;
		},
		hang(node) {
			stateOf(node).hangs = true;
		},
		inhibitedFile: (node) => path.join(hidDir(node), 'input/input7/inhibited'),
		[Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
	};
}

interface HidState {
	readonly heard: Uint8Array[];
	feature: Uint8Array | null;
	hangs: boolean;
	events: HidNodeEvents | undefined;
	played: SimulatedHid | undefined;
}

function nodeOf(state: HidState, events: HidNodeEvents, onClose: () => void): Awaited<ReturnType<OpenHidNode>> {
	const answering = <T>(answer: () => T): Promise<T> =>
		state.hangs ? new Promise(() => undefined) : Promise.resolve().then(answer);
	const hear = (report: Uint8Array) => answering(() => void state.heard.push(report.slice()));
	return {
		write: hear,
		async sendFeature(report) {
			await hear(report);
			if (state.played?.sendFeature(report) === false) throw new Error('could not send feature report to device');
		},
		getFeature: (reportId, length) =>
			answering(() => {
				const played = state.played?.getFeature(reportId);
				if (played !== undefined) return played;
				if (state.feature === null) throw new Error('could not get feature report from device');
				return state.feature.slice(0, length);
			}),
		close() {
			onClose();
			if (state.events === events) state.events = undefined;
			return Promise.resolve();
		},
	};
}

function writeSysfs(hid: string, device: PluggedHid): void {
	const { vendorId, productId, manufacturer, product, serialNumber } = device;
	mkdirSync(hid, { recursive: true });
	const name = [manufacturer, product].filter((part) => part !== undefined).join(' ');
	const lines = [
		'DRIVER=hid-generic',
		`HID_ID=0003:0000${vendorId.toUpperCase()}:0000${productId.toUpperCase()}`,
		`HID_NAME=${name}`,
		`HID_PHYS=${device.socket}/input${device.interface ?? 0}`,
		`HID_UNIQ=${serialNumber ?? ''}`,
	];
	writeFileSync(path.join(hid, 'uevent'), `${lines.join('\n')}\n`);
	const descriptor = device.types === true ? '05010906a101050719e029e7' : '0600ffa10009011500';
	writeFileSync(path.join(hid, 'report_descriptor'), Buffer.from(descriptor, 'hex'));
	const usb = { idVendor: vendorId, idProduct: productId, manufacturer, product, serial: serialNumber };
	for (const [file, text] of Object.entries(usb))
		if (text !== undefined) writeFileSync(path.join(hid, '../..', file), `${text}\n`);
	if (device.types !== true) return;
	mkdirSync(path.join(hid, 'input/input7'), { recursive: true });
	if (device.inhibited === 'never') mkdirSync(path.join(hid, 'input/input7/inhibited'));
	else writeFileSync(path.join(hid, 'input/input7/inhibited'), device.inhibited === false ? '0\n' : '1\n');
}
