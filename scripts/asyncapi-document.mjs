// What a site and central say to each other, as an AsyncAPI 3.0 document made from the code's own schemas.
import { STREAMS } from '../src/gateway/core/directory.ts';
import { LIMITS } from '../src/gateway/core/limits.ts';
import { MESSAGES, PROTOCOL_VERSION } from '../src/sync/envelope.ts';
import { DEFLATED_CONTENT, JSON_CONTENT } from '../src/sync/message-codec.ts';
import { KEEPALIVE_S } from '../src/sync/mqtt-link.ts';
import { SESSION_EXPIRY_S, WILL_DELAY_S } from '../src/sync/site-link.ts';
import {
	CHANNELS,
	centralSubscriptions,
	centralTopic,
	gatewaySubscriptions,
	siteTopic,
	streamTopic,
	TOPIC_ID,
} from '../src/sync/topics.ts';
import { exampleOf } from './asyncapi-example.mjs';
import { componentSchemas, payloadOf } from './asyncapi-schemas.mjs';

const BINDING_VERSION = '0.2.0';
const SIDES = { site: 'Site', central: 'Central' };

const DESCRIPTION = `A parking site decides alone; what it decided goes up, what it decides on comes down. The broker is only a wire:
truth is in the two databases and in the cursors between them, and a broker that forgets everything does no harm.

Every message is one JSON envelope, deflated (zlib, RFC 1950) where that is smaller and then named
\`${DEFLATED_CONTENT}\`. A message of more than ${LIMITS.syncMessageBytes} bytes, of another version,
on a topic it does not belong to or for another site or epoch is counted and dropped. Fields a receiver does not know
are left out, never an error.

A site connects with clean start 0, a session of ${SESSION_EXPIRY_S} s and a will delayed by ${WILL_DELAY_S} s; its client id is
\`parkgate-TENANT-SITE\`, central's \`parkgate-central-TENANT-INSTANCE\`. In words, with the reasons: docs/sync.md.`;

export function asyncApiDocument() {
	const schemas = componentSchemas();
	const channels = Object.keys(CHANNELS).map((channel) => ({ channel, name: nameOf(channel) }));
	return {
		asyncapi: '3.0.0',
		id: `urn:parkgate:sync:${PROTOCOL_VERSION}`,
		info: {
			title: 'Parkgate: a site and central',
			version: `${PROTOCOL_VERSION}.0.0`,
			description: DESCRIPTION,
			license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
			tags: [{ name: 'site' }, { name: 'central' }],
		},
		defaultContentType: JSON_CONTENT,
		servers: { broker: server() },
		channels: Object.fromEntries(channels.map(({ channel, name }) => [name, channelObject(channel)])),
		operations: Object.fromEntries(channels.flatMap(({ channel, name }) => operations(channel, name))),
		components: {
			messages: Object.fromEntries(Object.keys(MESSAGES).map((type) => [type, messageObject(type, schemas)])),
			schemas,
			parameters: parameters(),
			securitySchemes: {
				certificate: { type: 'X509', description: 'A client certificate whose common name is the site id' },
				password: { type: 'userPassword', description: 'The site id as user name' },
			},
		},
	};
}

function server() {
	return {
		host: 'broker.example:8883',
		protocol: 'mqtts',
		protocolVersion: '5.0',
		description: 'Any MQTT 5 broker. The bindings are those of a site.',
		security: [{ $ref: '#/components/securitySchemes/certificate' }, { $ref: '#/components/securitySchemes/password' }],
		bindings: {
			mqtt: {
				clientId: 'parkgate-{tenant}-{site}',
				cleanSession: false,
				keepAlive: KEEPALIVE_S,
				sessionExpiryInterval: SESSION_EXPIRY_S,
				maximumPacketSize: LIMITS.syncMessageBytes,
				lastWill: {
					topic: addressOf('up/will'),
					qos: CHANNELS['up/will'].qos,
					retain: CHANNELS['up/will'].retain,
					message: 'The message `will` with the link of this connection',
				},
				bindingVersion: BINDING_VERSION,
			},
		},
	};
}

