import { describe, expect, it } from 'vitest';
import type { ConfigHistory } from '../../../src/api/cli/handlers.ts';
import { cli } from './fake-cli.ts';

const VERSION = 'abcdef0123456789'.repeat(4);
const asked = { source: 'central', by: 'Jan\u202e', operatorId: null, reason: 'new lane', commandId: 'c1' } as const;
const history: ConfigHistory = {
	file: '0'.repeat(64),
	runs: VERSION,
	trial: null,
	versions: [{ ...asked, version: VERSION, proposedAtMs: 0 }],
	history: [{ ...asked, number: 2, atMs: Date.UTC(2026, 0, 5, 8), what: 'kept', version: VERSION, because: null }],
};

describe('parkgate config', () => {
	it('N10: says what runs, and who did what when, on lines that text from outside can not turn around', async () => {
		const { code, out } = await cli('config history', { handlers: { configHistory: async () => history } });
		expect(code).toBe(0);
		expect(out).toContain('abcdef012345 runs.\n');
		expect(out).toMatch(/2026-01-05T08:00:00\.000Z +kept +abcdef012345 +Jan\\u202e \(central\) +new lane/);
		expect(
			JSON.parse((await cli('config history --json', { handlers: { configHistory: async () => history } })).out),
		).toEqual(history);
	});

	it('N10: shows the difference to gateway.yaml, or that there is none', async () => {
		const lines = [
			{ kind: 'gap', lines: 4 },
			{ kind: 'removed', text: 'a: 1' },
			{ kind: 'added', text: 'a: 2\u001b[31m' },
		] as const;
		const shown = await cli('config diff abc', {
			handlers: {
				async diffConfig({ version }) {
					expect(version).toBe('abc');
					return { version: VERSION, lines };
				},
			},
		});
		expect(shown.out).toBe('… 4 lines\n-a: 1\n+a: 2\\u001b[31m\n');
		const none = await cli('config diff', { handlers: { diffConfig: async () => ({ version: null, lines: [] }) } });
		expect(none.out).toBe('No difference: gateway.yaml says the same.\n');
	});

	it('N10: prints what runs', async () => {
		const { out } = await cli('config show', {
			handlers: { showConfig: async () => ({ version: null, text: 'site: {}\n' }) },
		});
		expect(out).toBe('site: {}\n');
	});
});
