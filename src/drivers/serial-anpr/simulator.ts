import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceSimulator } from '../driver.ts';
import { encodeLine } from '../text-line/line-simulator.ts';
import { encodeAxxon } from './axxon-frame.ts';
import type { SerialAnprConfig } from './config.ts';

interface Seen {
	readonly plate: string;
	/** ISO 3166-1 alpha-3. */
	readonly country: string | undefined;
	/** 0–1. */
	readonly confidence: number;
	readonly leaving: boolean;
	/** ISO 8601 in the camera's zone, without offset. */
	readonly time: string;
}

const KNOWN =
	'this camera knows "plate 46HVR9", with "NLD" for its country, "confidence 0.93" and "leaving" after it, "say" with the text of a whole line, and "power on|off"';

/** Cameras that say a plate in the form of their entry. */
export function createAnprSimulator(clock: Clock, configs: readonly SerialAnprConfig[]): DeviceSimulator {
	const unpowered = new Set<string>();
	return {
		receive: () => [],
		stimulate(deviceId, what) {
			const config = configs.find(({ id }) => id === deviceId);
			if (config === undefined) return { problem: `there is no camera ${deviceId}` };
			const power = /^power (on|off)$/.exec(what.trim())?.[1];
			if (power === 'off') unpowered.add(deviceId);
			if (power === 'on') unpowered.delete(deviceId);
			if (power !== undefined) return { answers: [] };
			const bytes = bytesOf(what.trim(), config, clock);
			if (bytes === undefined) return { problem: KNOWN };
			return { answers: unpowered.has(deviceId) ? [] : [{ bytes, delayMs: 0 }] };
		},
		outputs: () => ({}),
	};
}

function bytesOf(what: string, config: SerialAnprConfig, clock: Clock): Uint8Array | undefined {
	const said = /^say ([^\p{Cc}]{1,200})$/u.exec(what)?.[1];
	if (said !== undefined) return encodeLine(said, config);
	const seen =
		/^plate ([^\s;,<>&"]{1,16})(?: ([A-Z]{3}))?(?: confidence (1(?:\.0{1,4})?|0(?:\.\d{1,4})?))?( leaving)?$/u.exec(
			what,
		);
	if (seen === null) return undefined;
	const [, plate = '', country, confidence = '0.93', leaving] = seen;
	const zoned = Temporal.Instant.fromEpochMilliseconds(Math.round(clock.nowMs())).toZonedDateTimeISO(
		config.timeZone ?? 'UTC',
	);
	const time = zoned.toPlainDateTime().toString({ fractionalSecondDigits: 3 });
	return encodeSeen({ plate, country, confidence: Number(confidence), leaving: leaving !== undefined, time }, config);
}

function encodeSeen(seen: Seen, config: SerialAnprConfig): Uint8Array {
	switch (config.format) {
		case 'nedap':
			return encodeLine(seen.country === undefined ? seen.plate : `${seen.plate}-${seen.country}`, config);
		case 'tattile':
			return new TextEncoder().encode(tattile(seen));
		case 'axxon':
			return encodeAxxon(seen.time.replaceAll(/\D/g, '').slice(0, 14), '01', new TextEncoder().encode(seen.plate));
		case 'axxon-xml':
			return new TextEncoder().encode(carPlate(seen));
		case 'line':
			return encodeLine(`${seen.plate};${scaled(seen.confidence, config.confidenceScale)};${seen.time}`, config);
	}
}

function scaled(confidence: number, scale: number): number {
	return scale === 1 ? confidence : Math.round(confidence * scale);
}

function tattile({ plate, country, confidence, leaving, time }: Seen): string {
	const [date, clockTime = ''] = time.split('T');
	return [
		'<MESSAGE>',
		`<PLATE_STRING>${plate}</PLATE_STRING>`,
		`<DATE>${date}</DATE>`,
		`<TIME>${clockTime.replaceAll(/[:.]/g, '-')}</TIME>`,
		'<DEVICE_SN>SIM0000001</DEVICE_SN>',
		`<OCRSCORE>${String(Math.round(confidence * 100)).padStart(3, '0')}</OCRSCORE>`,
		`<DIRECTION>${leaving ? 'GOAWAY' : 'APPROACH'}</DIRECTION>`,
		...(country === undefined ? [] : [`<PLATE_COUNTRY_CODE>${country}</PLATE_COUNTRY_CODE>`]),
		'</MESSAGE>',
	].join('');
}

function carPlate({ plate, country = '', confidence, leaving, time }: Seen): string {
	const direction = leaving ? 'out' : 'in';
	return `<?xml version="1.0" encoding="UTF-8"?><CAR_PLATE version="1.0" direction="${direction}" cam-id="1" time="${time}" plate="${plate}" plate_mask="${country}" confidence="${Math.round(confidence * 100)}"></CAR_PLATE>`;
}