function channelObject(channel) {
	const address = addressOf(channel);
	const { qos, retain, expiryS } = CHANNELS[channel];
	const kept = expiryS === undefined ? 'no expiry' : `expires after ${expiryS} s`;
	return {
		address,
		description: `QoS ${qos}, ${retain ? 'retained' : 'not retained'}, ${kept}. Only ${senderOf(channel) === 'site' ? 'the site' : 'central'} may publish here.`,
		messages: Object.fromEntries(typesOn(channel).map((type) => [type, { $ref: `#/components/messages/${type}` }])),
		parameters: Object.fromEntries(
			Object.keys(parameters())
				.filter((name) => address.includes(`{${name}}`))
				.map((name) => [name, { $ref: `#/components/parameters/${name}` }]),
		),
	};
}

/** What each side does with a channel. */
function operations(channel, name) {
	const sender = senderOf(channel);
	const receiver = sender === 'site' ? 'central' : 'site';
	const { qos, retain, expiryS } = CHANNELS[channel];
	const sending = { qos, retain, ...(expiryS !== undefined && { messageExpiryInterval: expiryS }) };
	const capital = `${name[0].toUpperCase()}${name.slice(1)}`;
	const common = {
		channel: { $ref: `#/channels/${name}` },
		messages: typesOn(channel).map((type) => ({ $ref: `#/channels/${name}/messages/${type}` })),
	};
	const operation = (action, side, mqtt, description) => ({
		action,
		title: `${SIDES[side]} ${action}s on ${channel}`,
		...(description !== undefined && { description }),
		tags: [{ name: side }],
		...common,
		bindings: { mqtt: { ...mqtt, bindingVersion: BINDING_VERSION } },
	});
	const filters = filtersOf(receiver, channel).map((filter) => `\`${filter}\``);
	return [
		[`${sender}Sends${capital}`, operation('send', sender, sending)],
		[
			`${receiver}Receives${capital}`,
			operation('receive', receiver, { qos: 1 }, `Subscribes to ${filters.join(' or ')}.`),
		],
	];
}

/** Topic filters; of central's two the shared one where the broker has them. */
function filtersOf(receiver, channel) {
	const wanted = addressOf(channel).replace('{site}', '+');
	const all =
		receiver === 'central'
			? [...centralSubscriptions('{tenant}', true), ...centralSubscriptions('{tenant}', false)]
			: gatewaySubscriptions('{tenant}', '+', ['{stream}']);
	const found = [...new Set(all)].filter((filter) => filter.replace(/^\$share\/[^/]+\//, '') === wanted);
	return receiver === 'central' ? found : found.map((filter) => filter.replace('+', '{site}'));
}

function messageObject(type, schemas) {
	const { schema, channels } = MESSAGES[type];
	const payload = payloadOf(type);
	const { v, id, ...rest } = exampleOf(payload, schemas);
	const toAll = channels.every((channel) => !channel.includes('/')) && {
		...{ site: null, gatewayEpoch: null },
		...(channels[0] !== 'state' && { link: null }),
	};
	const example = { v, type, id, ...rest, ...toAll };
	schema.parse(example);
	return {
		name: type,
		title: type,
		...(schema.shape.body.description !== undefined && { summary: schema.shape.body.description }),
		contentType: JSON_CONTENT,
		payload,
		bindings: { mqtt: { contentType: JSON_CONTENT, bindingVersion: BINDING_VERSION } },
		examples: [{ name: type, payload: example }],
	};
}

function parameters() {
	return {
		tenant: { description: `${TOPIC_ID.source}`, examples: ['acme'] },
		site: { description: `The site’s id: ${TOPIC_ID.source}`, examples: ['north'] },
		stream: { description: 'Rows shared by the sites that are assigned to it', enum: [...STREAMS] },
	};
}

function typesOn(channel) {
	return Object.keys(MESSAGES).filter((type) => MESSAGES[type].channels.includes(channel));
}

function senderOf(channel) {
	return channel.startsWith('up/') ? 'site' : 'central';
}

function addressOf(channel) {
	if (channel.includes('/')) return siteTopic('{tenant}', '{site}', channel);
	return channel === 'state' ? centralTopic('{tenant}') : streamTopic('{tenant}', '{stream}', channel);
}

/** `up/events` → `siteUpEvents`, `head` → `streamHead`. */
function nameOf(channel) {
	const owner = channel.includes('/') ? 'site' : channel === 'state' ? 'central' : 'stream';
	return `${owner}/${channel}`.replace(/\/(\w)/g, (_, letter) => letter.toUpperCase());
}
