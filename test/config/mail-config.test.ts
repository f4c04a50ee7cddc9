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
		const place = {
			through: 'smtp',
			host: 'mail.example.org',
			from: 'gate@example.org',
			console: 'https://gate.example.org',
		};
		expect(mailOf(GOOD)).toEqual({ ...place, port: 587, security: 'startTls' });
		expect(mailOf(`${GOOD}, security: tls`)).toEqual({ ...place, port: 465, security: 'tls' });
		expect(mailOf(`${GOOD}, port: 25, username: gate, password: "\${credential:mail}"`)).toEqual({
			...{ ...place, port: 25, security: 'startTls', login: { username: 'gate', password: 'kept elsewhere' } },
		});
	});

	it('goes through central where there is one and no mail server, unless somebody says otherwise', () => {
		const mqtt = 'mqtt: { url: "mqtts://broker.example:8883" }\n';
		const read = (text: string) => {
			const parsed = parse(siteYaml + text, CREDENTIALS);
			if (parsed.result !== 'valid') throw new Error(JSON.stringify(parsed));
			return parsed.config.mail;
		};
		const console = 'https://gate.example.org';
		expect(read(mqtt), 'nobody knows the console’s address').toBeUndefined();
		expect(read(`${mqtt}mail: { console: "${console}/" }\n`)).toEqual({ through: 'central', console });
		expect(read(`${mqtt}mail: { through: none, console: "${console}" }\n`)).toBeUndefined();
		expect(read(`${mqtt}mail: { ${GOOD} }\n`)).toMatchObject({ through: 'smtp', host: 'mail.example.org' });
	});

	it.each([
		['mail: { through: central, console: "https://gate.example.org" }', /mail\.through: found central, and no way/],
		['mail: { console: "https://gate.example.org" }', /mail\.host: found nothing/],
		[
			'mail: { through: smtp, host: mail.example.org, console: "https://gate.example.org" }',
			/mail\.from: found nothing/,
		],
		['mail: { host: mail.example.org, from: gate@example.org }', /mail\.console: found no address/],
		[`mqtt: { url: "mqtts://b.example:8883" }\nmail: { through: central, ${GOOD} }`, /mail\.host: found a setting of/],
	])('says what is missing or too much in %s', (text, problem) => {
		expect(problemsOf(`${siteYaml}${text}\n`, CREDENTIALS)).toContainEqual(expect.stringMatching(problem));
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
