import { describe, expect, it } from 'vitest';
import { configChanges } from '../../src/config/config-changes.ts';
import { MASK, maskSecrets } from '../../src/config/mask-secrets.ts';
import type { ConfigInput } from '../../src/config/parse-config.ts';
import type { FixedSettings } from '../../src/config/proposal-rules.ts';
import { changeInWords } from '../../src/gateway/core/configuration/configuration-change.ts';
import { parse, problemsOf, siteWith, siteYaml } from './site-yaml.ts';

const CREDENTIALS: Partial<ConfigInput> = { readSecret: () => ({ result: 'read', text: '0'.repeat(32) }) };

function fixedOf(text: string): FixedSettings {
	const parsed = parse(text, CREDENTIALS);
	if (parsed.result !== 'valid') throw new Error('not valid');
	return parsed.fixed;
}

const HTTP = 'http: { listen: "127.0.0.1:8080", address: "https://console.example" }\n';
const MAIL = 'mail: { host: mail.example, from: gate@example.org, console: "https://gate.example" }\n';
const withBroker = (settings: string) =>
	`${siteYaml}mqtt: { url: "mqtts://broker.example:8883", ${settings} }\nlicence: { vendorKey: AAAA }\n${MAIL}${HTTP}`;
const PRESENT = withBroker(`username: north, password: "\${credential:mqtt}"`);
const present = fixedOf(PRESENT);
const proposed = (text: string) => problemsOf(text, { ...CREDENTIALS, present });

describe('a configuration that is proposed from elsewhere', () => {
	it('N10: may be what runs, and may rewire the site', () => {
		expect(proposed(PRESENT)).toEqual([]);
		expect(proposed(PRESENT.replace('address: 5', 'address: 6'))).toEqual([]);
		expect(proposed(PRESENT.replace('broker.example', 'other.example'))).toEqual([]);
	});

	it.each([
		[
			'the site',
			'id: site-1',
			'id: site-2',
			/^gateway\.yaml:1:\d+: site\.id: .*expected site-1\..*edit of gateway\.yaml/,
		],
		['the tenant', 'tenant: acme', 'tenant: other', /^gateway\.yaml:1:\d+: site\.tenant: /],
		['the store', 'dir: store', 'dir: /elsewhere', /^gateway\.yaml:2:\d+: store\.dir: /],
		['where people are sent', 'https://gate.example', 'https://evil.example', /^gateway\.yaml:24:\d+: mail: /],
		['what passkeys are for', 'https://console.', 'https://evil.', /http\.address: .*expected https:\/\/console\.ex/],
		['whose licences count', 'vendorKey: AAAA', 'vendorKey: BBBB', /^gateway\.yaml:23:\d+: licence: /],
		[
			'other secrets to the broker',
			'username: north',
			`username: "\${credential:osdp}"`,
			/mqtt\.username: .*secret osdp.*one of mqtt/,
		],
	])('N10: must not move %s', (_, piece, replacement, problem) => {
		expect(PRESENT).toContain(piece);
		expect(proposed(PRESENT.replace(piece, replacement))).toEqual([expect.stringMatching(problem)]);
	});

	it('issue 9: must not move the broker where mails with codes go through it to central', () => {
		const central = PRESENT.replace(MAIL, '');
		const problemsWith = (text: string) => problemsOf(text, { ...CREDENTIALS, present: fixedOf(central) });
		expect(problemsWith(central)).toEqual([]);
		const moved = problemsWith(central.replace('broker.example', 'other.example'));
		expect(moved).toEqual([
			expect.stringMatching(/mqtt\.url: found another value than on the machine.*mails with codes/),
		]);
	});

	it('N10: carries no secret, which in the file of the machine is only advised against', () => {
		const key = '7C1E5D0943A8F26B90D4E3157A2C86BF';
		const secrets = PRESENT.replace('port: "sim:bus-1", address: 5', `port: /dev/ttyS1, address: 5, key: ${key}`);
		const [warning] = problemsOf(secrets, CREDENTIALS);
		expect(warning).toMatch(/^gateway\.yaml:10:\d+: warning: devices\[0\]\.key: found a secret written into the file/);
		const refused = proposed(secrets);
		expect(refused).toEqual([expect.stringMatching(/^gateway\.yaml:10:\d+: devices\[0\]\.key: found a secret/)]);
		expect(refused.join()).not.toContain(key);
		const inline = `${PRESENT.replace('username: north, ', 'username: north, clientKey: "-----BEGIN PRIVATE KEY-----", ')}`;
		expect(proposed(inline)).toContainEqual(expect.stringMatching(/mqtt\.clientKey: found a private key written/));
		const masked = PRESENT.replace('broker.example', 'localhost').replace(`\${credential:mqtt}`, MASK);
		expect(proposed(masked)).toEqual([expect.stringMatching(/mqtt\.password: found the mask of a secret/)]);
	});
});

