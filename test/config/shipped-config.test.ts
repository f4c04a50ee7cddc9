import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { gatewayJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const driverSchemas = new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));

describe('the demo configuration', () => {
	const file = path.join(ROOT, 'config', 'demo.yaml');
	const loaded = loadConfig({ file, env: {}, driverSchemas });

	it('is valid without a warning', () => {
		expect(loaded).toMatchObject({ result: 'valid', warnings: [] });
	});

	it('has two entries and an exit with loops and limits, a secure channel, and devices that are all simulated', () => {
		if (loaded.result === 'invalid') throw new Error(loaded.problems.map(formatProblem).join('\n'));
		const { site, devices, store } = loaded.config;
		expect(site.lanes.map((lane) => lane.kind)).toEqual(['entry', 'entry', 'exit']);
		for (const lane of site.lanes) {
			expect(Object.keys(lane.loops)).toEqual(['arming', 'safety', 'closing']);
			expect(Object.keys(lane.position)).toEqual(['open', 'closed']);
			expect(lane.fire).toBeDefined();
		}
		expect(site.areas.some((area) => area.parentId !== undefined)).toBe(true);
		expect(devices.some((device) => device.driver === 'osdp' && device['key'] !== undefined)).toBe(true);
		expect(devices.every((device) => device.path !== undefined || device.port?.startsWith('sim:'))).toBe(true);
		expect(store.dir).toBe(path.join(ROOT, 'var', 'demo'));
	});
});

describe('the example configuration', () => {
	const file = path.join(ROOT, 'config', 'gateway.example.yaml');
	const text = readFileSync(file, 'utf8');
	const parsed = parseConfig({
		text,
		file,
		env: {},
		driverSchemas,
		readSecret: (name) => ({ result: 'read', text: name.startsWith('osdp') ? '0'.repeat(32) : 'secret' }),
		readPem: () => ({ result: 'refused', found: 'no file', expected: 'a PEM file', fix: 'none' }),
	});

	it('is valid without a warning once its secrets are there', () => {
		expect(parsed).toMatchObject({ result: 'valid', warnings: [] });
	});

	it('tells the defaults as they are', () => {
		const [entry, exit] = parseYaml(text).lanes;
		const bare = (lane: object) =>
			Object.fromEntries(
				Object.entries(lane).filter(([name]) =>
					['id', 'kind', 'from', 'to', 'readers', 'cameras', 'barrier', 'name'].includes(name),
				),
			);
		const withDefaults = { ...parseYaml(text), lanes: [bare(entry), bare(exit)] };
		const again = parseConfig({
			text: JSON.stringify(withDefaults),
			file,
			env: {},
			driverSchemas,
			readSecret: (name) => ({ result: 'read', text: name.startsWith('osdp') ? '0'.repeat(32) : 'secret' }),
			readPem: () => ({ result: 'refused', found: 'no file', expected: 'a PEM file', fix: 'none' }),
		});
		if (parsed.result === 'invalid' || again.result === 'invalid') throw new Error('the example is not valid');
		expect(parsed.config.site.lanes).toEqual(again.config.site.lanes);
	});
});

describe('the JSON Schema for editors', () => {
	it('knows every driver, and lets a secret stand where text has a form', () => {
		const { properties } = gatewayJsonSchema(driverSchemas);
		const devices = properties?.['devices']?.items?.oneOf ?? [];
		expect(devices.map((device) => device.properties?.['driver']?.const)).toEqual([...driverSchemas.keys()]);
		const key = devices.find((device) => device.properties?.['driver']?.const === 'osdp')?.properties?.['key'];
		expect(key?.anyOf?.map((form) => new RegExp(form.pattern ?? '').test(`\${credential:reader-1}`))).toEqual([
			false,
			true,
		]);
	});

	it('explains settings of the site', () => {
		const { properties } = gatewayJsonSchema(driverSchemas);
		for (const name of ['minimumConfidence', 'passageTimeoutMs', 'strictExit'])
			expect(properties?.['lanes']?.items?.properties?.[name]?.['description']).toMatch(/\w{3}/);
	});
});
