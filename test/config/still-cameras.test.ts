import { describe, expect, it } from 'vitest';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { parse, problemsOf } from './site-yaml.ts';

const driverSchemas = new Map(createDriverRegistry().drivers.map(({ kind, config }) => [kind, config]));

function fileOf({ camera = '', lane = '', port = '/dev/v4l/by-id/usb-cam-video-index0' }): string {
	return `site: { id: site-1, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: store }
parks: [{ id: P1, areas: [{ id: A1, capacity: 80 }] }]
devices:
  - { id: reader-1, driver: rdm6300, port: /dev/serial/by-id/a }
  - { id: boom-1, driver: modbus-relay, port: /dev/serial/by-id/b, outputs: { open: 1 }, inputs: { gate: 1 } }
  - { id: usb-1, driver: usb-camera, port: ${port}${camera} }
lanes:
  - { id: L1, kind: entry, from: outside, to: A1, readers: [reader-1], cameras: [usb-1], barrier: boom-1${lane} }
`;
}

const ENGINE = ', recognizer: { engine: codeproject-ai, url: "http://10.0.0.5:32168" }';
const LOOP = ', loops: { arming: boom-1.gate }';
const laneOf = (text: string) => {
	const parsed = parse(text, { driverSchemas });
	if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
	return parsed.config.site.lanes[0];
};

describe('D cameras on this machine in gateway.yaml', () => {
	it('without an engine give pictures, and are no cameras whose plates a lane waits for', () => {
		expect(laneOf(fileOf({}))).toMatchObject({ cameras: [], stills: ['usb-1'] });
		const [problem] = problemsOf(fileOf({ lane: ', identify: both' }), { driverSchemas });
		expect(problem).toMatch(/identify: both without cameras/);
	});

	it('with an engine read plates of who stands on the arming loop, which the lane must have', () => {
		const text = fileOf({ camera: ENGINE, lane: LOOP });
		expect(problemsOf(text, { driverSchemas })).toEqual([]);
		expect(laneOf(text)).toMatchObject({ cameras: ['usb-1'], stills: ['usb-1'] });
		const [problem] = problemsOf(fileOf({ camera: ENGINE }), { driverSchemas });
		expect(problem).toMatch(/lanes\[0\]\.cameras: found usb-1, which reads plates .* without one/);
	});

	it('are no readers, and are named by what stays', () => {
		const readers = fileOf({}).replace('readers: [reader-1], cameras: [usb-1]', 'readers: [reader-1, usb-1]');
		expect(problemsOf(readers, { driverSchemas })[0]).toMatch(/readers\[1\]: found usb-1, which is a camera/);
		expect(problemsOf(fileOf({ port: '/dev/video0' }), { driverSchemas })[0]).toMatch(/\/dev\/v4l\/by-id\//);
	});

	it.each([
		[', recognizer: { engine: openalpr, url: "http://10.0.0.5" }', /recognizer/],
		[', recognizer: { engine: codeproject-ai, url: "https://10.0.0.5" }', /recognizer\.url/],
		[', recognizer: { engine: http, url: "http://10.0.0.5/read" }', /recognizer\.plate/],
		[', size: { width: 1920 }', /size\.height/],
		[', skipFrames: 900', /skipFrames/],
	])('are refused with %s', (camera, problem) => {
		expect(problemsOf(fileOf({ camera, lane: LOOP }), { driverSchemas }).join('\n')).toMatch(problem);
	});
});