describe('what a configuration changes', () => {
	const changes = (before: string, after: string) => {
		const [was, is] = [parse(before, CREDENTIALS), parse(after, CREDENTIALS)];
		if (was.result !== 'valid' || is.result !== 'valid') throw new Error('not valid');
		return configChanges(was.config, is.config).map(changeInWords);
	};

	it('N10: is told as parts that are added, removed, rewired or changed, with their fields', () => {
		expect(changes(siteYaml, siteYaml)).toEqual([]);
		expect(changes(siteYaml, siteWith('address: 5', 'address: 6'))).toEqual(['device reader-1 rewired (address)']);
		expect(changes(siteYaml, siteWith('loops: { arming: boom-1.arming }', 'backOutMs: 9000'))).toEqual([
			'lane L1 changed (backOutMs)',
		]);
		expect(changes(siteYaml, siteWith('readers: [reader-1]', 'readers: []'))).toEqual(['lane L1 rewired (readers)']);
		expect(changes(siteYaml, siteWith('capacity: 80', 'capacity: 70'))).toEqual(['area A1 changed (capacity)']);
		const more = `${siteYaml}  - { id: L2, kind: exit, from: A1, to: outside }\nlog: { level: debug }\n`;
		expect(changes(siteYaml, more)).toEqual(['lane L2 added', 'setting log changed (level)']);
		expect(changes(more, siteYaml)).toEqual(['lane L2 removed', 'setting log changed (level)']);
		expect(changes(PRESENT, siteYaml)).toEqual([
			'setting http changed (address)',
			'setting licence removed',
			'setting mqtt removed',
			'setting mail removed',
		]);
	});

	it('N10: never tells a secret', () => {
		const told = changes(PRESENT, PRESENT.replace(`\${credential:mqtt}`, 'other')).join();
		expect(told).toBe('setting mqtt changed (password)');
	});
});

describe('the text of a configuration as it is shown', () => {
	it('N10: masks secrets that were written into it, and leaves everything else as it stands', () => {
		const text = `# Ours
site: { id: site-1 } # north
mqtt: { url: "mqtts://b:8883", username: north, password: hunter2, clientKey: key.pem }
devices:
  - { id: r, driver: osdp, key: 00112233, address: 5 }
  - id: s
    key: \${credential:osdp}
    webhook: https://me:secret@example.org/x
http:
  tls:
    certificate: cert.pem
    key: |
      -----BEGIN PRIVATE KEY-----
      MIIEvQ
      -----END PRIVATE KEY-----
lanes: []
`;
		const shown = maskSecrets(text);
		for (const secret of ['hunter2', '00112233', 'me:secret', 'MIIEvQ']) expect(shown).not.toContain(secret);
		expect(shown).toContain(`password: "${MASK}", clientKey: key.pem }`);
		expect(shown).toContain(`key: \${credential:osdp}`);
		expect(shown.split('\n').filter((line) => !line.includes(MASK))).toEqual(
			text.split('\n').filter((line) => !/hunter2|00112233|me:secret|PRIVATE|MIIEvQ|key: \|/.test(line)),
		);
		expect(maskSecrets('a: [')).toBe(MASK);
	});

	it('N10: masks a secret that an anchor stands for', () => {
		expect(maskSecrets('site: { name: &x hunter2 }\nmqtt: { password: *x }\n')).not.toContain('hunter2');
	});
});
