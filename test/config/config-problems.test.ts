import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { parse, problemsOf, SECTIONS, siteWith, siteYaml } from './site-yaml.ts';

/** What is changed in a good file, and the one line a person then reads. */
const ONE_MISTAKE: readonly (readonly [title: string, text: string, problem: string])[] = [
	[
		'an unknown driver, with the nearest name',
		siteWith('driver: osdp', 'driver: osdq'),
		'gateway.yaml:10:29: devices[0].driver: found the unknown driver "osdq", expected one of osdp, modbus-relay, hikvision-push, rdm6300. Write osdp.',
	],
	[
		'a number out of range',
		siteWith('address: 5', 'address: 500'),
		'gateway.yaml:10:63: devices[0].address: found 500, expected at most 126. Choose a value of at most 126.',
	],
	[
		'text where a number belongs',
		siteWith('address: 5', 'address: five'),
		'gateway.yaml:10:63: devices[0].address: found "five", expected a number. Write a number.',
	],
	[
		'a setting left out',
		siteWith('    kind: entry\n', ''),
		'gateway.yaml:14:5: lanes[0].kind: found nothing, expected one of entry, exit, reversible. Add kind.',
	],
	[
		'a setting without its value',
		siteWith('kind: entry', 'kind:'),
		'gateway.yaml:15:5: lanes[0].kind: found an empty value, expected one of entry, exit, reversible. Give kind a value or remove the line.',
	],
	[
		'an unknown key of the file',
		`${siteYaml}lane: []\n`,
		`gateway.yaml:22:1: lane: found an unknown key "lane", expected the keys of gateway.yaml: ${SECTIONS}. Write lanes.`,
	],
	[
		'an unknown key of a device whose schema does not mind',
		siteWith('outputs: { open: 1 }', 'outputs: { open: 1 }, buad: 9600'),
		'gateway.yaml:11:83: devices[1].buad: found an unknown key "buad", expected the keys of devices[1]: id, driver, port, baud, unit, outputs, inputs. Write baud.',
	],
	[
		'a name that is none',
		siteWith('outputs: { open: 1 }', 'outputs: { open: 1, "open 2": 2 }'),
		'gateway.yaml:11:81: devices[1].outputs.open 2: found the name "open 2", expected a name of small letters and dashes. Write a name of small letters and dashes.',
	],
	[
		'text that is too long',
		siteWith('North car park', 'N'.repeat(201)),
		`gateway.yaml:1:41: site.name: found "${'N'.repeat(59)}…, expected a name of 1 to 200 characters on one line. Write a name of 1 to 200 characters on one line.`,
	],
	[
		'too many of one thing',
		siteWith('[reader-1]', `[${Array(9).fill('reader-1').join(', ')}]`),
		'gateway.yaml:18:14: lanes[0].readers: found a list of 9, expected at most 8 entries. Choose a value of at most 8 entries.',
	],
	[
		'a section where one word belongs',
		siteWith('kind: entry', 'kind: { entry: true }'),
		'gateway.yaml:15:11: lanes[0].kind: found a section, expected one of entry, exit, reversible. Write one of entry, exit, reversible.',
	],
	[
		'a list where a section belongs',
		`${siteYaml}http: []\n`,
		'gateway.yaml:22:7: http: found an empty list, expected a section. Write a section.',
	],
	[
		'an unknown key inside one of several forms',
		siteWith('barrier: boom-1', 'barrier: { device: boom-1, pulsMs: 300 }'),
		'gateway.yaml:20:32: lanes[0].barrier.pulsMs: found an unknown key "pulsMs", expected the keys of lanes[0].barrier: device, output, pulseMs. Write pulseMs.',
	],
	[
		'the same lane twice',
		`${siteYaml}  - { id: L1, kind: exit, from: A1, to: outside }\n`,
		'gateway.yaml:22:11: lanes[1].id: found the id L1 a second time (first at lanes[0]), expected a lane of its own id. Write another id, such as L-2.',
	],
	[
		'one id for a park and an area',
		siteWith('id: A1-vip', 'id: P1'),
		'gateway.yaml:8:15: parks[0].areas[1].id: found the id P1 a second time (first at parks[0]), expected an id that no other park or area of the site has. Write another id, such as P-2.',
	],
	[
		'an area that claims to be the world',
		siteWith('id: A1-vip', 'id: outside'),
		'gateway.yaml:8:15: parks[0].areas[1].id: found the id outside, expected another id: outside is the world around the site. Write another id.',
	],
	[
		'a reader that is not there',
		siteWith('[reader-1]', '[reader-2]'),
		'gateway.yaml:18:15: lanes[0].readers[0]: found the unknown device reader-2, expected one of reader-1, boom-1, cam-1. Write reader-1.',
	],
	[
		'a camera among the readers',
		siteWith('[reader-1]', '[cam-1]'),
		'gateway.yaml:18:15: lanes[0].readers[0]: found cam-1, which is a camera, expected a reader of tags. Move cam-1 to cameras.',
	],
	[
		'one name where a list belongs',
		siteWith('[reader-1]', 'reader-1'),
		'gateway.yaml:18:14: lanes[0].readers: found "reader-1", expected a list. Write it as a list: [ … ].',
	],
	[
		'a loop at an input that does not exist',
		siteWith('boom-1.arming', 'boom-1.armin'),
		'gateway.yaml:21:22: lanes[0].loops.arming: found the input armin, which boom-1 has not, expected one of boom-1.arming, boom-1.safety, boom-1.open-limit, boom-1.fire. Write boom-1.arming.',
	],
	[
		'a loop at a device without inputs',
		siteWith('boom-1.arming', 'reader-1.arming'),
		'gateway.yaml:21:22: lanes[0].loops.arming: found the input arming, which reader-1 has not, expected a device with inputs. Add inputs: { arming: CHANNEL } to reader-1, or name another device.',
	],
	[
		'a barrier output that does not exist',
		siteWith('barrier: boom-1', 'barrier: boom-1.opens'),
		'gateway.yaml:20:14: lanes[0].barrier: found the output opens, which boom-1 has not, expected one of open. Write open.',
	],
	[
		'a hold output that does not exist',
		siteWith('barrier: boom-1', 'barrier: boom-1\n    hold: boom-1.opne'),
		'gateway.yaml:21:11: lanes[0].hold: found the output opne, which boom-1 has not, expected one of open. Write open.',
	],
	[
		'an opening pulse that is to be held',
		siteWith('barrier: boom-1', 'barrier: boom-1\n    hold: boom-1.open'),
		'gateway.yaml:21:11: lanes[0].hold: found boom-1.open, which opens the barrier by a pulse, expected another output: the maintained one that the manual of the barrier names. Wire and name that output, or leave hold out.',
	],
	[
		'devices for the way back where there is none',
		siteWith('barrier: boom-1', 'barrier: boom-1\n    back: { readers: [reader-1] }'),
		'gateway.yaml:21:11: lanes[0].back: found devices for the way back in an entry, expected them in a reversible lane only. Move them to readers and cameras, or write kind: reversible.',
	],
	[
		'a device for the way back that is not there',
		siteWith('kind: entry', 'kind: reversible\n    back: { cameras: [cam-2] }'),
		'gateway.yaml:16:23: lanes[0].back.cameras[0]: found the unknown device cam-2, expected one of reader-1, boom-1, cam-1. Write cam-1.',
	],
	[
		'two loops at one input',
		siteWith('arming: boom-1.arming }', 'arming: boom-1.arming, safety: boom-1.arming }'),
		'gateway.yaml:21:45: lanes[0].loops.safety: found boom-1.arming, the arming loop of lane L1, expected an input of its own for each loop. Name another input, or leave this loop out.',
	],
	[
		'one barrier in two lanes',
		`${siteYaml}  - { id: L2, kind: exit, from: A1, to: outside, barrier: boom-1 }\n`,
		'gateway.yaml:22:59: lanes[1].barrier: found boom-1.open, the barrier of lane L1, expected a barrier of its own for each lane. Name another output, or make the two lanes one with kind: reversible.',
	],
	[
		'a parent that is not there',
		siteWith('parent: A1', 'parent: A2'),
		'gateway.yaml:8:31: parks[0].areas[1].parent: found the parent A2, which is no area of park P1, expected one of A1. Write A1.',
	],
	[
		'an area inside itself',
		siteWith('parent: A1', 'parent: A1-vip'),
		'gateway.yaml:8:31: parks[0].areas[1].parent: found areas inside one another: A1-vip in A1-vip, expected parents that end at an area without one. Remove the parent of A1-vip, or choose another.',
	],
	[
		'a lane to an area that is not there',
		siteWith('to: A1', 'to: A2'),
		'gateway.yaml:17:9: lanes[0].to: found the unknown area A2, expected one of A1, A1-vip, outside. Write A1.',
	],
	[
		'an entry that leads outside',
		siteWith('    from: outside\n    to: A1', '    from: A1\n    to: outside'),
		'gateway.yaml:17:9: lanes[0].to: found an entry that leads outside, expected an area. Swap from and to, or write kind: exit.',
	],
	[
		'an identification without its devices',
		siteWith('cameras: [cam-1]', 'identify: both'),
		'gateway.yaml:19:15: lanes[0].identify: found identify: both without cameras, expected at least one of cameras. Add cameras: [ … ] or choose another mode.',
	],
	[
		'a PIN for tags that are not read',
		siteWith('cameras: [cam-1]', 'cameras: [cam-1]\n    identify: plateOnly\n    pins: withTag'),
		'gateway.yaml:21:11: lanes[0].pins: found pins: withTag in a lane of plates only, expected a lane that reads tags. Add readers: [ … ] and choose identify: tagOnly, either or both, or leave pins out.',
	],
	[
		'an entry that reads nothing',
		siteWith('    readers: [reader-1]\n    cameras: [cam-1]\n', ''),
		'gateway.yaml:14:5: lanes[0]: found a lane without readers and cameras, expected at least one of them. Add readers: [ … ] or cameras: [ … ].',
	],
	[
		'two drivers on one port',
		siteWith('sim:boom-1', 'sim:bus-1'),
		'gateway.yaml:11:47: devices[1].port: found the port of reader-1, which has the driver osdp, expected one driver on one port. Give boom-1 a port of its own.',
	],
	[
		'two devices with one address on a bus',
		siteWith('devices:\n', 'devices:\n  - { id: reader-0, driver: osdp, port: "sim:bus-1", address: 5 }\n'),
		'gateway.yaml:11:63: devices[1].address: found the address 5, which reader-0 has on the same port, expected another address for each device of one line. Give reader-1 a free address and set it in the device.',
	],
	[
		'two speeds on one bus',
		siteWith(
			'devices:\n',
			'devices:\n  - { id: reader-0, driver: osdp, port: "sim:bus-1", address: 6, baud: 19200 }\n',
		),
		'gateway.yaml:11:5: devices[1].baud: found baud 9600, expected 19200 as reader-0 on sim:bus-1: one line has one speed and format. Set both devices and both entries to the same baud.',
	],
	[
		'two devices on a line that knows no addresses',
		siteWith(
			'devices:\n',
			'devices:\n  - { id: t-1, driver: rdm6300, port: "sim:t" }\n  - { id: t-2, driver: rdm6300, port: "sim:t" }\n',
		),
		'gateway.yaml:11:39: devices[1].port: found the port of t-1, expected a port of its own: rdm6300 knows no addresses. Give t-2 a port of its own.',
	],
	[
		'two cameras that post to one path',
		siteWith('devices:\n', 'devices:\n  - { id: cam-0, driver: hikvision-push, path: cam-1 }\n'),
		'gateway.yaml:13:48: devices[3].path: found the path cam-1, which cam-0 has already, expected a path of its own for every camera. Write another path, such as cam-2, and set it in the camera.',
	],
	[
		'a time zone that is not one, with the nearest name',
		siteWith('Europe/Brussels', 'Europe/Brussel'),
		'gateway.yaml:1:67: site.timeZone: found "Europe/Brussel", expected an IANA time zone, such as Europe/Brussels. Write Europe/Brussels.',
	],
	[
		'a fixed offset, which knows no summer time',
		siteWith('Europe/Brussels', '"+02:00"'),
		'gateway.yaml:1:67: site.timeZone: found "+02:00", expected an IANA time zone, such as Europe/Brussels. Write an IANA time zone, such as Europe/Brussels.',
	],
	[
		'a port without an address',
		`${siteYaml}http: { listen: 8080 }\n`,
		'gateway.yaml:22:17: http.listen: found 8080, expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080. Write ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080.',
	],
	[
		'one address for people and cameras',
		`${siteYaml}ingest: { listen: 0.0.0.0:8080 }\n`,
		'gateway.yaml:22:19: ingest.listen: found the address of http.listen, expected a port of its own for the cameras. Write another port, such as 8081.',
	],
	[
		'a network that is none',
		`${siteYaml}ingest: { listen: 127.0.0.1:8081, allow: [10.0.0.0/33] }\n`,
		'gateway.yaml:22:43: ingest.allow[0]: found "10.0.0.0/33", expected a network such as 10.0.0.0/24. Write a network such as 10.0.0.0/24.',
	],
	[
		'a password inside the broker address, which is not shown',
		`${siteYaml}mqtt: { url: "mqtts://site:hunter2@broker.example" }\n`,
		'gateway.yaml:22:14: mqtt.url: found a value that is not shown, expected a broker such as mqtts://broker.example:8883, without user name or password in it. Write a broker such as mqtts://broker.example:8883, without user name or password in it.',
	],
	[
		'made-up vehicles at a real barrier',
		`${siteWith('"sim:boom-1"', '/dev/pts/7')}simulation: { traffic: { everyMs: 3000 } }\n`,
		'gateway.yaml:22:13: simulation: found made-up vehicles beside boom-1 on the real port /dev/pts/7, expected only simulated ports (port: sim:NAME). Remove the section simulation.',
	],
	[
		'antennas of a device that is no reader of the lane',
		siteWith('cameras: [cam-1]', 'cameras: [cam-1]\n    antennas: { cam-1: [2] }'),
		'gateway.yaml:20:24: lanes[0].antennas.cam-1: found antennas of cam-1, which is no reader of this lane, expected one of reader-1. Write reader-1.',
	],
	[
		'a lane beside itself',
		siteWith('cameras: [cam-1]', 'cameras: [cam-1]\n    beside: [L1]'),
		'gateway.yaml:20:14: lanes[0].beside[0]: found L1, which is this lane, expected another lane. Write the id of another lane.',
	],
	[
		'the same key twice',
		siteWith('kind: entry', 'kind: entry\n    kind: exit'),
		'gateway.yaml:16:5: found a key that this section already has, expected each key once. Keep one of the two.',
	],
	[
		'a tab',
		siteWith('    kind: entry', '\tkind: entry'),
		'gateway.yaml:15:1: found Tabs are not allowed as indentation, expected YAML. Indent with spaces.',
	],
	[
		'another kind of document',
		'hello',
		'gateway.yaml:1:1: found "hello", expected a section. Start from config/gateway.example.yaml.',
	],
	['an empty file', '', 'gateway.yaml:1:1: site: found nothing, expected a section. Add site.'],
];

