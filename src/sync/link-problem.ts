import type { BrokerAccess, LinkProblem } from './link.ts';
import { materialProblem, tlsProblem } from './tls-problem.ts';

/** MQTT 5 reason codes (2.4) that end or refuse a connection. */
const REFUSED_CONNECTION: Readonly<Record<number, LinkProblem>> = {
	132: { kind: 'protocol', text: 'The broker does not speak MQTT 5; Mosquitto 2, EMQX, HiveMQ and VerneMQ do.' },
	133: { kind: 'auth', text: 'The broker refused the client id.' },
	134: { kind: 'auth', text: 'The broker refused the user name or password; check mqtt.username and mqtt.password.' },
	// Mosquitto's answer to a wrong password too.
	135: {
		kind: 'auth',
		text: 'The broker did not accept us; check mqtt.username, mqtt.password or mqtt.clientCert, and its access rules.',
	},
	136: { kind: 'tcp', text: 'The broker says that it is not available now.' },
	137: { kind: 'tcp', text: 'The broker says that it is too busy.' },
	138: { kind: 'auth', text: 'The broker banned this site.' },
	139: { kind: 'lost', text: 'The broker is shutting down.' },
	141: { kind: 'lost', text: 'The broker missed our keep-alive.' },
	142: {
		kind: 'takenOver',
		text: 'Another gateway connected with the same site id; two gateways must not share one.',
	},
	149: { kind: 'protocol', text: 'The broker refused a packet as too large.' },
	159: { kind: 'tcp', text: 'The broker limits how often one may connect.' },
};

const NETWORK: Readonly<Record<string, readonly [LinkProblem['kind'], string]>> = {
	ENOTFOUND: ['dns', 'its name is not known; check the host and the DNS server'],
	EAI_AGAIN: ['dns', 'the DNS server does not answer; check the network'],
	ECONNREFUSED: ['tcp', 'nothing listens there; check the port and that the broker runs'],
	ECONNRESET: ['tcp', 'it closed the connection'],
	EHOSTUNREACH: ['tcp', 'there is no route to it; check the network'],
	ENETUNREACH: ['tcp', 'there is no route to it; check the network'],
	ETIMEDOUT: ['tcp', 'it does not answer; check the address and the firewall'],
	EPIPE: ['tcp', 'it closed the connection'],
};

/** Turns what the client library or Node reports into words; never contains the password. */
export function linkProblem(error: unknown, broker: BrokerAccess): LinkProblem {
	const where = brokerName(broker);
	const { code, message } = describe(error);
	const refusal = typeof code === 'number' ? REFUSED_CONNECTION[code] : undefined;
	if (refusal !== undefined) return { kind: refusal.kind, text: `${where}: ${refusal.text}` };
	const network = typeof code === 'string' ? NETWORK[code] : undefined;
	if (network !== undefined) {
		return { kind: network[0], text: `${where} can't be reached: ${network[1]} (${code})${hintAt(code, broker)}` };
	}
	const tls = tlsProblem(code, message);
	if (tls !== undefined) return { kind: 'tls', text: `${where}: ${tls}` };
	if (message === 'connack timeout')
		return { kind: 'timeout', text: `${where} accepted the connection but does not answer; is it an MQTT broker?` };
	if (message.startsWith('Unknown protocol') || message.startsWith('Missing protocol') || code === 'ERR_INVALID_URL')
		return { kind: 'url', text: `${where} is no broker address; write mqtt://host:1883 or mqtts://host:8883.` };
	return { kind: 'lost', text: `${where}: ${message} ${code === undefined ? '' : `(${code})`}`.trim() };
}

/** What is wrong with the certificates that the configuration names, before anybody is asked. */
export function accessProblem({ tls }: BrokerAccess): LinkProblem | undefined {
	const text = tls === undefined ? undefined : materialProblem(tls);
	return text === undefined ? undefined : { kind: 'tls', text };
}

export function refusedSubscription(broker: BrokerAccess, topic: string): LinkProblem {
	return { kind: 'acl', text: `${brokerName(broker)} refused the subscription to ${topic}; check its access rules.` };
}

export function lostLink(broker: BrokerAccess): LinkProblem {
	return { kind: 'lost', text: `${brokerName(broker)}: the connection was lost.` };
}

/** It took the connection and ended it before CONNACK. */
export function unanswered(broker: BrokerAccess): LinkProblem {
	const text = `${brokerName(broker)} closed the connection before it answered${hintAt('ECONNRESET', broker)}`;
	return { kind: 'lost', text };
}

export function silentBroker(broker: BrokerAccess): LinkProblem {
	return { kind: 'timeout', text: `${brokerName(broker)} stopped answering.` };
}

/** The address without a user or password that someone wrote into it. */
function brokerName(broker: BrokerAccess): string {
	const parsed = URL.parse(broker.url);
	return parsed === null ? 'The configured broker address' : `Broker ${parsed.protocol}//${parsed.host}`;
}

function describe(error: unknown): { code: string | number | undefined; message: string } {
	if (typeof error !== 'object' || error === null) return { code: undefined, message: String(error) };
	const code =
		'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
	const text = 'message' in error && typeof error.message === 'string' ? error.message : '';
	// Happy Eyeballs: every address failed; the first says as much as all.
	const [first] = error instanceof AggregateError ? error.errors : [];
	return text === '' && first instanceof Error
		? describe(first)
		: { code, message: text === '' ? 'the connection failed' : text };
}

/** A connection that is closed at once is often one of the other kind. */
function hintAt(code: string | number | undefined, { url, tls }: BrokerAccess): string {
	if (code !== 'ECONNRESET') return '.';
	if (!url.startsWith('mqtts:')) return '; does it want TLS on this port (mqtts://)?';
	const certificate = tls?.cert === undefined ? 'want a client certificate' : 'not take our client certificate';
	return `; does it speak TLS on this port, or ${certificate}?`;
}
