import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/parse-config.ts';
import { parse, problemsOf, siteYaml } from './site-yaml.ts';

const CREDENTIALS: Partial<ConfigInput> = { readSecret: () => ({ result: 'read', text: 'kept elsewhere' }) };
const GOOD = 'host: mail.example.org, from: gate@example.org, console: "https://gate.example.org/"';
const withMail = (settings: string) => `${siteYaml}mail: { ${settings} }\n`;

function mailOf(settings: string) {
	const parsed = parse(withMail(settings), CREDENTIALS);
	if (parsed.result !== 'valid') throw new Error(JSON.stringify(parsed));
	return parsed.config.mail;
}

describe('issue 9: mail in gateway.yaml', () => {
	it('is encrypted unless somebody says otherwise, with the port that goes with it', () => {
		const place = { host: 'mail.example.org', from: 'gate@example.org', console: 'https://gate.example.org' };
		expect(mailOf(GOOD)).toEqual({ ...place, port: 587, security: 'startTls' });
		expect(mailOf(`${GOOD}, security: tls`)).toEqual({ ...place, port: 465, security: 'tls' });
		expect(mailOf(`${GOOD}, port: 25, username: gate, password: "\${credential:mail}"`)).toEqual({
			...{ ...place, port: 25, security: 'startTls', login: { username: 'gate', password: 'kept elsewhere' } },
		});
	});

	it.each([
		[`${GOOD}, username: gate`, /mail\.username: found a user without a password/],
		[`${GOOD}, username: gate, password: "\${credential:mail}", security: none`, /mail\.security: .*in clear/],
		[`${GOOD}, username: gate, password: hunter2`, /mail\.password: found a secret written into the file/],
		[`${GOOD}, security: none`, /warning: mail\.security: found a connection without encryption/],
		[GOOD.replace('https', 'http'), /mail\.console: /],
		[GOOD.replace('gate@example.org', '"Gate <gate@example.org>"'), /mail\.from: /],
		[GOOD.replace('gate@example.org', '"a,b@example.org"'), /mail\.from: /],
		[GOOD.replace('mail.example.org', `"\${credential:mail}"`), /mail\.host: /],
	])('says what is wrong with { %s }', (settings, problem) => {
		const problems = problemsOf(withMail(settings), CREDENTIALS);
		expect(problems).toContainEqual(expect.stringMatching(problem));
		expect(problems.join()).not.toContain('hunter2');
	});
});
