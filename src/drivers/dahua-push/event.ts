import { z } from 'zod';
import { readDateTime } from '../push-camera/camera-time.ts';
import { confidenceOf } from '../push-camera/confidence.ts';
import { parseCountry } from '../push-camera/country.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, flagField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';
import { createTravelWords } from '../push-camera/travel.ts';
import type { DahuaConfig } from './config.ts';

const pictureSection = sectionField({ Content: base64Field, PicName: textField });

/** ITSAPI, `/NotificationInfo/TollgateInfo`. */
const tollgateInfo = sectionField({
	Plate: sectionField({
		PlateNumber: textField,
		Country: textField,
		Confidence: numberField,
		IsExist: flagField,
	}),
	SnapInfo: sectionField({
		SnapTime: textField,
		AccurateTime: textField,
		DeviceID: textField,
		Direction: textField,
		LanNo: textField,
		LaneNo: textField,
		TriggerSource: textField,
	}),
	Vehicle: sectionField({ Category: textField, VehicleType: textField }),
	NormalPic: pictureSection,
	CutoutPic: pictureSection,
	VehiclePic: pictureSection,
});

/** `/NotificationInfo/KeepAlive` and `/NotificationInfo/DeviceInfo`. */
const deviceInfo = z.object({
	Active: flagField,
	DeviceID: textField,
	DeviceName: textField,
	DeviceModel: textField,
	Manufacturer: textField,
});

/** `Obverse` is toward the camera. */
const travelOfWord = createTravelWords({ approaching: ['obverse', 'approach'], leaving: ['reverse', 'leave'] });

/** One car triggers up to three times: by video, by its loop and by hand. */
const SAME_WITHIN_MS = 8_000;

/** Source: Dahua ITSAPI; field names as public integrations use them. */
export function readDahuaEvent({ fields }: JsonDocument, config: DahuaConfig): readonly JsonReading[] | string {
	if (Object.hasOwn(fields, 'Picture')) return [readTollgate(tollgateInfo.parse(fields['Picture']), config)];
	const { Active, DeviceID, DeviceName, DeviceModel, Manufacturer } = deviceInfo.parse(fields);
	if (Active === undefined && DeviceID === undefined) return 'noEvent';
	const eventType = Active === undefined ? 'DeviceInfo' : 'KeepAlive';
	const names = { name: DeviceName, model: DeviceModel, manufacturer: Manufacturer };
	return [{ kind: 'heartbeat', eventType, serial: DeviceID, names }];
}

function readTollgate(picture: z.infer<typeof tollgateInfo>, config: DahuaConfig): JsonReading {
	const { Plate: plate, SnapInfo: snap, Vehicle: vehicle } = picture;
	const origin = { eventType: 'TollgateInfo', serial: snap.DeviceID, names: { trigger: snap.TriggerSource } };
	const isVehicle = ![vehicle.Category, vehicle.VehicleType].some((name) => name?.toLowerCase() === 'nonmotor');
	if (!isVehicle) return { ...origin, kind: 'other' };
	const number = plate.IsExist === false ? undefined : plate.PlateNumber;
	const time = snap.AccurateTime ?? snap.SnapTime;
	const lane = snap.LaneNo ?? snap.LanNo ?? '';
	return {
		...origin,
		kind: 'vehicle',
		plate: number,
		confidence: confidenceOf(plate.Confidence, config.confidenceScale ?? ((plate.Confidence ?? 0) > 100 ? 255 : 100)),
		direction: travelOfWord(snap.Direction),
		country: parseCountry(plate.Country),
		time: readDateTime(time),
		key: time === undefined ? undefined : `${snap.DeviceID ?? ''}|${lane}|${time}|${number ?? ''}`,
		sameWithinMs: SAME_WITHIN_MS,
		pictures: [
			parseBase64Picture('plate', picture.CutoutPic.Content),
			parseBase64Picture('scene', picture.NormalPic.Content),
			parseBase64Picture('scene', picture.VehiclePic.Content),
		],
	};
}
