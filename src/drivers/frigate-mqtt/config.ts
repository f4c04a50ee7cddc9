import { z } from 'zod';
import { approachDegreesField, assumedConfidenceField } from '../push-camera/config.ts';

const name = z.string().regex(/^[\w-]{1,64}$/, 'a name as Frigate has it: letters, digits, _ and -, at most 64');

/** One of Frigate's cameras in `gateway.yaml`. */
export const frigateConfigSchema = z.strictObject({
	id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
	driver: z.literal('frigate-mqtt'),
	url: z
		.string()
		.max(256)
		.regex(/^mqtts?:\/\/[^\s/@]+$/, 'an address such as mqtt://10.0.0.5:1883')
		.describe("Frigate's broker; user name and password have fields of their own"),
	username: z.string().min(1).max(64).optional().describe('User of that broker'),
	password: z.string().min(1).max(128).optional().describe('Its password'),
	ca: z.string().max(16_384).optional().describe('PEM of the authority of an mqtts broker'),
	topicPrefix: z
		.string()
		.regex(/^[\w-]+(?:\/[\w-]+){0,7}$/, 'a topic without wildcards, such as frigate')
		.default('frigate')
		.describe("Frigate's mqtt.topic_prefix"),
	camera: name.describe("The camera's name in Frigate"),
	zone: name.optional().describe('Only vehicles in this zone: without it also those that pass by on the road'),
	approachZones: z
		.array(name)
		.min(2)
		.max(8)
		.optional()
		.describe('Zones in the order a vehicle goes through that comes toward the camera'),
	approachDegrees: approachDegreesField,
	assumedConfidence: assumedConfidenceField,
	maximumAgeS: z
		.number()
		.min(1)
		.max(600)
		.default(30)
		.describe('What Frigate saw longer ago than this opens nothing; both clocks follow time servers'),
});
export type FrigateConfig = z.infer<typeof frigateConfigSchema>;
