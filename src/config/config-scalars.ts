import { isIP } from 'node:net';
import { z } from 'zod';
import { LIMITS } from '../gateway/core/limits.ts';
import type { ListenAddress } from './gateway-config.ts';

/** Ids of devices, lanes, parks and areas. */
export const idText = z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes');

/** Site and tenant are parts of MQTT topics. */
export const topicIdText = z
	.string()
	.regex(/^[a-z0-9-]{1,64}$/, 'an id of 1 to 64 lower-case letters, digits and dashes');

/** What people read; no line breaks or other control characters. */
export const nameText = z.string().regex(/^[^\p{Cc}]{1,200}$/u, 'a name of 1 to 200 characters on one line');

export const capacityNumber = z.int().min(0).max(LIMITS.areaCapacity);

/** `boom-1.arming`: an input or output of a device. */
export const deviceInputText = z
	.string()
	.regex(/^[a-zA-Z0-9-]{1,64}\.[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'DEVICE.INPUT, such as boom-1.arming');

export const timeZoneText = z.string().refine(isTimeZone, 'an IANA time zone, such as Europe/Brussels');

function isTimeZone(text: string): boolean {
	// Fixed offsets such as +02:00 are accepted by Intl but know no summer time.
	if (!/^[A-Za-z]/.test(text)) return false;
	try {
		new Intl.DateTimeFormat('en', { timeZone: text });
		return true;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

export const wallTimeText = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM, such as 02:30');

const LISTEN = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[a-zA-Z0-9.-]+)):(?<port>\d{1,5})$/;

const LISTEN_FORM = 'ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080';

/** `127.0.0.1:8080`, `[::]:443` or `localhost:0`. */
export const listenText = z.string(LISTEN_FORM).transform((text, context): ListenAddress => {
	const groups = LISTEN.exec(text)?.groups;
	const host = groups?.['v6'] ?? groups?.['host'];
	const port = Number(groups?.['port']);
	const numeric = host !== undefined && /^[0-9.]+$/.test(host);
	if (
		host === undefined ||
		port > 65_535 ||
		(numeric && isIP(host) !== 4) ||
		(groups?.['v6'] !== undefined && isIP(host) !== 6)
	) {
		context.issues.push({
			code: 'custom',
			input: text,
			message: LISTEN_FORM,
		});
		return z.NEVER;
	}
	return { host, port };
});

export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `10.0.0.0/24`, `fd00::/8` or a single address. */
export const networkText = z.string().refine((text) => {
	const [address = '', bits, ...rest] = text.split('/');
	const family = isIP(address);
	if (family === 0 || rest.length > 0) return false;
	return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}, 'a network such as 10.0.0.0/24');

/** An address without a display name, which no mail header can be broken with. */
export const mailAddressText = z
	.email()
	.max(254)
	.regex(/^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/, 'an address such as parkgate@example.org');

/** Where people find the console, for links that are sent to them. */
export const consoleUrl = z.string().refine(
	(text) => {
		const url = URL.parse(text);
		const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
		return url !== null && isSafe && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
	},
	{ error: 'an address such as https://gate.example.org' },
);

/** Name of the console as people reach it. Passkeys are bound to it: an IP address has none, and only https and this machine's own are safe contexts. */
export const consoleOrigin = z.string().refine(
	(text) => {
		const url = URL.parse(text);
		if (url === null || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
		const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === 'localhost');
		return isSafe && `${url.origin}/` === url.href;
	},
	{ error: 'a name such as https://gate.example.org, without a path; no IP address' },
);

const BROKER_PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

export const brokerUrl = z.string().refine(
	(text) => {
		const url = URL.parse(text);
		return (
			url !== null &&
			BROKER_PROTOCOLS.includes(url.protocol) &&
			url.hostname !== '' &&
			url.username === '' &&
			url.password === ''
		);
	},
	{ error: 'a broker such as mqtts://broker.example:8883, without user name or password in it' },
);
