import { GatewayError } from '../gateway/core/gateway-error.ts';
import { adviseName } from '../gateway/core/nearest-name.ts';
import { asciiLine } from './ascii-line/index.ts';
import { axisPush } from './axis-push/index.ts';
import { dahuaPush } from './dahua-push/index.ts';
import type { Driver } from './driver.ts';
import { frigateMqtt } from './frigate-mqtt/index.ts';
import { hidKeyboard } from './hid-keyboard/index.ts';
import { hidPcprox } from './hid-pcprox/index.ts';
import { hidRelay } from './hid-relay/index.ts';
import { hikvisionPush } from './hikvision-push/index.ts';
import { milesightPush } from './milesight-push/index.ts';
import { modbusRelay } from './modbus-relay/index.ts';
import { openalprPush } from './openalpr-push/index.ts';
import { osdp } from './osdp/index.ts';
import { platerecognizerPush } from './platerecognizer-push/index.ts';
import { rdm6300 } from './rdm6300/index.ts';
import { serialAnpr } from './serial-anpr/index.ts';
import { serialRelay } from './serial-relay/index.ts';
import { tvtPush } from './tvt-push/index.ts';
import { uhfChafon } from './uhf-chafon/index.ts';
import { uhfChafonCf } from './uhf-chafon-cf/index.ts';
import { uhfIndy } from './uhf-indy/index.ts';
import { uhfR200 } from './uhf-r200/index.ts';
import { uhfThingmagic } from './uhf-thingmagic/index.ts';
import { univiewPush } from './uniview-push/index.ts';
import { usbCamera } from './usb-camera/index.ts';
import { vzenithPush } from './vzenith-push/index.ts';
import { wiegandSerial } from './wiegand-serial/index.ts';

/** Every driver Parkgate has; a new one is added here and nowhere else. */
const DRIVERS: readonly Driver[] = [
	osdp,
	modbusRelay,
	serialRelay,
	hidRelay,
	hikvisionPush,
	dahuaPush,
	axisPush,
	milesightPush,
	platerecognizerPush,
	openalprPush,
	vzenithPush,
	frigateMqtt,
	tvtPush,
	univiewPush,
	usbCamera,
	rdm6300,
	asciiLine,
	wiegandSerial,
	uhfR200,
	uhfChafon,
	uhfChafonCf,
	uhfIndy,
	uhfThingmagic,
	serialAnpr,
	hidKeyboard,
	hidPcprox,
];

export interface DriverRegistry {
	/** Names as `driver:` in the configuration knows them. */
	readonly kinds: readonly string[];
	readonly drivers: readonly Driver[];
	/** Throws CONFIG_INVALID for an unknown name, with the known ones and the nearest. */
	get(kind: string): Driver;
}

/** Throws INTERNAL when two drivers have one name. */
export function createDriverRegistry(drivers: readonly Driver[] = DRIVERS): DriverRegistry {
	const byKind = new Map<string, Driver>();
	for (const driver of drivers) {
		if (byKind.has(driver.kind)) throw new GatewayError('INTERNAL', `two drivers are named ${driver.kind}`);
		byKind.set(driver.kind, driver);
	}
	const kinds = [...byKind.keys()];
	return {
		kinds,
		drivers,
		get(kind) {
			const driver = byKind.get(kind);
			if (driver !== undefined) return driver;
			const advice = adviseName(kind, kinds, 'Write the name of a driver');
			throw new GatewayError(
				'CONFIG_INVALID',
				`there is no driver ${JSON.stringify(kind)}; the drivers are ${kinds.join(', ')}. ${advice}`,
			);
		},
	};
}
