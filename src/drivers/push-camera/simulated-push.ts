import type { PushSimulator, SimulatedPush } from '../driver.ts';
import { encodeSolidJpeg } from './solid-jpeg.ts';

/** A plate in front of a simulated camera. */
export type SimulatedRead = Parameters<PushSimulator['plate']>[0];

/** A picture of the vehicle: grey by plate, so that pictures differ as the vehicles do. */
export function simulatedPicture({ plate, eventId }: SimulatedRead, widthPx: number, heightPx: number): Uint8Array {
	const level = 64 + ([...plate].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 128);
	return encodeSolidJpeg(widthPx, heightPx, level, `${plate} ${eventId}`);
}

/** The same as cameras write it into JSON. */
export function simulatedBase64(read: SimulatedRead, widthPx: number, heightPx: number): string {
	return Buffer.from(simulatedPicture(read, widthPx, heightPx)).toString('base64');
}

export interface FormField {
	readonly name: string;
	/** Absent: a field, no file. */
	readonly fileName?: string;
	readonly contentType?: string;
	readonly content: string | Uint8Array;
}

export function formPush(fields: readonly FormField[]): SimulatedPush {
	const pieces = fields.flatMap(({ name, fileName, contentType, content }) => {
		const bytes = Buffer.from(content);
		const file = fileName === undefined ? '' : `; filename="${fileName}"`;
		const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
		const head =
			`--boundary\r\nContent-Disposition: form-data; name="${name}"${file}\r\n` +
			`${type}Content-Length: ${bytes.length}\r\n\r\n`;
		return [Buffer.from(head), bytes, Buffer.from('\r\n')];
	});
	return {
		contentType: 'multipart/form-data; boundary=boundary',
		body: Buffer.concat([...pieces, Buffer.from('--boundary--\r\n')]),
	};
}

export function jsonPush(value: unknown): SimulatedPush {
	return { contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}

/** A locally administered MAC address of its own for each device id. */
export function simulatedMac(id: string): string {
	return `02:00:${(hashOf(id).match(/../g) ?? []).join(':')}`;
}

/** A number of its own for each text, such as the track of a vehicle by its event. */
export function simulatedNumber(text: string): number {
	return Number.parseInt(hashOf(text), 16) % 1_000_000;
}

function hashOf(text: string): string {
	const hash = [...text].reduce((sum, letter) => (sum * 33 + (letter.codePointAt(0) ?? 0)) >>> 0, 5381);
	return hash.toString(16).padStart(8, '0');
}
