import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localPath } from '../../../src/api/console/local-path.ts';

const GATEWAY = 'https://gateway.example';

describe('the way back after a form', () => {
	test.each(['/', '/log?q=1%20A&lane=L1', '/devices/reader-1', '/log?next=//elsewhere.example'])('%s stays', (path) => {
		expect(localPath(path)).toBe(path);
	});

	test.each([
		'//elsewhere.example',
		'/\\elsewhere.example',
		'/\t/elsewhere.example',
		'/.//elsewhere.example',
		'/..//elsewhere.example',
		'/x/..//elsewhere.example',
		'/%2e//elsewhere.example',
		'/.\\/elsewhere.example',
		'https://elsewhere.example/',
		'javascript:alert(1)',
		'log',
		'',
		undefined,
	])('%j becomes the live page', (text) => {
		expect(localPath(text)).toBe('/');
	});

	test('whatever is asked for, a browser stays at the gateway', () => {
		const part = fc.constantFrom('/', '\\', '.', '..', '%2e', '\t', '\n', 'elsewhere.example', '@', ':', '?', '#', 'x');
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
				expect(new URL(localPath(`/${parts.join('')}`), GATEWAY).origin).toBe(GATEWAY);
			}),
			{ numRuns: 2_000 },
		);
	});
});
