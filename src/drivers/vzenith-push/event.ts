import { z } from 'zod';
import type { PlateDirection } from '../../gateway/core/observation.ts';
import { readEpoch } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import type { VzenithConfig } from './config.ts';

const origin = { serialno: textField, deviceName: textField, ipaddr: textField };

const plateResult = sectionField({
	license: textField,
	confidence: numberField,
	direction: numberField,
	triggerType: numberField,
	plateid: textField,
	isoffline: numberField,
	is_fake_plate: numberField,
	imageFile: base64Field,
	imageFragmentFile: base64Field,
	location: sectionField({
		RECT: sectionField({ left: numberField, top: numberField, right: numberField, bottom: numberField }),
	}),
	timeStamp: sectionField({ Timeval: sectionField({ sec: numberField, usec: numberField }) }),
});
type PlateResult = z.infer<typeof plateResult>;

const push = z.object({
	AlarmInfoPlate: sectionField({ ...origin, result: sectionField({ PlateResult: plateResult }) }),
	AlarmGioIn: sectionField({
		...origin,
		result: sectionField({ TriggerResult: sectionField({ source: numberField, value: numberField }) }),
	}),
	SerialData: sectionField(origin),
	...origin,
	device_name: textField,
});

/** Old logs tell no `plateid`: the plate within this is the same vehicle. */
const SAME_WITHIN_MS = 5_000;
/** `direction` by its number. */
const DIRECTIONS = ['', 'left', 'right', 'up', 'down'] as const;
const OPPOSITE = { left: 'right', right: 'left', up: 'down', down: 'up' } as const;

/** Source: the vendor's HTTP push protocol. */
export function readVzenithEvent({ fields }: JsonDocument, config: VzenithConfig): readonly JsonReading[] | string {
	const { AlarmInfoPlate: alarm, AlarmGioIn: input, SerialData: passed, ...told } = push.parse(fields);
	if (Object.hasOwn(fields, 'AlarmInfoPlate')) return [{ ...originOf(alarm), ...readPlate(alarm, config) }];
	if (Object.hasOwn(fields, 'AlarmGioIn')) {
		const { source, value } = input.result.TriggerResult;
		const isKnown = source !== undefined && Number.isInteger(source) && source >= 0 && value !== undefined;
		const origin = { ...originOf(input), eventType: 'AlarmGioIn' };
		// Source 0 is input 1.
		return [
			isKnown ? { ...origin, kind: 'input', port: source + 1, active: value === 1 } : { ...origin, kind: 'other' },
		];
	}
	if (Object.hasOwn(fields, 'SerialData')) return [{ ...originOf(passed), kind: 'other', eventType: 'SerialData' }];
	if (told.serialno === undefined) return 'noEvent';
	const deviceName = told.deviceName ?? told.device_name;
	return [{ ...originOf({ ...told, deviceName }), kind: 'heartbeat', eventType: 'heartbeat' }];
}

/** The number of a buffered record, which the camera waits to hear before it sends the next. */
export function offlineRecordOf(fields: Readonly<Record<string, unknown>>): number | undefined {
	const { isoffline, plateid } = push.parse(fields).AlarmInfoPlate.result.PlateResult;
	return isoffline === 1 && /^\d{1,15}$/.test(plateid ?? '') ? Number(plateid) : undefined;
}

function readPlate({ serialno, result }: z.infer<typeof push>['AlarmInfoPlate'], config: VzenithConfig): JsonReading {
	const { PlateResult: plate } = result;
	const isOffline = plate.isoffline !== undefined && plate.isoffline !== 0;
	const isFake = plate.is_fake_plate !== undefined && plate.is_fake_plate !== 0;
	const { sec, usec = 0 } = plate.timeStamp.Timeval;
	return {
		kind: 'vehicle',
		eventType: isFake ? 'fake plate' : isOffline ? 'offline' : 'AlarmInfoPlate',
		// A plate held up on paper or on a screen opens nothing, like one that was buffered.
		historical: isOffline || isFake,
		plate: plate.license,
		confidence: confidenceOf(plate.confidence, 100),
		direction: directionOf(plate.direction, config.approachDirection),
		country: isChinese(plate.license) ? 'CN' : undefined,
		time: readEpoch(
			sec === undefined ? undefined : sec + usec / 1e6,
			's',
			config.clock === 'utc' ? 'instant' : 'local',
		),
		...(plate.plateid === undefined
			? { sameWithinMs: SAME_WITHIN_MS }
			: // The camera counts from 1 again when it starts: its first car tomorrow is not its first car today.
				{ key: `${serialno ?? ''}|${plate.plateid}|${sec ?? ''}` }),
		size: sizeOf(plate),
		pictures: [parseBase64Picture('plate', plate.imageFragmentFile), parseBase64Picture('scene', plate.imageFile)],
	};
}

function originOf(told: { serialno: string | undefined; deviceName: string | undefined; ipaddr: string | undefined }) {
	return { serial: told.serialno, names: { name: told.deviceName, address: told.ipaddr } };
}

function directionOf(code: number | undefined, approach: VzenithConfig['approachDirection']): PlateDirection {
	const moved = DIRECTIONS[code ?? 0];
	if (approach === undefined || moved === undefined || moved === '') return 'unknown';
	if (moved === approach) return 'approaching';
	return moved === OPPOSITE[approach] ? 'leaving' : 'unknown';
}

/** GA 36: the first character is the province. */
function isChinese(license: string | undefined): boolean {
	return /^\p{Script=Han}[A-Z]/u.test(license?.trim() ?? '');
}

function sizeOf({ location: { RECT: box } }: PlateResult) {
	const { left, top, right, bottom } = box;
	if (left === undefined || top === undefined || right === undefined || bottom === undefined) return undefined;
	return right > left && bottom > top ? { widthPx: right - left, heightPx: bottom - top } : undefined;
}
