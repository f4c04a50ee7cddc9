import { describe, expect, it } from 'vitest';
import type { CentralHandlers } from '../../../src/api/cli/central-handlers.ts';
import { cli } from './fake-cli.ts';

const MADE_MS = Date.UTC(2026, 7, 1, 9, 30);
const TOKEN = { name: 'billing', role: 'technician', createdAtMs: MADE_MS, expiresAtMs: null } as const;

/** Remembers what the command asked for, and answers as ready. */
function playedCentral(ready: Parameters<Parameters<CentralHandlers['central']>[0]['onReady']>[0]) {
	const asked: unknown[] = [];
	const central: CentralHandlers['central'] = async ({ signal: _, onReady, ...options }) => {
		asked.push(options);
		onReady(ready);
	};
	return { asked, handlers: { central } };
}

describe('parkgate central', () => {
	it('serves one tenant on one broker with its own store, from flags alone', async () => {
		const { asked, handlers } = playedCentral({ url: 'http://127.0.0.1:8090', token: null, hasTokens: true });
		const { code, out, err } = await cli('central --store c --tenant acme --mqtt mqtt://b:1 --listen 127.0.0.1:0', {
			handlers,
		});
		expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
		const flags = { store: 'c', tenant: 'acme', mqtt: 'mqtt://b:1', listen: '127.0.0.1:0' };
		expect(asked).toEqual([{ flags, madeUpPeople: 0, showsToken: false }]);
	});

	it('takes a file, which flags only change', async () => {
		const { asked, handlers } = playedCentral({ url: 'http://127.0.0.1:8090', token: null, hasTokens: true });
		await cli('central --config central.yaml --log-level debug --made-up-people 50', { handlers });
		const options = { configFile: 'central.yaml', flags: { logLevel: 'debug' }, madeUpPeople: 50 };
		expect(asked).toEqual([{ ...options, showsToken: false }]);
	});

	it('shows its first token to whoever looks, and never to a log', async () => {
		const ready = { url: 'http://127.0.0.1:8090', token: 'parkgate-central-secret', hasTokens: true };
		const { asked, handlers } = playedCentral(ready);
		const shown = await cli('central --store c', { handlers, interactive: true });
		expect(shown.out).toContain('http://127.0.0.1:8090');
		expect(shown.out).toContain('parkgate-central-secret');
		expect(asked).toMatchObject([{ showsToken: true, flags: { tenant: 'demo' } }]);
		const service = playedCentral({ url: 'http://127.0.0.1:8090', token: null, hasTokens: false });
		const silent = await cli('central --store c', { handlers: service.handlers });
		expect(silent.out).toBe('');
		expect(silent.err).toContain('parkgate central token add NAME');
	});

	it.each([
		['central', /give --config or --store/],
		['central --store c --made-up-people many', /whole number/],
		['central token add --store c', /missing required argument 'name'/],
		['central token add x', /give --config or --store/],
		['central token add x --store c --role king', /Allowed choices are administrator, technician/],
		['central token add x --store c --days 0', /number of days/],
		['central token list', /give --config or --store/],
		['central sites', /give --config or --store/],
	])('%s is not understood, and says why', async (args, told) => {
		const { code, err } = await cli(args);
		expect(code).toBe(2);
		expect(err).toMatch(told);
	});

	it('makes, lists and removes tokens', async () => {
		const asked: unknown[] = [];
		const handlers: Partial<CentralHandlers> = {
			addCentralToken: async (options) => {
				asked.push(options);
				return { ...TOKEN, text: 'parkgate-central-secret' };
			},
			listCentralTokens: async () => [TOKEN],
			removeCentralToken: async (options) => void asked.push(options),
		};
		const made = await cli('central token add billing --role technician --days 30 --store c', { handlers });
		expect(made.out).toBe('parkgate-central-secret\nIt is shown only now.\n');
		const json = await cli('central token add billing --config f --json', { handlers });
		expect(JSON.parse(json.out)).toEqual({
			...{ name: 'billing', role: 'technician', made: '2026-08-01T09:30:00.000Z', ends: null },
			token: 'parkgate-central-secret',
		});
		const listed = await cli('central token list --store c', { handlers });
		expect(listed.out).toBe(
			'NAME     ROLE        MADE              ENDS\nbilling  technician  2026-08-01 09:30  never\n',
		);
		expect((await cli('central token remove billing --store c', { handlers })).out).toBe('Removed.\n');
		expect(asked).toEqual([
			{ store: { dir: 'c' }, name: 'billing', role: 'technician', days: 30 },
			{ store: { configFile: 'f' }, name: 'billing', role: 'administrator', days: null },
			{ store: { dir: 'c' }, name: 'billing' },
		]);
	});

	it('lists the sites it knows', async () => {
		const site = { site: 'north', online: true, version: '1.0.0', seenAtMs: MADE_MS };
		const handlers: Partial<CentralHandlers> = { listCentralSites: async () => [site] };
		const { out } = await cli('central sites --store c', { handlers });
		expect(out).toBe('SITE   STATE   VERSION  LAST BIRTH\nnorth  online  1.0.0    2026-08-01 09:30\n');
		const json = await cli('central sites --store c --json', { handlers });
		const lastSeen = '2026-08-01T09:30:00.000Z';
		expect(JSON.parse(json.out)).toEqual([{ site: 'north', online: true, version: '1.0.0', lastSeen }]);
	});
});
