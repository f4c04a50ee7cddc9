import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../src/log.ts';

function logInto(lines: string[], options: Partial<LogOptions> = {}) {
	return createLog({ level: 'info', format: 'json', write: (line) => lines.push(line), ...options });
}

describe('the log', () => {
	it('writes one JSON object per line with level, UTC time and fields', () => {
		const lines: string[] = [];
		logInto(lines).child({ device: 'reader-1' }).warn({ attempt: 2 }, 'port lost');
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(/\}\n$/);
		expect(JSON.parse(lines[0] ?? '')).toEqual({
			level: 'warn',
			time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
			device: 'reader-1',
			attempt: 2,
			msg: 'port lost',
		});
	});

	it.each(['json', 'text'] as const)('lets untrusted text neither end a %s line nor control the terminal', (format) => {
		const lines: string[] = [];
		const plate = 'AB\r\n{"level":"error"}\u001b[2J\u0085\u009b31m\u2028\u202eEVIL\u007f';
		logInto(lines, { format }).info({ plate }, 'read');
		expect(lines).toHaveLength(1);
		expect((lines[0] ?? '').slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u);
		if (format === 'json') expect(JSON.parse(lines[0] ?? '')).toMatchObject({ plate });
	});

	it('never shows secrets, whoever logs them', () => {
		const lines: string[] = [];
		const log = logInto(lines);
		log.error({ password: 'hunter2', device: { id: 'r', key: 'hunter2' }, claimCode: 'hunter2' }, 'x');
		log.child({ token: 'hunter2' }).error({}, 'x');
		expect(lines.join('')).not.toContain('hunter2');
		expect(lines[0]).toContain('"id":"r"');
	});

	it('follows a change of level down to its oldest child', () => {
		const lines: string[] = [];
		const log = logInto(lines);
		const child = log.child({ device: 'reader-1' }).child({ lane: 'L1' });
		child.debug({}, 'before');
		log.setLevel('debug');
		child.debug({}, 'after');
		log.setLevel('error');
		child.warn({}, 'quiet');
		expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['after']);
	});

	it('tells an error with its cause and stack', () => {
		const lines: string[] = [];
		logInto(lines).error({ error: new Error('disk', { cause: new Error('EIO') }) }, 'stopped');
		expect(JSON.parse(lines[0] ?? '').error).toMatchObject({ type: 'Error', message: expect.stringContaining('EIO') });
	});

	it('reads well at a terminal', () => {
		const lines: string[] = [];
		logInto(lines, { format: 'text' }).warn({ device: 'reader-1', problem: 'port lost' }, 'device offline');
		expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}device offline device=reader-1 problem="port lost"\n$/);
	});
});
