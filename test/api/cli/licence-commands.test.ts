import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { licenceCommands } from '../../../src/compose/licence-commands.ts';
import { openSiteStore } from '../../../src/gateway/store/site-store.ts';
import { SITE_YAML } from '../../support/api-site.ts';
import { A_LICENCE, A_STATEMENT, ed25519Pair, SUPPORT, signLicence, VENDOR } from '../../support/licensing-bench.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { operatorRow } from '../../support/operators.ts';
import { tempDir } from '../../support/temp-store.ts';
import { type CliSurroundings, cli } from './fake-cli.ts';

const YEAR_S = 31_536_000;
/** Valid whenever the test runs: the commands go by the real clock. */
const NOW_S = Math.floor(Date.now() / 1_000);
const CURRENT = { iat: NOW_S - 60, nbf: NOW_S - 60, exp: NOW_S + YEAR_S };
const pem = (text: string) => JSON.stringify(text);

let dir: string;
beforeEach(() => {
	dir = tempDir();
	mkdirSync(path.join(dir, 'store'));
	const keys = `licence: { vendorKey: ${pem(VENDOR.publicPem)}, supportKey: ${pem(SUPPORT.publicPem)} }\n`;
	writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML + keys);
});

function run(args: string, surroundings: CliSurroundings = {}) {
	return cli(args.replace('CONFIG', `--config ${dir}/gateway.yaml`), {
		handlers: licenceCommands('9.9.9'),
		...surroundings,
	});
}

describe('B1–B5: parkgate licence', () => {
	it('a vendor issues a licence, the site installs and shows it', async () => {
		const { jti: _, iat: _iat, nbf: _nbf, exp: _exp, ...claims } = A_LICENCE;
		const files = { 'claims.json': JSON.stringify(claims), 'vendor.pem': VENDOR.privatePem };
		const written = new Map<string, string>();
		const issued = await run('licence issue claims.json --key vendor.pem --output acme.jws', { files, written });
		expect(issued).toMatchObject({ code: 0, out: '', err: '' });
		const installed = await run('licence install acme.jws CONFIG', {
			files: { 'acme.jws': written.get('acme.jws') ?? '' },
		});
		expect(installed).toMatchObject({ code: 0, err: '' });
		expect(installed.out).toMatch(
			/^Licence [\w-]{36} for Acme Parking is installed, valid until 20\d\d-\d\d-\d\d\.\n$/,
		);
		const { out } = await run('licence show CONFIG');
		expect(out).toMatch(/Phase +valid, until 20/);
		expect(out).toMatch(/Customer +Acme Parking \(C-7\)/);
		expect(out).toMatch(/Operators +0 of 25/);
		const shown = JSON.parse((await run('licence show CONFIG --json')).out);
		expect(shown).toMatchObject({
			licence: { variant: 'Professional' },
			cameraPool: 4,
			gatewayKey: expect.any(String),
		});
	});

	it('a refused one ends with 1, says why, and changes nothing', async () => {
		const files = { 'a.jws': await signLicence(CURRENT), 'forged.jws': await signLicence(CURRENT, ed25519Pair()) };
		await run('licence install a.jws CONFIG', { files });
		const refused = await run('licence install forged.jws CONFIG', { files });
		expect(refused).toMatchObject({ code: 1, out: '' });
		expect(refused.err).toMatch(/^Refused \(forged\): .+ Nothing was changed\.\n$/);
		const asJson = await run('licence install forged.jws CONFIG --json', { files });
		expect(asJson).toMatchObject({ code: 1, err: '' });
		expect(JSON.parse(asJson.out)).toMatchObject({ refusal: 'forged' });
		expect(JSON.parse((await run('licence show CONFIG --json')).out)).toMatchObject({ licence: { jti: 'L-0001' } });
	});

	it('B4: makes the request for the vendor', async () => {
		const { code, out } = await run('licence request CONFIG');
		expect(code).toBe(0);
		const claims = JSON.parse(Buffer.from(out.split('.')[1] ?? '', 'base64url').toString());
		expect(claims).toMatchObject({
			aud: 'acme/site-1',
			version: '9.9.9',
			publicKey: expect.stringContaining('PUBLIC KEY'),
		});
	});

	it.each([
		['claims that are no JSON', '{', VENDOR.privatePem, /no JSON object/],
		['a claim that is missing', '{}', VENDOR.privatePem, /docs\/licences\.md.*aud/],
		['a key that is none', JSON.stringify(A_LICENCE), 'nonsense', /no Ed25519 private key/],
	])('issue refuses %s, and says what to mend', async (_, claims, key, says) => {
		const files = { 'claims.json': claims, 'vendor.pem': key };
		const { code, err } = await run('licence issue claims.json --key vendor.pem', { files });
		expect(code).toBe(1);
		expect(err).toMatch(says);
	});
});

describe('I18: parkgate park', () => {
	it('support issues a statement, the site installs it', async () => {
		const { jti: _, iat: _iat, ...claims } = A_STATEMENT;
		const files = { 'claims.json': JSON.stringify(claims), 'support.pem': SUPPORT.privatePem };
		const issued = await run('park issue claims.json --key support.pem', { files });
		const installed = await run('park statement roof.jws CONFIG', { files: { 'roof.jws': issued.out } });
		expect(installed).toMatchObject({ code: 0, out: 'Park P1 is inactive.\n', err: '' });
		expect((await run('licence show CONFIG')).out).toMatch(/Park P1 +inactive/);
	});
});

describe('I3: parkgate licence give and take', () => {
	const addOperator = (email: string, role = 'reception') => {
		const store = openSiteStore({ dir: path.join(dir, 'store'), nowMs: Date.now, log: createMemoryLog() });
		const id = email.split('@')[0] ?? '';
		store.operators.addOperator(operatorRow({ id, email, name: 'Ada' }));
		store.operators.setRoles(id, [{ roleId: role, scope: 'site' }]);
		store.close();
	};

	it('changes the kinds of an operator, tells who has which, and how many are left', async () => {
		addOperator('ada@acme.example');
		const given = await run('licence give ADA@acme.example zScan zReview CONFIG');
		expect(given).toMatchObject({ code: 0, out: 'Ada has zScan, zReview.\n', err: '' });
		expect((await run('licence take ada@acme.example zScan CONFIG')).out).toBe('Ada has zReview.\n');
		expect((await run('licence users --kind zReview CONFIG')).out).toMatch(/Ada +ada@acme\.example +zReview/);
		expect(JSON.parse((await run('licence users --search nobody CONFIG --json')).out)).toEqual([]);
		expect((await run('licence kinds CONFIG')).out).toMatch(/zReview +1 of 3/);
	});

	it('ends with 1 and says why when it can not be done', async () => {
		addOperator('ada@acme.example', 'administrator');
		expect(await run('licence give nobody@acme.example zScan CONFIG')).toMatchObject({
			code: 1,
			err: 'There is no operator nobody@acme.example. Nothing was changed.\n',
		});
		expect((await run('licence give ada@acme.example serviceResource CONFIG')).err).toMatch(/no longer sign in/);
		expect((await run('licence give ada@acme.example nothing CONFIG')).code).toBe(2);
	});
});
