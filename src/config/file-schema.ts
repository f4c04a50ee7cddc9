import { z } from 'zod';
import { DEFAULT_EVIDENCE } from '../gateway/core/evidence.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import {
	brokerUrl,
	capacityNumber,
	consoleOrigin,
	consoleUrl,
	idText,
	listenText,
	mailAddressText,
	nameText,
	networkText,
	timeZoneText,
	topicIdText,
	wallTimeText,
} from './config-scalars.ts';
import type { ListenAddress } from './gateway-config.ts';
import { laneSchema } from './lane-config.ts';

const pemOrFile = z.string().min(1).describe(`PEM text, \${credential:NAME} or the name of a file`);
const publicKey = z.string().min(1).max(4096);

const antiPassbackSchema = z.union([
	z.enum(['soft', 'hard']),
	z.strictObject({ timedMinutes: z.int().min(1).max(1440) }),
]);
const ageHours = z.number().min(0.1).max(8_760).optional();

const days = z.int().min(1).max(3_660).optional();

const space = z
	.union([idText, z.strictObject({ id: idText, name: nameText })])
	.describe('A space that is told apart, by its id or with a name');

const area = z.strictObject({
	id: idText,
	name: nameText.optional().describe('What people call it; the id when left out'),
	parent: idText.optional().describe('The area around this one; a vehicle counts in both'),
	capacity: capacityNumber.optional().describe('Places; not limited when left out'),
	antiPassback: antiPassbackSchema
		.optional()
		.describe('Whether somebody inside may come in again; not watched when left out'),
	spaces: z.array(space).max(LIMITS.areaSpaces).default([]).describe('Spaces that can be kept for somebody'),
});

const park = z.strictObject({
	id: idText,
	name: nameText.optional().describe('What people call it; the id when left out'),
	capacity: capacityNumber.optional().describe('Places in the whole park; not limited when left out'),
	areas: z.array(area).max(LIMITS.configuredAreas).default([]),
});

const httpFields = (listen: ListenAddress) => ({
	listen: listenText.default(listen).describe('Console and API: ADDRESS:PORT'),
	tls: z
		.union([z.enum(['auto', 'off']), z.strictObject({ certificate: pemOrFile, key: pemOrFile })])
		.default('auto')
		.describe('auto: plain on loopback, own certificate elsewhere; off: behind a proxy; or certificate and key'),
});

/** Pages and API. */
export const httpSection = (listen: ListenAddress) => z.strictObject(httpFields(listen)).prefault({});

const consoleSection = z
	.strictObject({
		...httpFields({ host: '127.0.0.1', port: 8080 }),
		address: consoleOrigin
			.optional()
			.describe('Name of the console as people reach it, such as https://gate.example.org; passkeys are for it alone'),
	})
	.prefault({});

export const mqttSection = z.strictObject({
	url: brokerUrl.describe('Broker of the central platform, such as mqtts://broker.example:8883'),
	username: z.string().max(256).optional(),
	password: z.string().max(4096).optional().describe(`Write it as \${credential:NAME}`),
	clientCert: pemOrFile.optional(),
	clientKey: pemOrFile.optional(),
	ca: pemOrFile.optional(),
});

const smtpFields = {
	host: z
		.string()
		.regex(/^[a-zA-Z0-9.:-]{1,253}$/, 'a host name or address')
		.describe('Mail server that takes the mails (SMTP submission)'),
	port: z.int().min(1).max(65_535).optional().describe('587, or 465 with security: tls'),
	security: z
		.enum(['startTls', 'tls', 'none'])
		.optional()
		.describe(
			'startTls (unless said otherwise): encrypted before anything is said, or not sent; tls: from the first byte; none: never encrypted',
		),
	username: z.string().min(1).max(256).optional(),
	password: z.string().min(1).max(4096).optional().describe(`Write it as \${credential:NAME}`),
	ca: pemOrFile.optional().describe('Only for a private authority'),
	from: mailAddressText.describe('Whose mail it is, such as parkgate@example.org'),
};

/** Central's own mail server, for the mails of its sites. */
export const smtpSection = z.strictObject(smtpFields);

const mailSection = z.strictObject({
	...{ ...smtpFields, host: smtpFields.host.optional(), from: smtpFields.from.optional() },
	through: z
		.enum(['smtp', 'central', 'none'])
		.optional()
		.describe(
			'smtp: a mail server of its own; central: central sends them; none: codes are handed over. Left out: smtp with a host, else central where there is one',
		),
	console: consoleUrl
		.optional()
		.describe('Address of the console as people reach it, for the link in the mail; http.address when left out'),
});

