import { z } from 'zod';
import { nameText, timeZoneText, topicIdText } from './config-scalars.ts';
import { httpSection, logSection, mqttSection, smtpSection } from './file-schema.ts';

/** The whole of `central.yaml`, the configuration of the reference central. */
export const centralFileSchema = z.strictObject({
	tenant: topicIdText.describe('Whose sites it serves; part of the topics'),
	name: nameText.optional().describe('What people call it; the tenant when left out'),
	timeZone: timeZoneText.optional().describe("IANA time zone of the pages and the API; the machine's when left out"),
	store: z.strictObject({
		dir: z.string().min(1).describe('Directory of its database; relative to this file'),
	}),
	http: httpSection({ host: '127.0.0.1', port: 8090 }),
	mqtt: mqttSection.extend({ url: mqttSection.shape.url.default('mqtt://127.0.0.1:1883') }).prefault({}),
	mail: smtpSection.optional().describe('Sends the mails of sites that have no mail server of their own'),
	log: logSection,
});

export type CentralFile = z.infer<typeof centralFileSchema>;
