import type { PushSimulator, SimulatedPush } from '../driver.ts';
import { simulatedMac } from '../push-camera/simulated-push.ts';
import { encodeSolidJpeg } from '../push-camera/solid-jpeg.ts';
import type { TvtConfig } from './config.ts';

/** Builds the requests a camera of firmware 1.7 posts: an overview, then the plate with its picture. */
export function createTvtSimulator(config: TvtConfig): PushSimulator {
	const mac = config.mac ?? simulatedMac(config.id);
	const push = (smartType: string, at: Date, more: string): SimulatedPush => ({
		contentType: 'application/xml',
		body: Buffer.from(`<?xml version="1.0" encoding="UTF-8" ?>
<config version="1.7" xmlns="http://www.ipc.com/ver10">
<smartType type="openAlramObj">${smartType}</smartType>
<deviceName type="string"><![CDATA[LPR Camera]]></deviceName>
<mac type="string"><![CDATA[${mac}]]></mac>
<currentTime type="tint64">${at.getTime()}000</currentTime>
${more}
</config>`),
	});
	return {
		plate({ plate, at, eventId }) {
			const picture = (widthPx: number, heightPx: number) =>
				Buffer.from(encodeSolidJpeg(widthPx, heightPx, 120, `${plate} ${eventId}`)).toString('base64');
			const target = (base64: string) =>
				`<targetImageData><targetBase64Length type="uint32">${base64.length}</targetBase64Length><targetBase64Data type="jpegBase64">${base64}</targetBase64Data></targetImageData>`;
			return push(
				'VEHICE',
				at,
				`<sourceDataInfo><sourceBase64Data type="jpegBase64">${picture(640, 360)}</sourceBase64Data></sourceDataInfo>
<listInfo type="list" count="2">
<item>${target(picture(320, 180))}</item>
<item><plateNumber type="string"><![CDATA[${plate.replaceAll(']]>', '')}]]></plateNumber>${target(picture(120, 40))}</item>
</listInfo>`,
			);
		},
		heartbeat: (at) => push('keepalive', at, ''),
	};
}