const WARNINGS: readonly (readonly [title: string, text: string, problem: string])[] = [
	[
		'an area larger than the one around it',
		siteWith('capacity: 10', 'capacity: 100'),
		'gateway.yaml:8:45: warning: parks[0].areas[1].capacity: found 100 places, expected at most the 80 of A1 around it. Lower it, or raise A1.',
	],
	[
		'an area larger than its park',
		siteWith('capacity: 80', 'capacity: 800'),
		'gateway.yaml:7:29: warning: parks[0].areas[0].capacity: found 800 places, expected at most the 120 of P1 around it. Lower it, or raise P1.',
	],
	[
		'a port name that changes',
		siteWith('"sim:boom-1"', '/dev/ttyUSB0'),
		'gateway.yaml:11:47: warning: devices[1].port: found /dev/ttyUSB0, a name that can change at every start, expected a stable name below /dev/serial/by-id/. Run: parkgate devices list.',
	],
	[
		'a key written into the file',
		siteWith('"sim:bus-1", address: 5', '/dev/pts/7, address: 5, key: 303132333435363738393A3B3C3D3E3F'),
		`gateway.yaml:10:70: warning: devices[0].key: found a secret written into the file, expected \${credential:NAME}. Move it into a credential file (docs/operations.md, Credentials).`,
	],
	[
		'a broker without encryption',
		`${siteYaml}mqtt: { url: "mqtt://broker.example" }\n`,
		'gateway.yaml:22:14: warning: mqtt.url: found a connection without encryption to broker.example, expected mqtts:// or wss://. Plates and names cross the network in clear; use the encrypted port of the broker, often 8883.',
	],
	[
		'a console without encryption on the network',
		`${siteYaml}http: { listen: 0.0.0.0:8080, tls: off }\n`,
		'gateway.yaml:22:36: warning: http.tls: found no encryption on an address others can reach, expected tls: auto. Keep it only behind a proxy that encrypts; passwords cross the network in clear otherwise.',
	],
];

