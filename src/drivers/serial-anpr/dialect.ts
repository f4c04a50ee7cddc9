import type { FrameSearch } from '../frame-search.ts';
import type { createCameraHealth } from '../push-camera/camera-health.ts';
import type { ReaderDialect, Taken } from '../tag-readers/dialect.ts';
import { createListeningDialect } from '../tag-readers/dialect.ts';
import { createLineSearch, type TextLine } from '../text-line/line-search.ts';
import { type AxxonFrame, createAxxonSearch } from './axxon-frame.ts';
import type { SerialAnprConfig } from './config.ts';
import { type LineSettings, patternOf, readLine, readNedap, textOf } from './line-read.ts';
import { type PlateRead, readPlate, type Said } from './plate-read.ts';
import { readXml } from './xml-read.ts';
import { createXmlSearch, type XmlMessage } from './xml-search.ts';

/** A message with two pictures; what is longer is another protocol. */
const LONGEST_XML_BYTES = 2_097_152;
const SHOWN_LENGTH = 64;

type CameraHealth = ReturnType<typeof createCameraHealth>;

export type AnprFrame = TextLine | XmlMessage | AxxonFrame;

/** How the bytes of a camera with this entry are cut. */
export function createAnprSearch(config: SerialAnprConfig): FrameSearch<AnprFrame> {
	switch (config.format) {
		case 'tattile':
		case 'axxon-xml':
			return createXmlSearch(LONGEST_XML_BYTES);
		case 'axxon':
			return createAxxonSearch();
		case 'nedap':
		case 'line':
			return createLineSearch({ ...config, characters: config.encoding === 'ascii' ? 'ascii' : 'any' });
	}
}

/** What a message of this camera says. */
export function readFrame(frame: AnprFrame, camera: LineSettings, pattern = patternOf(camera)): Said {
	switch (frame.kind) {
		case 'xml':
			return readXml(frame, camera);
		case 'axxon':
			return readPlate({ plate: textOf(frame.plate, camera.encoding), time: frame.time, raw: frame.bytes }, camera);
		case 'line':
			return camera.format === 'nedap' ? readNedap(frame, camera) : readLine(frame, pattern, camera);
	}
}

/** A camera that says its plates by itself; who writes a pattern sees with the device what does not fit. */
export function createAnprDialect(
	config: SerialAnprConfig,
	health: Pick<CameraHealth, 'vehicle' | 'measure'>,
): ReaderDialect<AnprFrame, PlateRead> {
	const pattern = patternOf(config);
	let noPlate = 0;
	let other: string | undefined;
	function take(frame: AnprFrame): Taken<PlateRead> {
		const said = readFrame(frame, config, pattern);
		switch (said.result) {
			case 'plate':
				return { reads: [said.read] };
			case 'noPlate':
				noPlate += 1;
				health.vehicle({ isRead: false });
				return {};
			case 'wrong':
				return { rejected: said.why };
			case 'other':
				other = textOf(frame.bytes.subarray(0, SHOWN_LENGTH), config.encoding);
				return { isStray: true };
		}
	}
	return {
		...createListeningDialect(take),
		identity: () => (other === undefined ? {} : { 'message that is no plate': other }),
		statistics: () => ({ noPlate, ...health.measure() }),
	};
}
