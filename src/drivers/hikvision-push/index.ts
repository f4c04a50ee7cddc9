import { type DecodedLine, definePushDriver } from '../driver.ts';
import { placeCameraTime, readDateTime } from '../push-camera/camera-time.ts';
import { type HikvisionConfig, hikvisionConfigSchema } from './config.ts';
import { decodePush, eventKey, type HikvisionEvent } from './event.ts';
import { createHikvisionReceiver } from './receiver.ts';
import { createHikvisionSimulator } from './simulator.ts';

/** Hikvision ISAPI cameras and recorders that post ANPR events (HTTP listening); see docs/drivers/hikvision-push.md. */
export const hikvisionPush = definePushDriver<HikvisionConfig>({
	carrier: 'push',
	kind: 'hikvision-push',
	config: hikvisionConfigSchema,
	createReceiver: createHikvisionReceiver,
	createSimulator: createHikvisionSimulator,
	*decode(bytes, contentType) {
		for (const event of decodePush(bytes, contentType)) yield* describe(event);
	},
});

/** A frame or an error for each text of the body, and what a lane would make of it. */
function* describe(event: HikvisionEvent): Iterable<DecodedLine> {
	const { offset } = event;
	if (event.kind === 'malformed') {
		yield { offset, kind: 'error', reason: event.reason };
		return;
	}
	const { eventType, mac, dateTime, uuid, historical, names } = event;
	const input = event.kind === 'input' ? { port: event.port, active: event.active } : {};
	const pictures = event.pictures.map(({ role, contentType, bytes }) => ({
		role,
		contentType,
		sizeBytes: bytes.length,
	}));
	yield {
		offset,
		kind: 'frame',
		event: event.kind,
		eventType,
		mac,
		dateTime,
		uuid,
		historical,
		...input,
		names,
		pictures,
	};
	if (event.kind !== 'plate') return;
	const { plate, confidence, direction, country } = event;
	const cameraTimeMs = placeCameraTime(readDateTime(dateTime))?.ms;
	const dedupeKey = eventKey(event);
	yield { offset, kind: 'observation', plate, confidence, direction, country, cameraTimeMs, dedupeKey, historical };
}
