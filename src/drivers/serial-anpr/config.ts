import { z } from 'zod';
import { parseTcpAddress, TCP } from '../ports/tcp-port.ts';
import { assumedConfidenceField, cameraTimeZoneField } from '../push-camera/config.ts';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { lineFields } from '../text-line/line-fields.ts';
import { checkPatternWork, namedPattern } from '../text-line/line-pattern.ts';

/** What cameras say of a vehicle; see `formats.ts`. */
export const FORMATS = ['nedap', 'tattile', 'axxon', 'axxon-xml', 'line'] as const;

/** Names of the Encoding Standard. */
const ENCODINGS = ['ascii', 'utf-8', 'latin1', 'windows-1251'] as const;

/** Shortest first: a lone character between two line ends is noise. */
export const USUAL_PATTERN =
	'^(?<plate>[^;,]{2,32})(?:[;,](?<confidence>\\d{1,3}(?:\\.\\d{1,6})?)(?:[;,](?<time>[^;,]{8,32}))?)?$';

/** One camera that says its plates on a line, in `gateway.yaml`. */
export const serialAnprConfig = checkPatternWork(
	z.strictObject({
		...entryFields('serial-anpr', 9600),
		port: z
			.string()
			.min(1)
			.max(256)
			.refine(
				(port) => !port.startsWith(TCP) || parseTcpAddress(port) !== undefined,
				'an address such as tcp://10.0.0.31:55555',
			)
			.describe('/dev/serial/by-id/…, tcp://HOST:PORT of a camera that listens, or sim:NAME'),
		...lineFields,
		format: z
			.enum(FORMATS)
			.describe('nedap: PLATE-NLD lines. tattile, axxon-xml: XML messages. axxon: its frame. line: see pattern'),
		pattern: namedPattern('plate', '^(?<plate>[A-Z0-9]+);(?<confidence>\\d+)$')
			.optional()
			.describe(
				'For line: regular expression with a group plate, and confidence, country, direction and time where told; plate;confidence;time unless set',
			),
		encoding: z.enum(ENCODINGS).default('utf-8').describe('Of the text between the line ends'),
		confidenceScale: z
			.literal([1, 100, 255, 999])
			.default(100)
			.describe('For line: the number that stands for full confidence'),
		assumedConfidence: assumedConfidenceField,
		timeZone: cameraTimeZoneField,
		...repeatField(1_000),
	}),
).refine((entry) => entry.format === 'line' || entry.pattern === undefined, {
	path: ['pattern'],
	error: 'a pattern is for lines of another form: write format: line, or leave it out',
});

export type SerialAnprConfig = z.infer<typeof serialAnprConfig>;
