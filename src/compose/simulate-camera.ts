import { randomBytes, randomUUID } from 'node:crypto';
import type { SimulateDeviceOptions } from '../api/cli/handlers.ts';
import { settingProblems } from '../config/setting-problems.ts';
import type { PushDriver, PushSimulator, SimulatedPush } from '../drivers/driver.ts';
import { createPushClient } from '../drivers/ports/http-push-client.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { pushAccess } from './ingest.ts';

const KNOWN =
	'this camera knows "plate 1ABC234", with "confidence 0.93" and "leaving" after it, "again" for the last push once more, and "heartbeat" where its kind has one';

/** Posts what a camera would to a running gateway, over one kept-alive connection; a line each for what happens. */
export async function simulateCamera(
	clock: Clock,
	driver: PushDriver,
	{ port, settings, stimuli, onNote, signal }: SimulateDeviceOptions,
): Promise<void> {
	const target = parseTarget(port);
	const parsed = driver.config.safeParse({ id: 'simulated', driver: driver.kind, path: target.path, ...settings });
	if (!parsed.success)
		throw new GatewayError('CONFIG_INVALID', settingProblems(parsed.error.issues, driver.kind, settings));
	const { auth } = pushAccess({ ...parsed.data });
	const client = createPushClient({ randomBytes }, { ...target, auth });
	const simulator = driver.createSimulator(parsed.data);
	signal.addEventListener('abort', () => client.close(), { once: true });
	onNote(`${driver.kind} posts to ${port}`);
	let last: SimulatedPush | undefined;
	for await (const line of stimuli) {
		const what = line.trim();
		if (signal.aborted) return;
		if (what === '') continue;
		const push = what === 'again' ? last : pushOf(what, simulator, clock);
		if (push === undefined) onNote(KNOWN);
		else onNote(await posted(() => client.post(push), what));
		last = push ?? last;
	}
	client.close();
}

async function posted(post: () => Promise<number>, what: string): Promise<string> {
	try {
		return `${await post()}: ${what}`;
	} catch (error) {
		return error instanceof GatewayError ? error.message : 'the push failed';
	}
}

function pushOf(what: string, simulator: PushSimulator, clock: Clock): SimulatedPush | undefined {
	if (what === 'heartbeat') return simulator.heartbeat?.(new Date(clock.nowMs()));
	const read = plateRead(what, clock);
	return read === undefined ? undefined : simulator.plate(read);
}

/** `plate 1ABC234 confidence 0.93 leaving`; undefined for anything else. */
export function plateRead(what: string, clock: Clock): Parameters<PushSimulator['plate']>[0] | undefined {
	const [, plate, confidence = '0.95', leaving] =
		/^plate (\S{1,32})(?: confidence (1|0(?:\.\d{1,4})?))?( leaving)?$/u.exec(what) ?? [];
	if (plate === undefined) return undefined;
	const direction = leaving === undefined ? 'approaching' : 'leaving';
	const at = new Date(clock.nowMs());
	return { plate, confidence: Number(confidence), direction, at, eventId: randomUUID() };
}

function parseTarget(address: string): { readonly host: string; readonly port: number; readonly path: string } {
	const url = URL.parse(address);
	const path = /^\/ingest\/([\w.-]{1,64})$/.exec(url?.pathname ?? '')?.[1];
	if (url === null || url.protocol !== 'http:' || path === undefined)
		throw new GatewayError(
			'INVALID_REQUEST',
			`--port ${address}: a camera posts to a URL such as http://127.0.0.1:8081/ingest/cam-1`,
		);
	return { host: url.hostname, port: Number(url.port || 80), path };
}
