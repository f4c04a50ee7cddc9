import type { z } from 'zod';
import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { CommandOutcome, Device, DeviceEvents } from '../gateway/core/device.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { HttpExchange } from './ports/http-exchange.ts';
import type { PushAuth } from './ports/http-push-auth.ts';
import type { LineSettings, Port, PortEvents } from './ports/port.ts';
import type { TakeStill } from './ports/still-capture.ts';
import type { SubscriptionEvents, SubscriptionSettings } from './ports/subscription.ts';
import type { UsbIdentity } from './ports/usb-identity.ts';
import type { TrafficMask } from './traffic-mask.ts';

/** What every driver is handed. */
export interface DriverDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly events: DeviceEvents;
	readonly newId: () => string;
	/** What a device's driver remembers over restarts; absent: nothing. */
	readonly memory?: DeviceMemory;
	/** Cryptographic randomness: `length` bytes (OSDP RND.A). */
	readonly randomBytes: (length: number) => Uint8Array;
}

/** Fields every device entry of `gateway.yaml` has; a driver's schema extends it. */
export interface DeviceConfig {
	readonly id: string;
	readonly driver: string;
}

/** A driver of devices that have a port, whatever it carries. */
interface DriverOnPort<Config extends DeviceConfig & { port: string }> {
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	/** Makes the protocol side of one line with all its devices; it is idle until `start`. */
	createLink(deps: DriverDeps, devices: readonly Config[]): SerialLink;
	/** The device's side of the wire, for `sim:` ports and `parkgate simulate device`. */
	createSimulator(clock: Clock, devices: readonly Config[]): DeviceSimulator;
	/**
	 * Turns a captured byte stream into one JSON-able line per frame, error and observation.
	 * @param device whose bytes they are, where that is known
	 */
	decode(bytes: Uint8Array, device?: Config): Iterable<DecodedLine>;
	/**
	 * For what people see and record of one direction of a line. Absent: it carries neither keys nor PINs.
	 * @param device the line's first
	 */
	createMask?(device: Config): TrafficMask;
}

/**
 * A driver of devices on a byte line. All devices with the same port share one link (one RS-485 bus),
 * and one line has one driver: two masters on a line are not allowed.
 */
export interface SerialDriver<Config extends DeviceConfig & { port: string } = DeviceConfig & { port: string }>
	extends DriverOnPort<Config> {
	readonly carrier: 'serial';
	line(config: Config): LineSettings;
}

/** A driver of a HID device. Its link has one device and one report in each call; `port.hid` has what only such a device can do. */
export interface HidDriver<Config extends DeviceConfig & { port: string } = DeviceConfig & { port: string }>
	extends DriverOnPort<Config> {
	readonly carrier: 'hid';
	/** Its pulses end by what is sent: see `LineSettings.guarded`. */
	isGuarded?(config: Config): boolean;
}

/** What a technician changes in a device itself; `gateway.yaml` must say the same afterwards. */
export interface DeviceSetup {
	/** A new address on its line. */
	setAddress(address: number): Promise<CommandOutcome>;
	/** A new rate for its line and every device on it; `failed` names those that did not follow. */
	setBaud(baud: number): Promise<CommandOutcome>;
	/** A new secret key of 16 bytes. */
	setKey(key: Uint8Array): Promise<CommandOutcome>;
}

/** The running protocol of one line; the supervisor owns the port and calls back. */
export interface SerialLink {
	readonly devices: readonly Device[];
	/** Undefined for a device that can't be set up over its line. */
	setup?(deviceId: string): DeviceSetup | undefined;
	/** The port is open: begin. Called again after a loss with a new port. Must not throw. */
	start(port: Port): void;
	onBytes(chunk: Uint8Array): void;
	/** The port is lost or could not be opened: devices go offline with this problem; pending commands end `failed` or `unknown`. */
	stop(problem: string): void;
}