describe('a mistake in gateway.yaml is named with its place, what was expected and a fix', () => {
	it.each(ONE_MISTAKE)('%s', (_, text, problem) => {
		expect(parse(text).result).toBe('invalid');
		expect(problemsOf(text)).toEqual([problem]);
	});
});

describe('what is doubtful is a warning and does not stop the gateway', () => {
	it.each(WARNINGS)('%s', (_, text, problem) => {
		expect(parse(text).result).toBe('valid');
		expect(problemsOf(text)).toEqual([problem]);
	});
});

describe('the problems of one file', () => {
	it('come all at once, in the order of the text', () => {
		const text = siteYaml
			.replace('Europe/Brussels', 'Europe/Brussel')
			.replace('address: 5', 'address: 500')
			.replace('[cam-1]', '[cam-2]')
			.replace('parent: A1', 'parent: A2');
		expect(problemsOf(text).map((line) => line.split(': found')[0])).toEqual([
			'gateway.yaml:1:67: site.timeZone',
			'gateway.yaml:8:31: parks[0].areas[1].parent',
			'gateway.yaml:10:63: devices[0].address',
			'gateway.yaml:19:15: lanes[0].cameras[0]',
		]);
	});

	it('are at most as many as anyone mends at once', () => {
		const lanes = Array.from({ length: 90 }, (_, n) => `  - { id: "no id ${n}", kind: x, from: "?", to: "?" }`);
		expect(problemsOf(`${siteYaml}${lanes.join('\n')}\n`)).toHaveLength(LIMITS.configProblems);
	});

	it('show no control characters of the file', () => {
		const [line = ''] = problemsOf(siteWith('driver: osdp', 'driver: "a\\e[31m\\nb\\u202e"'));
		expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
	});

	it('never throw, whatever the text', () => {
		const pieces = fc.constantFrom(
			...siteYaml.split(/(\s+|[{}[\],:])/).filter((piece) => piece !== ''),
			'&a',
			'*a',
			'<<',
			'!!x',
			'"',
			'\t',
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
				),
				(text) => {
					const parsed = parse(text);
					if (parsed.result === 'invalid') expect(parsed.problems.length).toBeGreaterThan(0);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('end a text that grows without end by its aliases', () => {
		const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
		for (let level = 1; level <= 9; level++)
			bomb.push(
				`a${level}: &a${level} [${Array(9)
					.fill(`*a${level - 1}`)
					.join(', ')}]`,
			);
		expect(problemsOf(bomb.join('\n'))[0]).toContain('uses of YAML aliases');
	});

	it('tell what is wrong with very long sections at once: the event loop waits for a proposed one', () => {
		const keys = Array.from({ length: 12_000 }, (_, n) => `  k${n}: 1`).join('\n');
		const before = process.cpuUsage();
		expect(problemsOf(`site:\n${keys}`)).toHaveLength(LIMITS.configProblems);
		expect(problemsOf(`site:\n${'  k: 1\n'.repeat(12_000)}`)).toHaveLength(LIMITS.configProblems);
		// Processor time, whatever else the machine does; each key sought among all others takes over ten seconds.
		expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
	}, 180_000);

	it.each([
		['name: *north', 'an anchor (&NAME) before its alias'],
		['---\na: 1\n---\nb: 2', 'found a second document'],
		['parks: [{ id: P1, capacity: .nan }]', 'found NaN'],
	])('say what %j is in the words of the file, not of its parser', (text, words) => {
		expect(problemsOf(text).join('\n')).toContain(words);
	});

	it('end a variable of aliases that repeat themselves', () => {
		const PARKGATE_PARKS = `[&a [x, x, x], &b [${'*a, '.repeat(60)}], ${'*b, '.repeat(60)}]`;
		expect(problemsOf(siteYaml, { env: { PARKGATE_PARKS } })[0]).toContain('environment PARKGATE_PARKS');
		expect(problemsOf(siteYaml, { env: { PARKGATE_PARKS: '*nowhere' } })[0]).toContain('environment PARKGATE_PARKS');
	});

	it('tell a file that is far too long by its size', () => {
		expect(problemsOf(`# ${'x'.repeat(LIMITS.configBytes)}`)[0]).toContain('expected a configuration file');
	});
});