export const logSection = z
	.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') })
	.prefault({});

/** Any device; its driver's own schema says the rest. */
const anyDevice = z.looseObject({ id: idText, driver: z.string() });

/** The whole of `gateway.yaml` but for what each driver's schema checks. */
export const fileSchema = z.strictObject({
	site: z.strictObject({
		id: topicIdText.describe('Name of this site in topics and messages; stays for good'),
		tenant: topicIdText.describe('Whose site it is; part of the topics'),
		name: nameText.describe('What people call the site'),
		timeZone: timeZoneText.describe('IANA time zone of the site, such as Europe/Brussels'),
	}),
	staleAfterHours: z
		.strictObject({ tag: ageHours, plate: ageHours, pin: ageHours, qr: ageHours })
		.default({})
		.describe('How long without central each kind of credential still opens; any time when left out'),
	forgottenExits: z
		.strictObject({
			autoCloseHours: z
				.number()
				.min(1)
				.max(8_760)
				.optional()
				.describe('A stay ends by itself after this; never when left out'),
			freesPlace: z.boolean().default(true).describe('Its place counts as free then'),
		})
		.prefault({})
		.describe('Stays whose exit nobody saw; they end at the next entry of the same credential in any case'),
	retention: z
		.strictObject({
			unmatchedDays: days.describe('Plates and cards that nobody is known by'),
			decisionsDays: days.describe('Access log: decisions about known holders, and what followed'),
			staysDays: days.describe('Whose a parking session was; the session itself stays'),
			visitorsDays: days.describe('Visitors after their last visit; where central keeps them, by its own rules'),
			editsDays: days.describe('What people, rights and bookings were before and after a change'),
			imagesDays: days.describe('Evidence images; of reads nobody is known by no longer than unmatchedDays'),
			telemetryDays: days.describe('States of devices'),
			at: wallTimeText.optional().describe('When the night’s work begins, wall clock of the site, such as 02:30'),
		})
		.prefault({})
		.describe('How long personal data is kept; docs/privacy.md has the defaults and their reasons'),
	store: z
		.strictObject({
			dir: z.string().min(1).describe('Directory of the databases, evidence and backups; relative to this file'),
		})
		.default({ dir: '/var/lib/parkgate' }),
	evidence: z
		.strictObject({
			maxBytes: z
				.int()
				.min(0)
				.max(LIMITS.evidenceStoreBytes)
				.default(DEFAULT_EVIDENCE.maxBytes)
				.describe('Of all evidence images together; the oldest go first. 0: none are kept'),
			maxImages: z
				.int()
				.min(0)
				.max(LIMITS.evidenceStoreImages)
				.default(DEFAULT_EVIDENCE.maxImages)
				.describe('Evidence images kept at once; 0: none'),
		})
		.prefault({})
		.describe('Pictures that cameras send with their reads'),
	http: consoleSection,
	ingest: z
		.strictObject({
			listen: listenText.describe("Cameras' own listener: ADDRESS:PORT"),
			allow: z.array(networkText).max(32).default([]).describe('Networks that may post; any when empty'),
		})
		.optional(),
	licence: z
		.strictObject({
			vendorKey: publicKey.optional().describe('Public key that signs product licences'),
			supportKey: publicKey.optional().describe('Public key that signs park statements'),
		})
		.optional(),
	mqtt: mqttSection.optional().describe('Central platform; without this section the site stands alone'),
	mail: mailSection
		.optional()
		.describe(
			'How invitations are sent; without this section through central, where there is one and http.address is said, else they are handed over as a link or QR code',
		),
	parks: z.array(park).max(LIMITS.configuredParks).default([]),
	devices: z.array(anyDevice).max(LIMITS.configuredDevices).default([]),
	lanes: z.array(laneSchema).max(LIMITS.configuredLanes).default([]),
	simulation: z
		.strictObject({
			traffic: z.strictObject({
				everyMs: z.int().min(100).max(3_600_000).describe('A vehicle about this often, ms'),
				seed: z.int().min(0).max(4_294_967_295).default(1).describe('The same seed makes the same vehicles'),
			}),
		})
		.optional()
		.describe('Vehicles made up for a demonstration; only where every port is simulated'),
	log: logSection,
});

export type ConfigFile = z.infer<typeof fileSchema>;
