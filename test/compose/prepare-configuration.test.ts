import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskedBy } from '../../src/gateway/core/configuration/configuration-state.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { createTestConfiguration, GATEWAY_YAML } from '../support/configuration-bench.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const ASKED: AskedBy = { source: 'console', by: 'Anna', operatorId: 'op-1', reason: 'a test', commandId: null };

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-prepare-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** As long as a proposal may be. */
function long(yaml: string): string {
	const line = `# ${'x'.repeat(97)}\n`;
	return yaml + line.repeat(Math.floor((LIMITS.proposedConfigLength - yaml.length) / line.length));
}

describe('a long configuration', () => {
	it('is parsed on a thread of its own, for the next check and no other', async () => {
		const log = createMemoryLog();
		const { configuration } = createTestConfiguration({ dir, clock: createVirtualClock(), log });
		mkdirSync(path.join(dir, 'credentials'));
		const secret = path.join(dir, 'credentials', 'reader');
		writeFileSync(secret, '7C1E5D0943A8F26B90D4E3157A2C86BF', { mode: 0o600 });
		const text = long(GATEWAY_YAML.replace(/key: \w+/, `key: "\${credential:reader}"`));
		await configuration.prepare({ text });
		// What is parsed where the lanes are would miss it.
		rmSync(secret);
		const proposed = configuration.propose({ text, asked: ASKED });
		expect(proposed).toMatchObject({ result: 'valid' });
		expect(configuration.propose({ text, asked: ASKED })).toMatchObject({ result: 'invalid' });
		writeFileSync(secret, '7C1E5D0943A8F26B90D4E3157A2C86BF', { mode: 0o600 });
		const version = proposed.result === 'valid' ? proposed.version : '';
		await configuration.prepare({ version });
		rmSync(secret);
		expect(configuration.check(version)).toMatchObject({ result: 'valid' });
		expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
	}, 180_000);

	it('has the same mistakes there, with their places', async () => {
		const { configuration } = createTestConfiguration({ dir, clock: createVirtualClock(), log: createMemoryLog() });
		const text = long(GATEWAY_YAML.replace('driver: osdp', 'driver: odsp').replace('tenant: acme', 'tenant: other'));
		const here = configuration.propose({ text, asked: ASKED });
		await configuration.prepare({ text });
		expect(configuration.propose({ text, asked: ASKED })).toEqual(here);
		expect(here).toMatchObject({ result: 'invalid' });
		// Of a version that is not there nothing is parsed, and who asks for it is told.
		await configuration.prepare({ version: 'f'.repeat(64) });
		expect(() => configuration.check('f'.repeat(64))).toThrow();
	}, 180_000);
});