/** Fields every camera entry has besides; the listener checks them before a byte of the body is read. */
export interface PushDeviceConfig extends DeviceConfig {
	/** Last segment of `/ingest/…`. */
	readonly path: string;
	readonly auth: PushAuth;
	/** Networks this camera may post from; narrows `ingest.allow`. */
	readonly allow?: readonly string[] | undefined;
}

/** A driver of cameras that post to us. */
export interface PushDriver<Config extends DeviceConfig & { path: string } = DeviceConfig & { path: string }> {
	readonly carrier: 'push';
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	createReceiver(deps: DriverDeps, device: Config): PushReceiver;
	/** Builds the HTTP requests the camera would send. */
	createSimulator(device: Config): PushSimulator;
	decode(bytes: Uint8Array, contentType?: string): Iterable<DecodedLine>;
}

export interface PushRequest {
	readonly method: string;
	readonly headers: ReadonlyMap<string, string>;
	/** Whole body, already bounded by LIMITS.ingestBodyBytes. */
	readonly body: Uint8Array;
	readonly remoteAddress: string;
}

export interface PushReply {
	readonly status: number;
	readonly contentType?: string;
	readonly body?: string;
}

/** The receiving side of one camera; never throws, whatever the body. */
export interface PushReceiver {
	readonly device: Device;
	/** For cameras that choose the path themselves: what this address posts below this prefix is theirs too. */
	readonly ownPath?: { readonly prefix: string; readonly fromAddress: string };
	handle(request: PushRequest): PushReply;
	/** For cameras whose answer carries a decision: called instead of `handle` by who can wait for it. */
	handleHeld?(request: PushRequest, answer: HeldAnswer): void;
	/** Begins what the camera is asked besides, such as for missed plates; the result ends it. Must not throw. */
	begin?(exchange: HttpExchange): Cancel;
}

/** The answer to one push, given later; only the first one is written. */
export interface HeldAnswer {
	/** False once it was given, or when the camera hung up. */
	isOpen(): boolean;
	/**
	 * Writes the answer; false when it was not open: then nothing was written. With `onReceipt` the connection
	 * ends with it: called once with true when the camera took it, with false when that did not show within
	 * LIMITS.heldReceiptMs; what might still be under way to it is then dropped, so that it never comes late.
	 */
	send(reply: PushReply, onReceipt?: (received: boolean) => void): boolean;
}

/** A driver of devices that are heard on a broker. */
export interface SubscriptionDriver<Config extends DeviceConfig = DeviceConfig> {
	readonly carrier: 'subscription';
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	subscription(config: Config): SubscriptionSettings;
	createReceiver(deps: DriverDeps, device: Config): SubscriptionReceiver;
	/** Builds the messages it would publish. */
	createSimulator(device: Config): SubscriptionSimulator;
	/** One message. */
	decode(bytes: Uint8Array): Iterable<DecodedLine>;
}

/** The receiving side of one device; never throws, whatever is said. */
export interface SubscriptionReceiver {
	readonly device: Device;
	readonly events: SubscriptionEvents;
}

export interface SubscriptionSimulator {
	/** For a plate it read. */
	plate(read: Parameters<PushSimulator['plate']>[0]): readonly SimulatedMessage[];
}

export interface SimulatedMessage {
	readonly topic: string;
	readonly payload: string;
	readonly retain: boolean;
}

export interface StillDeps extends DriverDeps {
	readonly takeStill: TakeStill;
	/** How engines that read stills are asked. */
	readonly exchange: HttpExchange;
}

/** A driver of cameras on this machine, which are asked for pictures. */
export interface StillDriver<Config extends DeviceConfig = DeviceConfig> {
	readonly carrier: 'still';
	readonly kind: string;
	readonly config: z.ZodType<Config>;
	createCamera(deps: StillDeps, device: Config): StillCamera;
	/** An engine's answer. */
	decode(bytes: Uint8Array): Iterable<DecodedLine>;
}

