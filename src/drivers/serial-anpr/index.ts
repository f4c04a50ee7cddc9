import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { PlateObservation } from '../../gateway/core/observation.ts';
import { type DecodedLine, type DriverDeps, defineSerialDriver } from '../driver.ts';
import { createCameraHealth } from '../push-camera/camera-health.ts';
import { decodeCapture, type Explained } from '../tag-readers/decode-capture.ts';
import { refuseSharedLine } from '../tag-readers/define-tag-reader.ts';
import { createReaderLink } from '../tag-readers/link.ts';
import { type SerialAnprConfig, serialAnprConfig } from './config.ts';
import { type AnprFrame, createAnprDialect, createAnprSearch, readFrame } from './dialect.ts';
import { textOf } from './line-read.ts';
import type { PlateRead } from './plate-read.ts';
import { createAnprSimulator } from './simulator.ts';

const KIND = 'serial-anpr';
const SHOWN_LENGTH = 256;

/** Cameras that say their plates on a serial line: Nedap, Tattile, Axxon, and lines by a pattern; see docs/drivers/serial-anpr.md. */
export const serialAnpr = defineSerialDriver<SerialAnprConfig>({
	carrier: 'serial',
	kind: KIND,
	config: serialAnprConfig,
	line: ({ baud, parity, stopBits }) => ({ baud, parity, stopBits }),
	createLink(deps, devices) {
		refuseSharedLine(KIND, devices);
		const [first] = devices;
		const search = createAnprSearch(first ?? usual('line'));
		const health = createCameraHealth(deps.clock);
		return createReaderLink(deps, devices, {
			formatting: { search, gapMs: first?.gapMs ?? 0 },
			dialect: (config) => createAnprDialect(config, health),
			place: () => undefined,
			capability: 'reads plates',
			keyOf,
			observe(config, read, { newId }) {
				health.time(read.time);
				health.vehicle({ isRead: true });
				return observationOf(config, read, deps.clock, newId);
			},
		});
	},
	createSimulator: createAnprSimulator,
	decode,
});

/** The same message said again; a second look at the same vehicle has another confidence or time. */
function keyOf({ plate, confidence, time }: PlateRead): string {
	return `${plate}|${confidence}|${time?.ms ?? ''}`;
}

function observationOf(
	{ id: deviceId }: SerialAnprConfig,
	{ raw, pictures, time, ...told }: PlateRead,
	clock: Clock,
	newId: DriverDeps['newId'],
): PlateObservation {
	const id = newId();
	return {
		...{ kind: 'plate', id, deviceId, atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() },
		...told,
		...(time === undefined ? {} : { cameraTimeMs: time.ms, cameraTimeTrust: time.trust }),
		dedupeKey: time === undefined ? id : `${time.ms}|${told.plate}`,
		historical: false,
		...(pictures.length === 0 ? {} : { evidence: pictures }),
		raw: raw.subarray(0, LIMITS.rawReadBytes).toHex(),
	};
}

/** A capture tells its format by how it begins. */
function decode(bytes: Uint8Array): Iterable<DecodedLine> {
	const head = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1');
	const config = usual(formatOf(head));
	return decodeCapture(bytes, createAnprSearch(config), (frame: AnprFrame) => explain(frame, config));
}

function formatOf(head: string): SerialAnprConfig['format'] {
	if (/<(?:MESSAGE|Msg|root|CAR_PLATE)[\s>]/.test(head)) return 'tattile';
	if (/\p{Cc}\d{16}/u.test(head)) return 'axxon';
	return /^[^;,\r\n]{2,32}-[A-Z]{3}\r?\n/m.test(head) ? 'nedap' : 'line';
}

function usual(format: SerialAnprConfig['format']): SerialAnprConfig {
	return serialAnprConfig.parse({
		id: 'capture',
		driver: KIND,
		port: 'capture',
		format,
		longest: LIMITS.readerLineLength,
	});
}

function explain(frame: AnprFrame, config: SerialAnprConfig): Explained<PlateRead> {
	const fields = { message: frame.kind, text: textOf(frame.bytes.subarray(0, SHOWN_LENGTH), config.encoding) };
	const said = readFrame(frame, config);
	switch (said.result) {
		case 'plate':
			return { fields, reads: [withoutPictures(said.read)] };
		case 'wrong':
			return { fields, rejected: said.why };
		case 'noPlate':
		case 'other':
			return { fields: { ...fields, says: said.result } };
	}
}

/** Lines of a decoded capture are read by people. */
function withoutPictures(read: PlateRead): PlateRead {
	return { ...read, pictures: [] };
}
