import type { PushSimulator, SimulatedPush } from '../driver.ts';
import {
	type FormField,
	formPush,
	type SimulatedRead,
	simulatedMac,
	simulatedPicture,
} from '../push-camera/simulated-push.ts';
import type { HikvisionConfig } from './config.ts';

/** What a simulated camera can send besides plates. */
export interface HikvisionSimulator extends PushSimulator {
	heartbeat(at: Date): SimulatedPush;
	/** A configured input went on or off. */
	input(name: string, active: boolean, at: Date): SimulatedPush;
}

/** Builds the requests a DeepinView camera posts: text first, then the plate's picture and the scene. */
export function createHikvisionSimulator(config: HikvisionConfig): HikvisionSimulator {
	const mac = config.mac ?? simulatedMac(config.id);
	const alert = (eventType: string, at: Date, more: string) => `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.168.1.64</ipAddress>
<protocol>HTTP</protocol>
<macAddress>${mac}</macAddress>
<channelID>1</channelID>
<dateTime>${at.toISOString().replace('Z', '+00:00')}</dateTime>
<activePostCount>1</activePostCount>
<eventType>${eventType}</eventType>
${more}
</EventNotificationAlert>`;
	return {
		plate: (read) =>
			formPush([
				part('anpr.xml', 'text/xml', Buffer.from(alert('ANPR', read.at, plateText(read)))),
				part('licensePlatePicture.jpg', 'image/jpeg', simulatedPicture(read, 120, 40)),
				part('detectionPicture.jpg', 'image/jpeg', simulatedPicture(read, 640, 360)),
			]),
		heartbeat: (at) =>
			text(alert('heartBeat', at, '<eventState>active</eventState>\n<eventDescription>heartBeat</eventDescription>')),
		input: (name, active, at) => {
			const state = active ? 'active' : 'inactive';
			const port = `<inputIOPortID>${config.inputs?.[name] ?? 1}</inputIOPortID>`;
			return text(
				alert('IO', at, `<eventState>${state}</eventState>\n<eventDescription>IO alarm</eventDescription>\n${port}`),
			);
		},
	};
}

function plateText({ plate, confidence, direction, eventId }: SimulatedRead): string {
	const written = escapeText(plate);
	return `<eventState>active</eventState>
<eventDescription>ANPR</eventDescription>
<channelName>Camera 01</channelName>
<ANPR>
<country>0</country>
<licensePlate>${written}</licensePlate>
<line>1</line>
<direction>${direction === 'approaching' ? 'forward' : 'reverse'}</direction>
<confidenceLevel>${Math.round(confidence * 100)}</confidenceLevel>
<plateType>unknown</plateType>
<plateColor>unknown</plateColor>
<vehicleType>vehicle</vehicleType>
<barrierGateCtrlType>1</barrierGateCtrlType>
<alarmDataType>0</alarmDataType>
<originalLicensePlate>${written}</originalLicensePlate>
<vehicleListName>otherList</vehicleListName>
</ANPR>
<UUID>${escapeText(eventId)}</UUID>
<picNum>2</picNum>`;
}

function part(name: string, contentType: string, content: Uint8Array): FormField {
	return { name, fileName: name, contentType, content };
}

function text(xml: string): SimulatedPush {
	return { contentType: 'application/xml; charset="UTF-8"', body: Buffer.from(xml) };
}

function escapeText(value: string): string {
	return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
