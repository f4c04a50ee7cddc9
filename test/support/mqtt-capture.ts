import { inflateSync } from 'node:zlib';
import mqtt, { type IPublishPacket } from 'mqtt';

/** A message as it was on the wire, read without the project's own code. */
export interface Captured {
	readonly topic: string;
	readonly payload: { readonly type: string } & Readonly<Record<string, unknown>>;
	readonly qos: number;
	/** As its publisher set it. */
	readonly retain: boolean;
	readonly expiryS: number | undefined;
}

/** A stranger with a plain MQTT client who hears everything under `parkgate/`. */
export async function captureMqtt(url: string, address: mqtt.IClientOptions = {}) {
	const heard: Captured[] = [];
	const client = await mqtt.connectAsync(url, { protocolVersion: 5, ...address });
	client.on('message', (topic, payload, packet) => heard.push(captured(topic, payload, packet)));
	await client.subscribeAsync('parkgate/#', { qos: 2, rap: true });
	return {
		heard,
		of: (type: string) => heard.filter(({ payload }) => payload.type === type),
		publish: (topic: string, payload: object, expiryS: number) =>
			client.publishAsync(topic, JSON.stringify(payload), { qos: 1, properties: { messageExpiryInterval: expiryS } }),
		end: () => client.endAsync(true),
	};
}

/** Makes the broker forget what waits for a client id. */
export async function forgetSession(url: string, clientId: string): Promise<void> {
	const client = await mqtt.connectAsync(url, { protocolVersion: 5, clientId, clean: true });
	await client.endAsync();
}

function captured(topic: string, payload: Buffer, { qos, retain, properties }: IPublishPacket): Captured {
	const deflated = properties?.contentType === 'application/json; encoding=deflate';
	const text = (deflated ? inflateSync(payload) : payload).toString('utf8');
	return { topic, payload: JSON.parse(text), qos, retain, expiryS: properties?.messageExpiryInterval };
}
