import { z } from 'zod';
import { type CameraTime, readDateTime } from '../push-camera/camera-time.ts';
import type { JsonReading } from '../push-camera/json-camera.ts';
import { base64Field, listField, numberField, sectionField, textField } from '../push-camera/json-fields.ts';
import type { JsonDocument } from '../push-camera/json-push.ts';
import { parseBase64Picture } from '../push-camera/picture.ts';

/** LAPI, /System/Event/Notification/Structure. */
const structureEvent = z.object({
	Reference: textField,
	SrcID: textField,
	SrcName: textField,
	StructureInfo: sectionField({
		ObjInfo: sectionField({
			VehicleNum: numberField,
			VehicleInfoList: listField(
				sectionField({
					PassTime: textField,
					PlateAttributeInfo: sectionField({ PlateNo: textField }),
					SmallPicAttachIndex: numberField,
				}),
			),
		}),
		ImageInfoList: listField(sectionField({ Index: numberField, Data: base64Field })),
	}),
});

/** GA/T 1400 (VIID), as some of the same cameras write it. */
const motorVehicles = z.object({
	MotorVehicleListObject: sectionField({
		MotorVehicleObject: listField(
			sectionField({ DeviceID: textField, HasPlate: textField, PlateNo: textField, PassTime: textField }),
		),
	}),
});

/** Source: Uniview LAPI as public integrations read it; GA/T 1400.4. */
export function readUniviewEvent({ fields }: JsonDocument): readonly JsonReading[] | string {
	if (Object.hasOwn(fields, 'MotorVehicleListObject')) return readMotorVehicles(fields);
	if (!Object.hasOwn(fields, 'StructureInfo')) return readOther(fields);
	const event = structureEvent.parse(fields);
	const { ObjInfo, ImageInfoList } = event.StructureInfo;
	const names = { name: event.SrcName, source: event.SrcID };
	const vehicles = ObjInfo.VehicleInfoList.map((vehicle): JsonReading => {
		const plate = vehicle.PlateAttributeInfo.PlateNo;
		return {
			...{ kind: 'vehicle', eventType: 'Structure', names, plate, confidence: undefined },
			time: readPassTime(vehicle.PassTime),
			key: vehicle.PassTime === undefined ? undefined : `${event.SrcID ?? ''}|${vehicle.PassTime}|${plate ?? ''}`,
			// Of several pictures one is the crop of this vehicle; whose the others are, nothing tells for sure.
			pictures: ImageInfoList.map(({ Index, Data }) =>
				parseBase64Picture(isCrop(Index, vehicle.SmallPicAttachIndex) ? 'plate' : 'scene', Data),
			),
		};
	});
	return vehicles.length === 0 ? [{ kind: 'other', eventType: 'Structure', names }] : vehicles;
}

function isCrop(index: number | undefined, small: number | undefined): boolean {
	return index !== undefined && index === small;
}

/** Notifications of other kinds share a reference to our subscription. */
function readOther(fields: JsonDocument['fields']): readonly JsonReading[] | string {
	if (!Object.hasOwn(fields, 'Reference') && !Object.hasOwn(fields, 'AlarmInfo')) return 'noEvent';
	return [{ kind: 'other', eventType: Object.hasOwn(fields, 'AlarmInfo') ? 'Alarm' : 'Notification' }];
}

function readMotorVehicles(fields: JsonDocument['fields']): readonly JsonReading[] {
	const { MotorVehicleObject: vehicles } = motorVehicles.parse(fields).MotorVehicleListObject;
	const readings = vehicles.map(
		({ DeviceID: device, HasPlate: hasPlate, PlateNo: plate, PassTime: passTime }): JsonReading => ({
			...{ kind: 'vehicle', eventType: 'MotorVehicles', names: { device }, confidence: undefined },
			plate: hasPlate === '0' ? undefined : plate,
			time: readPassTime(passTime),
			key: passTime === undefined ? undefined : `${device ?? ''}|${passTime}|${plate ?? ''}`,
		}),
	);
	return readings.length === 0 ? [{ kind: 'other', eventType: 'MotorVehicles' }] : readings;
}

/** `yyyyMMddHHmmss` with or without milliseconds, the camera's local time. */
function readPassTime(text: string | undefined): CameraTime | undefined {
	const [, year, month, day, hour, minute, second, millisecond = '000'] =
		/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})?$/.exec(text ?? '') ?? [];
	return year === undefined
		? undefined
		: readDateTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}`);
}
