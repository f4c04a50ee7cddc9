import type { DecodedLine } from '../driver.ts';
import type { CameraEvent } from './camera-event.ts';
import { placeCameraTime } from './camera-time.ts';

/** A frame or an error for one event, and what a lane would make of it. */
export function* describeEvent(event: CameraEvent): Iterable<DecodedLine> {
	const { offset } = event;
	if (event.kind === 'malformed') {
		yield { offset, kind: 'error', reason: event.reason };
		return;
	}
	const { eventType, names, historical } = event;
	const input = event.kind === 'input' ? { port: event.port, active: event.active } : {};
	const pictures = (event.kind === 'plate' ? event.pictures : []).map(({ role, contentType, bytes }) => ({
		...{ role, contentType, sizeBytes: bytes.length },
	}));
	yield { offset, kind: 'frame', event: event.kind, eventType, historical, ...input, names, pictures };
	if (event.kind !== 'plate') return;
	const { plate, confidence, direction, country, key, size } = event;
	const time = placeCameraTime(event.time);
	yield {
		...{ offset, kind: 'observation', plate, confidence, direction, country },
		...{ cameraTimeMs: time?.ms, plateWidthPx: size?.widthPx, dedupeKey: key, historical },
	};
}
