import type { PushSimulator, SimulatedPush } from '../driver.ts';
import type { HikvisionConfig } from './config.ts';
import { encodeSolidJpeg } from './solid-jpeg.ts';

/** What a simulated camera can send besides plates. */
export interface HikvisionSimulator extends PushSimulator {
	heartbeat(at: Date): SimulatedPush;
	/** A configured input went on or off. */
	input(name: string, active: boolean, at: Date): SimulatedPush;
}

type Read = Parameters<PushSimulator['plate']>[0];

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
			multipart([
				{ name: 'anpr.xml', contentType: 'text/xml', bytes: Buffer.from(alert('ANPR', read.at, plateText(read))) },
				{ name: 'licensePlatePicture.jpg', contentType: 'image/jpeg', bytes: picture(read, 120, 40) },
				{ name: 'detectionPicture.jpg', contentType: 'image/jpeg', bytes: picture(read, 640, 360) },
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

function plateText({ plate, confidence, direction, eventId }: Read): string {
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

/** Grey by plate, so that pictures differ as the vehicles do. */
function picture({ plate, eventId }: Read, widthPx: number, heightPx: number): Uint8Array {
	const level = 64 + ([...plate].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 128);
	return encodeSolidJpeg(widthPx, heightPx, level, `${plate} ${eventId}`);
}

interface Part {
	readonly name: string;
	readonly contentType: string;
	readonly bytes: Uint8Array;
}

function multipart(parts: readonly Part[]): SimulatedPush {
	const pieces = parts.flatMap(({ name, contentType, bytes }) => [
		Buffer.from(
			`--boundary\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
				`Content-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
		),
		bytes,
		Buffer.from('\r\n'),
	]);
	return {
		contentType: 'multipart/form-data; boundary=boundary',
		body: Buffer.concat([...pieces, Buffer.from('--boundary--\r\n')]),
	};
}

function text(xml: string): SimulatedPush {
	return { contentType: 'application/xml; charset="UTF-8"', body: Buffer.from(xml) };
}

function escapeText(value: string): string {
	return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A locally administered address of its own for each device id. */
function simulatedMac(id: string): string {
	const hash = [...id].reduce((sum, letter) => (sum * 33 + (letter.codePointAt(0) ?? 0)) >>> 0, 5381);
	return `02:00:${(hash.toString(16).padStart(8, '0').match(/../g) ?? []).join(':')}`;
}
