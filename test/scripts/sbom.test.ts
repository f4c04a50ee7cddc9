import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

interface Component {
	readonly name: string;
	readonly version: string;
	readonly purl: string;
	readonly hashes?: readonly { readonly content: string }[];
}

it('lists every library of production with its version and digest, and none that only builds or tests', () => {
	const script = path.join(ROOT, 'scripts/sbom.mjs');
	const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
	expect(status).toBe(0);
	const bill = JSON.parse(stdout);
	expect(bill).toMatchObject({
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		metadata: { component: { name: 'parkgate' } },
	});
	const components: readonly Component[] = bill.components;
	const listed = new Map(components.map((component) => [`${component.name}@${component.version}`, component]));
	expect(listed.size).toBe(components.length);
	const wanted = Object.entries<string>({ ...manifest.dependencies, ...manifest.optionalDependencies });
	expect(wanted.length).toBeGreaterThan(20);
	expect(wanted.map(([name, version]) => `${name}@${version}`).filter((library) => !listed.has(library))).toEqual([]);
	// With what they need themselves: the library of passkeys has its certificates from here.
	expect(components.map(({ name }) => name)).toContain('@peculiar/asn1-schema');
	const tools = ['@biomejs/biome', 'esbuild', 'fast-check', 'playwright-core', 'typescript', 'vitest'];
	expect(Object.keys(manifest.devDependencies)).toEqual(expect.arrayContaining(tools));
	expect(components.filter(({ name }) => tools.includes(name))).toEqual([]);
	expect(components.filter(({ hashes }) => hashes?.[0]?.content.length !== 128)).toEqual([]);
	expect(listed.get(`@simplewebauthn/server@${manifest.dependencies['@simplewebauthn/server']}`)?.purl).toMatch(
		/^pkg:npm\/%40simplewebauthn\/server@\d/,
	);
});
