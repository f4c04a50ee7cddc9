import { describe, expect, it } from 'vitest';
import { parse, problemsOf, siteYaml } from './site-yaml.ts';

const withAddress = (address: string, more = '') => `${siteYaml}http: { address: "${address}"${more} }\n`;

function httpOf(text: string) {
	const parsed = parse(text);
	if (parsed.result !== 'valid') throw new Error(JSON.stringify(parsed));
	return parsed.config.http;
}

describe('issue 9: http.address, the name that passkeys are for', () => {
	it('is an origin, kept as browsers say it; left out there is none', () => {
		expect(httpOf(siteYaml)).not.toHaveProperty('address');
		expect(httpOf(withAddress('https://Gate.Example.org/')).address).toBe('https://gate.example.org');
		expect(httpOf(withAddress('https://gate.example.org:8443')).address).toBe('https://gate.example.org:8443');
		expect(httpOf(withAddress('http://localhost:8080')).address).toBe('http://localhost:8080');
	});

	it.each([
		'https://10.0.0.5',
		'https://[fd00::1]',
		'http://gate.example.org',
		'http://127.0.0.1:8080',
		'https://gate.example.org/console',
		'https://user@gate.example.org',
		'gate.example.org',
	])('is not %s, which is told with its line', (address) => {
		expect(problemsOf(withAddress(address))).toContainEqual(
			expect.stringMatching(/^gateway\.yaml:\d+:\d+: http\.address: /),
		);
	});

	it('wants https of a console that encrypts, and a certificate that browsers trust', () => {
		const open = ', listen: "0.0.0.0:8443"';
		expect(problemsOf(withAddress('http://localhost:8443', open)).join()).toMatch(/http\.address: .*expected https/);
		expect(problemsOf(withAddress('https://gate.example.org', open)).join()).toMatch(
			/warning: http\.address: .*own certificate/,
		);
	});
});
