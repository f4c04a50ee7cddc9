import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { createDriverRegistry } from '../../src/drivers/registry.ts';

const DOCS = path.join(import.meta.dirname, '../../docs');
const A_SECRET = '00112233445566778899aabbccddeeff';
const entries = z.object({ devices: z.array(z.looseObject({ driver: z.string() })) });

/** The blocks of YAML in a page that list devices, as they stand there. */
function devicesIn(page: string): readonly { readonly driver: string }[] {
	return [...page.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, yaml = '']) => {
		const block = entries.safeParse(parseYaml(yaml.replaceAll(/\$\{credential:[^}]+\}/g, A_SECRET)));
		return block.success ? block.data.devices : [];
	});
}

describe.each(createDriverRegistry().drivers.map((driver) => ({ kind: driver.kind, driver })))(
	'the page $kind in docs/drivers/',
	({ driver }) => {
		const file = path.join(DOCS, 'drivers', `${driver.kind}.md`);
		const page = existsSync(file) ? readFileSync(file, 'utf8') : '';

		test('says how to set the device up, what of it was not run on hardware, and how it is simulated', () => {
			expect(page).toMatch(new RegExp(`^# .*\`${driver.kind}\``));
			expect(page).toMatch(/hardware|physical/i);
			expect(page).toMatch(/^## Configuration$/m);
			if (driver.carrier === 'serial' || driver.carrier === 'hid') expect(page).toMatch(/sim:NAME/);
		});

		test('shows device entries that are valid', () => {
			const own = devicesIn(page).filter((entry) => entry.driver === driver.kind);
			expect(own.length).toBeGreaterThan(0);
			for (const entry of own) expect(driver.config.safeParse(entry)).toMatchObject({ success: true });
		});
	},
);