export interface StillCamera {
	readonly device: Device;
	/** The result ends it, with what it has under way. Must not throw. */
	begin(): Cancel;
}

/** A driver of devices on a line or a HID device. */
export type PortDriver = SerialDriver | HidDriver;

export function hasPort(driver: Driver): driver is PortDriver {
	return driver.carrier === 'serial' || driver.carrier === 'hid';
}

export type Driver = PortDriver | PushDriver | SubscriptionDriver | StillDriver;

/** Keeps a driver's own config type inside while the registry holds plain `Driver`s. */
export function defineSerialDriver<Config extends DeviceConfig & { port: string }>(
	driver: SerialDriver<Config>,
): SerialDriver {
	return driver as unknown as SerialDriver;
}

export function defineHidDriver<Config extends DeviceConfig & { port: string }>(driver: HidDriver<Config>): HidDriver {
	return driver as unknown as HidDriver;
}

export function definePushDriver<Config extends PushDeviceConfig>(driver: PushDriver<Config>): PushDriver {
	return driver as unknown as PushDriver;
}

export function defineSubscriptionDriver<Config extends DeviceConfig>(
	driver: SubscriptionDriver<Config>,
): SubscriptionDriver {
	return driver as unknown as SubscriptionDriver;
}

export function defineStillDriver<Config extends DeviceConfig>(driver: StillDriver<Config>): StillDriver {
	return driver as unknown as StillDriver;
}

/**
 * The device's side of a line: pure protocol, bytes in, bytes out. Stimuli are what happens to the
 * hardware: a card is presented, a loop is occupied, the lid is opened.
 */
export interface DeviceSimulator {
	/**
	 * Bytes from the gateway; what the device answers, with its delay.
	 * @param baud their rate where the line has one: a device that listens at another hears nothing
	 */
	receive(bytes: Uint8Array, baud?: number): readonly SimulatedAnswer[];
	/** The rate its devices have now, where it can be changed over the line; a tty follows it. */
	baud?(): number;
	/** `what` and its arguments are listed by the driver, such as `card 26:9ADDDF00` or `input arming on`; undefined, or a problem that names the allowed ones. */
	stimulate(
		deviceId: string,
		what: string,
	): { readonly answers: readonly SimulatedAnswer[] } | { readonly problem: string };
	/** For devices that speak unasked: the line is there from now on, until it is cut. */
	connect?(say: (bytes: Uint8Array) => void): Cancel;
	/** Outputs now on (relay, barrier), for the site's simulation to move its barrier arms. */
	outputs(deviceId: string): Readonly<Record<string, boolean>>;
	/** Of a HID device; its input reports are answers, its output reports come by `receive`, whole. */
	readonly hid?: SimulatedHid;
}

export interface SimulatedHid {
	readonly identity: UsbIdentity;
	readonly typesOnConsole?: boolean;
	/** @param report its id first. @returns whether it is taken */
	sendFeature(report: Uint8Array): boolean;
	/** undefined: it gives none. */
	getFeature(reportId: number): Uint8Array | undefined;
}

export interface SimulatedAnswer {
	readonly bytes: Uint8Array;
	readonly delayMs: number;
}

export interface SimulatedPush {
	readonly contentType: string;
	readonly body: Uint8Array;
}

export interface PushSimulator {
	/** The request a camera sends for a plate it read; `pictures` as the camera would attach them. */
	plate(read: {
		plate: string;
		confidence: number;
		direction: 'approaching' | 'leaving';
		at: Date;
		eventId: string;
	}): SimulatedPush;
	/** What a camera sends to tell that it is there; absent: this kind tells nothing but plates. */
	heartbeat?(at: Date): SimulatedPush;
}

export interface DecodedLine {
	/** Byte offset in the input. */
	readonly offset: number;
	readonly kind: 'frame' | 'error' | 'observation';
	readonly [field: string]: unknown;
}

export type { Port, PortEvents };
