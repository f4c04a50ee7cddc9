import { describe, expect, it } from 'vitest';
import { createSourceCheck, findIngestProblems, plainAddress } from '../../../src/drivers/ports/http-push-sources.ts';

const camera = { deviceId: 'cam-1', path: 'cam-1', auth: { type: 'none' } as const };
const signed = { ...camera, auth: { type: 'basic', username: 'cam', password: 'long enough' } as const };

describe('source addresses', () => {
	it('allows the listed addresses and networks, IPv4 and IPv6', () => {
		const isAllowed = createSourceCheck(['10.0.0.0/24', '192.168.1.7', 'fd00::/8']);
		for (const address of ['10.0.0.1', '10.0.0.255', '192.168.1.7', 'fd12::1']) expect(isAllowed(address)).toBe(true);
		for (const address of ['10.0.1.1', '192.168.1.8', 'fe80::1', '', 'x', '::1'])
			expect(isAllowed(address)).toBe(false);
	});

	it('allows any address without a list, and none where the list is wrong', () => {
		expect(createSourceCheck([])('203.0.113.9')).toBe(true);
		expect(createSourceCheck(['10.0.0.0/99'])('10.0.0.1')).toBe(false);
	});

	it('knows an IPv4 camera on an IPv6 listener', () => {
		expect(plainAddress('::ffff:10.0.0.7')).toBe('10.0.0.7');
		expect(plainAddress('::1')).toBe('::1');
		expect(plainAddress(undefined)).toBe('');
	});
});

describe('a listener that would let anyone open a lane', () => {
	const problemsOf = (host: string, allow: string[], cameras = [camera]) =>
		findIngestProblems({ host, port: 8081, allow }, cameras).map(({ problem }) => problem);

	it('is refused: no credentials, no list, not on loopback', () => {
		for (const host of ['0.0.0.0', '10.0.0.2', '::', 'gateway.local'])
			expect(problemsOf(host, [])).toEqual([expect.stringMatching(/device cam-1: .*auth:.*ingest\.allow/)]);
	});

	it('runs on loopback, with a list, with a list of the camera, or with credentials', () => {
		for (const host of ['127.0.0.1', '127.5.5.5', '::1', 'localhost']) expect(problemsOf(host, [])).toEqual([]);
		expect(problemsOf('10.0.0.2', ['10.0.0.0/24'])).toEqual([]);
		const listed = { ...camera, allow: ['10.0.0.21'] };
		expect(findIngestProblems({ host: '10.0.0.2', port: 8081, allow: [] }, [listed])).toEqual([]);
		expect(findIngestProblems({ host: '10.0.0.2', port: 8081, allow: [] }, [signed])).toEqual([]);
	});

	it('names wrong networks and paths used twice', () => {
		expect(problemsOf('127.0.0.1', ['10.0.0.0/33', 'camera'])).toHaveLength(2);
		const twice = [signed, { ...signed, deviceId: 'cam-2', allow: ['nowhere'] }];
		expect(findIngestProblems({ host: '127.0.0.1', port: 8081, allow: [] }, twice)).toMatchObject([
			{ deviceId: 'cam-2', problem: expect.stringContaining("already cam-1's") },
			{ deviceId: 'cam-2', problem: expect.stringContaining('"nowhere"') },
		]);
	});
});
