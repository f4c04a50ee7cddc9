import { readFileSync } from 'node:fs';
import type { Driver, DriverDeps, PushRequest } from '../../src/drivers/driver.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { DeviceStatus, InputChange } from '../../src/gateway/core/device.ts';
import type { Observation } from '../../src/gateway/core/observation.ts';
import { createMemoryLog } from './memory-log.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** What a driver is handed, and what came out of it. */
export function createDriverBench(clock: Clock) {
	const observations: Observation[] = [];
	const inputs: InputChange[] = [];
	const statuses: DeviceStatus[] = [];
	const log = createMemoryLog();
	let ids = 0;
	const deps: DriverDeps = {
		clock,
		log,
		events: {
			onObservation: (observation) => observations.push(observation),
			onInput: (change) => inputs.push(change),
			onStatus: (status) => statuses.push(status),
		},
		newId: () => `read-${++ids}`,
		randomBytes: (length) => new Uint8Array(length).fill(7),
	};
	return { deps, observations, inputs, statuses, log };
}

export function hikvisionFixture(name: string): string {
	return readFileSync(new URL(`../fixtures/hikvision/${name}`, import.meta.url), 'utf8');
}

export interface FormPart {
	readonly headers: string;
	readonly body: string | Uint8Array;
}

/** `end` is what follows the last part's line break; a whole body ends with the closing boundary. */
export function formBody(parts: readonly FormPart[], boundary = 'boundary', end = `--${boundary}--\r\n`): Buffer {
	const pieces = parts.map(({ headers, body }) =>
		Buffer.concat([Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')]),
	);
	return Buffer.concat([...pieces, Buffer.from(end)]);
}

export function xmlPart(xml: string): FormPart {
	return {
		headers: 'Content-Disposition: form-data; name="anpr.xml"; filename="anpr.xml"\r\nContent-Type: text/xml',
		body: xml,
	};
}

export function picturePart(name: string, bytes: Uint8Array, contentType = 'image/jpeg'): FormPart {
	const disposition = `Content-Disposition: form-data; name="${name}"; filename="${name}"`;
	return { headers: `${disposition}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}`, body: bytes };
}

export function pushOf(body: string | Uint8Array, contentType: string): PushRequest {
	return {
		method: 'POST',
		headers: new Map([['content-type', contentType]]),
		body: Buffer.from(body),
		remoteAddress: '10.0.0.21',
	};
}

/** What a JSON camera posts, from `test/fixtures/json-cameras`. */
export function jsonFixture(name: string): string {
	return readFileSync(new URL(`../fixtures/json-cameras/${name}.json`, import.meta.url), 'utf8');
}

/** One camera of any driver behind a virtual clock. */
export function createPushBench(driver: Driver, entry: object = {}, startMs = Date.parse('2026-07-05T19:44:41Z')) {
	if (driver.carrier !== 'push') throw new Error(`${driver.kind} posts nothing`);
	const clock = createVirtualClock(startMs);
	const bench = createDriverBench(clock);
	const config = driver.config.parse({ id: 'cam-1', driver: driver.kind, path: 'cam-1', ...entry });
	const receiver = driver.createReceiver(bench.deps, config);
	const plates = () => bench.observations.filter((read) => read.kind === 'plate');
	return {
		...{ ...bench, clock, receiver, plates, simulator: driver.createSimulator(config) },
		status: () => receiver.device.status(),
		post: (body: string | Uint8Array, contentType = 'application/json') => receiver.handle(pushOf(body, contentType)),
	};
}
