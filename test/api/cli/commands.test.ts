import { describe, expect, it } from 'vitest';
import type {
	CliHandlers,
	ConfigReport,
	DeviceTestReport,
	JournalReport,
	Ready,
} from '../../../src/api/cli/handlers.ts';
import { GatewayError } from '../../../src/gateway/core/gateway-error.ts';
import { cli } from './fake-cli.ts';

const HOSTILE = 'a\u001b[2J\r\nb\u202e\u0085';
const UNSAFE = /[\p{Cc}\p{Bidi_Control}]/u;
/** Output without the line ends the program itself writes. */
const body = (text: string) => text.replaceAll('\n', '');

const READY: Ready = { consoleUrl: 'http://127.0.0.1:8080', claimUrl: 'http://127.0.0.1:8080/claim#x', notes: ['Hi.'] };

describe('every command', () => {
	const commands = [
		'run',
		'demo',
		'check-config',
		'config',
		'config show',
		'config diff',
		'config history',
		'devices',
		'devices list',
		'devices monitor',
		'devices test',
		'devices set',
		'claim',
		'doctor',
		'journal',
		'licence',
		'operator',
		'park',
		'journal verify',
		'backup',
		'backup create',
		'backup verify',
		'backup restore',
		'explain',
		'replay',
		'import',
		'import people',
		'export',
		'hand-over',
		'hand-over list',
		'hand-over print',
		'campaign',
		'campaign list',
		'decode',
		'simulate',
		'simulate device',
		'simulate site',
		'simulate fleet',
		'central',
		'central token',
		'central token add',
		'central token list',
		'central token remove',
		'central sites',
		'completion',
	];

	it.each(commands)('%s has a help with an example', async (command) => {
		const { code, out, err } = await cli(`${command} --help`);
		expect({ code, err }).toEqual({ code: 0, err: '' });
		expect(out).toMatch(/Usage: parkgate/);
		expect(out).toMatch(/Example:\n {2}\$ (?:\S+=\S+ |sudo .*)?parkgate/);
	});

	it('is listed in the help of the program, and nothing else is', async () => {
		const { out } = await cli('--help');
		const listed = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map((match) => match[1]);
		expect(listed.toSorted()).toEqual(commands.filter((command) => !command.includes(' ')).toSorted());
	});

	it('prints its version', async () => {
		expect(await cli('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
	});

	it.each([
		['', /Usage: parkgate/],
		['rum', /unknown command 'rum'[\s\S]*Did you mean run\?/],
		['run --confg x', /unknown option '--confg'[\s\S]*Did you mean --config\?/],
		['run now', /too many arguments/],
		['devices test', /missing required argument 'id'/],
		['decode', /missing required argument 'file'/],
		['decode --driver osdq file', /Allowed choices are osdp, modbus-relay/],
		['run --log-level loud', /Allowed choices are debug, info, warn, error/],
		['completion tcsh', /Allowed choices are bash, zsh, fish/],
		['simulate device --driver osdp --port x --set y', /form name=value/],
	])('that is not understood ends with 2 and says so on standard error: %j', async (args, message) => {
		const { code, out, err } = await cli(args);
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(err).toMatch(message);
	});

	it('that fails ends with 1 and the mend on standard error', async () => {
		const handlers = {
			claim: () =>
				Promise.reject(new GatewayError('STORE_UNAVAILABLE', `No store at /x.\nRun it as the owner. ${HOSTILE}`)),
		};
		const { code, out, err } = await cli('claim', { handlers });
		expect({ code, out }).toEqual({ code: 1, out: '' });
		expect(err).toMatch(/^No store at \/x\.\nRun it as the owner\. /);
		expect(body(err)).not.toMatch(UNSAFE);
	});

	it('that meets a bug says that it is one, with the trace', async () => {
		const { code, err } = await cli('claim', {
			handlers: { claim: () => Promise.reject(new TypeError('x is not y')) },
		});
		expect(code).toBe(1);
		expect(err).toMatch(/fault of parkgate itself[\s\S]*TypeError: x is not y\n {4}at /);
	});
});

describe('run', () => {
	it('hands over the configuration and the level, and stops with the signal', async () => {
		const interrupt = new AbortController();
		const seen: unknown[] = [];
		const run: CliHandlers['run'] = async ({ configFile, logLevel, signal, onReady }) => {
			seen.push(configFile, logLevel);
			onReady(READY);
			interrupt.abort();
			seen.push(signal.aborted);
			return 'stopped';
		};
		const result = await cli('run --config g.yaml --log-level debug', { handlers: { run }, interrupt });
		expect(seen).toEqual(['g.yaml', 'debug', true]);
		expect(result).toEqual({ code: 0, out: '', err: '' });
	});

	it('tells a person where to go', async () => {
		const run: CliHandlers['run'] = async ({ onReady }) => {
			onReady({ ...READY, notes: [HOSTILE] });
			return 'stopped';
		};
		const { out } = await cli('run', { handlers: { run }, interactive: true });
		expect(out).toContain('http://127.0.0.1:8080/claim#x');
		expect(body(out)).not.toMatch(UNSAFE);
	});
});

describe('run --supervised', () => {
	it('N11: ends with its own code when it is to be started again', async () => {
		const asked: boolean[] = [];
		const run: CliHandlers['run'] = async ({ isSupervised }) => {
			asked.push(isSupervised);
			return isSupervised ? 'restart' : 'stopped';
		};
		expect((await cli('run --supervised', { handlers: { run } })).code).toBe(75);
		expect((await cli('run', { handlers: { run } })).code).toBe(0);
		expect(asked).toEqual([true, false]);
	});
});

describe('demo', () => {
	it('prints console and claim link also when nobody looks', async () => {
		const demo: CliHandlers['demo'] = async ({ onReady, logLevel, configFile }) => {
			expect([logLevel, configFile]).toEqual(['warn', undefined]);
			onReady(READY);
		};
		const { out } = await cli('demo', { handlers: { demo } });
		expect(out).toMatch(/Console +http:\/\/127\.0\.0\.1:8080\n +Claim +http:\/\/127\.0\.0\.1:8080\/claim#x\n/);
	});

	it('takes another configuration', async () => {
		const seen: unknown[] = [];
		const demo: CliHandlers['demo'] = async ({ configFile, logLevel }) => void seen.push(configFile, logLevel);
		await cli('demo --config d.yaml --log-level info', { handlers: { demo } });
		expect(seen).toEqual(['d.yaml', 'info']);
	});

	it('has no claim link once claimed', async () => {
		const demo: CliHandlers['demo'] = async ({ onReady }) => onReady({ ...READY, claimUrl: null });
		expect((await cli('demo', { handlers: { demo } })).out).not.toMatch(/claim/i);
	});
});

describe('check-config', () => {
	const finding = {
		severity: 'error',
		file: 'g.yaml',
		line: 1,
		column: 2,
		path: 'x',
		found: 'a',
		expected: 'b',
		fix: 'c',
	} as const;
	const invalid: ConfigReport = { valid: false, findings: [{ ...finding, text: `g.yaml:1:2: x ${HOSTILE}` }] };
	const valid: ConfigReport = { valid: true, findings: [], summary: { site: 's1', devices: 2, lanes: 1, areas: 3 } };

	it('prints problems on standard error and ends with 1', async () => {
		const { code, out, err } = await cli('check-config g.yaml', { handlers: { checkConfig: async () => invalid } });
		expect({ code, out }).toEqual({ code: 1, out: '' });
		expect(err).toMatch(/^g\.yaml:1:2: x a/);
		expect(body(err)).not.toMatch(UNSAFE);
	});

	it('sums a valid file up', async () => {
		expect(await cli('check-config g.yaml', { handlers: { checkConfig: async () => valid } })).toEqual({
			code: 0,
			out: 'g.yaml is valid: site s1 with 1 lane, 2 devices and 3 areas.\n',
			err: '',
		});
	});

	it('prints JSON for programs, valid or not', async () => {
		const { code, out, err } = await cli('check-config --json', { handlers: { checkConfig: async () => invalid } });
		expect({ code, err }).toEqual({ code: 1, err: '' });
		expect(JSON.parse(out)).toEqual(invalid);
	});
});

describe('devices', () => {
	const port = {
		carrier: 'serial',
		address: '/dev/serial/by-id/usb-1a86_USB',
		stability: 'socket',
		node: '/dev/ttyUSB0',
		manufacturer: null,
		product: HOSTILE,
		serialNumber: null,
		usbId: '1a86:7523',
	} as const;

	it('list shows stable addresses, with the names devices give themselves made safe', async () => {
		const { out, err } = await cli('devices list', {
			handlers: { listPorts: async () => ({ ports: [port], problems: ['udevadm is missing: apt-get install udev'] }) },
		});
		expect(out).toMatch(
			/^ADDRESS +FOLLOWS +NOW AT +CARRIER[\s\S]*\/dev\/serial\/by-id\/usb-1a86_USB {2}its USB socket {2}\/dev\/ttyUSB0 +serial +1a86:7523/,
		);
		expect(body(out)).not.toMatch(UNSAFE);
		expect(err).toBe('udevadm is missing: apt-get install udev\n');
	});

	it('list says when there is nothing', async () => {
		const handlers = { listPorts: async () => ({ ports: [], problems: [] }) };
		expect((await cli('devices list', { handlers })).out).toBe('No serial or HID ports on this machine.\n');
		expect((await cli('devices list --json', { handlers })).out).toBe('[]\n');
	});

	it('monitor shows bytes in hex with direction and meaning', async () => {
		const monitorDevice: CliHandlers['monitorDevice'] = async ({ deviceId, onLine }) => {
			expect(deviceId).toBe('reader-1');
			onLine({ atMs: 3_723_004, direction: 'in', bytes: Uint8Array.of(0x53, 0x0a), text: HOSTILE });
			onLine({ atMs: 0, direction: 'note', text: 'port opened' });
		};
		const { out } = await cli('devices monitor reader-1', { handlers: { monitorDevice } });
		expect(out).toMatch(/^01:02:03\.004 ← 53 0A {2}a/);
		expect(out).toMatch(/\n00:00:00\.000 · {2}port opened\n$/);
		expect(body(out)).not.toMatch(UNSAFE);
		const json = await cli('devices monitor reader-1 --json', { handlers: { monitorDevice } });
		expect(JSON.parse(json.out.split('\n')[0] ?? '')).toMatchObject({ direction: 'in', bytes: '530A', text: HOSTILE });
	});

	it('test ends with 1 when a step fails, and shows each', async () => {
		const report: DeviceTestReport = {
			deviceId: 'boom-1',
			driver: 'modbus-relay',
			address: 'sim:boom-1',
			passed: false,
			steps: [
				{ name: 'port', passed: true, detail: 'opened' },
				{ name: 'answer', passed: false, detail: 'none within 300 ms' },
			],
		};
		const handlers = { testDevice: async () => report };
		const { code, out } = await cli('devices test boom-1', { handlers });
		expect({ code, out }).toEqual({
			code: 1,
			out: 'boom-1: modbus-relay at sim:boom-1\n  passed  port: opened\n  failed  answer: none within 300 ms\n',
		});
		expect(JSON.parse((await cli('devices test boom-1 --json', { handlers })).out)).toEqual(report);
	});
});

describe('claim and doctor', () => {
	it('claim prints code and link', async () => {
		const claim = { code: 'ABCD-EFGH', url: 'http://127.0.0.1:8080/claim#ABCD-EFGH' };
		const handlers = { claim: async () => claim };
		expect((await cli('claim', { handlers })).out).toContain(`Code  ${claim.code}\nLink  ${claim.url}\n`);
		expect(JSON.parse((await cli('claim --json', { handlers })).out)).toEqual(claim);
	});

	it('doctor ends with 1 only when something failed', async () => {
		const checks = [
			{ name: 'Node', result: 'ok', found: '26' },
			{ name: 'Clock', result: 'warning', found: 'not synchronised', fix: 'Run: timedatectl set-ntp true' },
		] as const;
		const fine = await cli('doctor', { handlers: { doctor: async () => checks } });
		expect(fine.code).toBe(0);
		expect(fine.out).toBe(
			'ok       Node: 26\nwarning  Clock: not synchronised\n         Run: timedatectl set-ntp true\n',
		);
		const failed = [...checks, { name: 'Store', result: 'failed', found: HOSTILE }] as const;
		const bad = await cli('doctor --config g.yaml', { handlers: { doctor: async () => failed } });
		expect(bad.code).toBe(1);
		expect(body(bad.out)).not.toMatch(UNSAFE);
		const json = await cli('doctor --json', { handlers: { doctor: async () => failed } });
		expect(json.code).toBe(1);
		expect(JSON.parse(json.out)).toEqual(failed);
	});
});

describe('decode', () => {
	const decoded: Uint8Array[] = [];
	const handlers: Partial<CliHandlers> = {
		*decode({ driver, bytes, contentType }) {
			decoded.push(bytes);
			yield { offset: 0, kind: 'frame', driver, contentType, bytes: Buffer.from(bytes), big: 5n, text: HOSTILE };
			yield { offset: 1, kind: 'error', reason: 'checksum' };
		},
	};

	it('prints one JSON line per frame, bytes as hex, whatever they hold', async () => {
		const files = { 'capture.bin': Uint8Array.of(0x53, 0xff) };
		const { code, out } = await cli('decode --driver osdp --content-type text/xml capture.bin', { handlers, files });
		expect(code).toBe(0);
		const lines = out.trimEnd().split('\n');
		expect(lines.map((line) => JSON.parse(line))).toEqual([
			{ offset: 0, kind: 'frame', driver: 'osdp', contentType: 'text/xml', bytes: '53FF', big: '5', text: HOSTILE },
			{ offset: 1, kind: 'error', reason: 'checksum' },
		]);
		expect(lines.join('')).not.toMatch(UNSAFE);
	});

	it.each(['53ff', '53 FF\n', '0x53, 0xff', '53:FF'])('reads hexadecimal text as people write it: %j', async (text) => {
		decoded.length = 0;
		await cli('decode --driver osdp --hex -', { handlers, files: { '-': text } });
		expect(decoded).toEqual([Uint8Array.of(0x53, 0xff)]);
	});

	it.each([
		['53f', /odd number/],
		['53 zz', /"z" is no hexadecimal digit/],
	])('names what is no hexadecimal text: %j', async (text, message) => {
		const { code, err } = await cli('decode --driver osdp --hex f', { handlers, files: { f: text } });
		expect(code).toBe(1);
		expect(err).toMatch(message);
	});
});

describe('simulate device', () => {
	it('hands over settings as in gateway.yaml and what is typed', async () => {
		const typed: string[] = [];
		let settings: unknown;
		const simulateDevice: CliHandlers['simulateDevice'] = async (options) => {
			({ settings } = options);
			for await (const line of options.stimuli) typed.push(line);
			options.onNote(HOSTILE);
		};
		const { code, err } = await cli(
			'simulate device --driver modbus-relay --port /dev/pts/9 --set unit=3 --set outputs.open=1 --set inputs.open-limit=4 --set key=0a --set __proto__.x=1',
			{ handlers: { simulateDevice }, input: ['input arming on', 'input arming off'] },
		);
		expect(code).toBe(2);
		expect(err).toContain('name=value');
		const fine = await cli(
			'simulate device --driver modbus-relay --port /dev/pts/9 --set unit=3 --set outputs.open=1 --set inputs.open-limit=4 --set key=0a --set constructor.x=1',
			{ handlers: { simulateDevice }, input: ['input arming on', 'input arming off'] },
		);
		expect(fine.code).toBe(0);
		expect(settings).toEqual({
			unit: 3,
			outputs: { open: 1 },
			inputs: { 'open-limit': 4 },
			key: '0a',
			constructor: { x: 1 },
		});
		expect(typed).toEqual(['input arming on', 'input arming off']);
		expect(body(fine.err)).not.toMatch(UNSAFE);
	});

	it('hands over what is to befall the bytes, and the seed', async () => {
		let asked: Parameters<CliHandlers['simulateDevice']>[0] | undefined;
		const simulateDevice: CliHandlers['simulateDevice'] = async (options) => {
			asked = options;
		};
		const command = 'simulate device --driver osdp --port /dev/pts/9';
		await cli(`${command} --fault drop=0.2 --fault chunk=1 --seed 7`, { handlers: { simulateDevice } });
		expect(asked).toMatchObject({ faults: ['drop=0.2', 'chunk=1'], seed: 7 });
		await cli(command, { handlers: { simulateDevice } });
		expect(asked).toMatchObject({ faults: [] });
		expect((await cli(`${command} --seed x`, { handlers: { simulateDevice } })).code).toBe(2);
	});
});

describe('journal verify', () => {
	const holds: JournalReport = { rows: 3, firstSeq: 1, lastSeq: 3, head: 'abcd', histories: 1, broken: null };

	it('says that the chain holds, and where it does not', async () => {
		const fine = await cli('journal verify', { handlers: { verifyJournal: async () => holds } });
		expect(fine).toEqual({ code: 0, out: 'The journal holds: 3 entries, 1 to 3, head abcd.\n', err: '' });
		const broken = { ...holds, broken: { seq: 2, problem: 'hash differs', gatewayEpoch: 'e1' } };
		const two = await cli('journal verify', { handlers: { verifyJournal: async () => ({ ...holds, histories: 2 }) } });
		expect(two.out).toBe('The journal holds: 3 entries in 2 histories, 1 to 3 now, head abcd.\n');
		const bad = await cli('journal verify', { handlers: { verifyJournal: async () => broken } });
		expect(bad).toEqual({ code: 1, out: '', err: 'The journal is broken at entry 2: hash differs\n' });
	});

	it('shows no bar to programs and none for quick work', async () => {
		const verifyJournal: CliHandlers['verifyJournal'] = async ({ onProgress }) => {
			onProgress(1, 3);
			return holds;
		};
		expect((await cli('journal verify', { handlers: { verifyJournal } })).err).toBe('');
		expect((await cli('journal verify', { handlers: { verifyJournal }, interactive: true })).err).toBe('');
	});
});
