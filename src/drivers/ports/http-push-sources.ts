import { BlockList, isIP } from 'node:net';
import type { PushAuth } from './http-push-auth.ts';

/** Where the cameras' listener listens, and the networks it accepts; an empty `allow` means any address. */
export interface IngestOptions {
	readonly host: string;
	/** 0 lets the system choose. */
	readonly port: number;
	/** Addresses or CIDR networks, IPv4 or IPv6. */
	readonly allow: readonly string[];
}

/** What the listener must know of a camera before anything is read from it. */
export interface IngestAccess {
	readonly deviceId: string;
	/** Last segment of `/ingest/…`. */
	readonly path: string;
	readonly auth: PushAuth;
	/** Narrows `IngestOptions.allow` for this camera. */
	readonly allow?: readonly string[] | undefined;
}

/** `10.0.0.0/24`, `10.0.0.7`, `fd00::/8`: undefined when it is none. */
export function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
	const [address = '', prefixText, more] = text.split('/');
	const version = isIP(address);
	if (version === 0 || more !== undefined) return undefined;
	const bits = version === 4 ? 32 : 128;
	if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
	const prefix = prefixText === undefined ? bits : Number(prefixText);
	return prefix <= bits ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** Tells whether an address lies in one of the networks; an empty list allows every address. */
export function createSourceCheck(networks: readonly string[]): (address: string) => boolean {
	if (networks.length === 0) return () => true;
	const list = new BlockList();
	for (const text of networks) {
		const network = parseNetwork(text);
		if (network !== undefined) list.addSubnet(network.address, network.prefix, network.family);
	}
	return (address) => {
		const version = isIP(address);
		return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
	};
}

/** IPv4 clients of an IPv6 listener appear as `::ffff:10.0.0.7`. */
export function plainAddress(address: string | undefined): string {
	if (address === undefined) return '';
	return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

const loopback = createSourceCheck(['127.0.0.0/8', '::1']);

export function isLoopback(host: string): boolean {
	return host === 'localhost' || loopback(plainAddress(host));
}

/** One thing wrong with the listener's configuration, in words that say how to mend it. */
export interface IngestProblem {
	readonly deviceId?: string;
	readonly problem: string;
}

/** Everything `check-config` and the listener itself refuse; empty when it may run. */
export function findIngestProblems(options: IngestOptions, cameras: readonly IngestAccess[]): readonly IngestProblem[] {
	const problems: IngestProblem[] = options.allow
		.filter((text) => parseNetwork(text) === undefined)
		.map((text) => ({
			problem: `ingest.allow: ${JSON.stringify(text)} is no address or network; write one such as 10.0.0.0/24`,
		}));
	const paths = new Map<string, string>();
	for (const { deviceId, path, auth, allow = [] } of cameras) {
		const other = paths.get(path);
		if (other !== undefined)
			problems.push({
				deviceId,
				problem: `device ${deviceId}: path ${path} is already ${other}'s; give each camera its own`,
			});
		paths.set(path, deviceId);
		for (const text of allow)
			if (parseNetwork(text) === undefined)
				problems.push({
					deviceId,
					problem: `device ${deviceId}: allow: ${JSON.stringify(text)} is no address or network`,
				});
		const open = auth.type === 'none' && options.allow.length === 0 && allow.length === 0;
		if (open && !isLoopback(options.host))
			problems.push({
				deviceId,
				problem: `device ${deviceId}: anyone who reaches ${options.host}:${options.port} could open its lane; set the camera's auth: (basic, digest or token), or list the cameras' network in ingest.allow`,
			});
	}
	return problems;
}
