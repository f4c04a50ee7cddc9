import { execFile } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

// A build takes a second or two, on a busy machine many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let clone: string;
const inClone = (name: string) => path.join(clone, name);

beforeAll(async () => {
	clone = mkdtempSync(path.join(tmpdir(), 'parkgate-build-'));
	for (const name of ['src', 'config', 'scripts', 'package.json', 'package-lock.json'])
		cpSync(path.join(ROOT, name), inClone(name), { recursive: true });
	symlinkSync(path.join(ROOT, 'node_modules'), inClone('node_modules'));
	await build();
});
afterAll(() => rmSync(clone, { recursive: true }));

async function build(): Promise<string> {
	const { stdout, stderr } = await run(process.execPath, [inClone('scripts/build.mjs')], { cwd: tmpdir() });
	expect(stderr).toBe('');
	return stdout;
}

describe('the build', () => {
	it('makes a program that runs from anywhere', async () => {
		const { stdout } = await run(inClone('dist/main.js'), ['--version'], {
			cwd: tmpdir(),
			env: { PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` },
		});
		expect(stdout.trim()).toBe(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version);
	});

	it('puts every worker beside the program, where the program looks for it', () => {
		const workers = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('-worker.ts'))
			.map((name) => path.basename(name, '.ts'));
		expect(workers).toContain('directory-worker');
		for (const worker of workers) expect(existsSync(inClone(`dist/${worker}.js`))).toBe(true);
	});

	it('serves the console from files of its own: styles, htmx, islands', () => {
		const assets = readdirSync(inClone('dist/assets'));
		expect(assets).toEqual(expect.arrayContaining(['htmx.min.js', 'base.css', 'favicon.svg', 'live.js']));
		for (const name of assets.filter((file) => /\.(?:css|js)$/.test(file)))
			expect(readFileSync(inClone(`dist/assets/${name}`), 'utf8')).not.toMatch(/(?:import|url\(|src=)\s*["']?https?:/);
	});

	it('maps the program back to its sources', () => {
		const map = JSON.parse(readFileSync(inClone('dist/main.js.map'), 'utf8'));
		expect(map.sources).toContain('../src/main.ts');
	});

	it('does nothing when nothing changed, and takes away what is no longer made', async () => {
		const before = statSync(inClone('dist/main.js')).mtimeMs;
		expect(await build()).toBe('');
		expect(statSync(inClone('dist/main.js')).mtimeMs).toBe(before);

		const stylesheet = inClone('src/api/console/assets/of-this-test.css');
		writeFileSync(stylesheet, 'a {\n  color: red;\n}\n');
		expect(await build()).toMatch(/^Built dist\/ in \d+ ms\.\n$/);
		expect(readFileSync(inClone('dist/assets/of-this-test.css'), 'utf8')).toBe('a{color:red}\n');
		rmSync(stylesheet);
		await build();
		expect(existsSync(inClone('dist/assets/of-this-test.css'))).toBe(false);
		expect(
			readdirSync(inClone('dist'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp')),
		).toEqual([]);
	});

	it('fails with the place when a source is broken, and leaves the last program', async () => {
		const broken = inClone('src/broken-worker.ts');
		writeFileSync(broken, 'export const = 1;\n');
		await expect(run(process.execPath, [inClone('scripts/build.mjs')])).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringContaining('src/broken-worker.ts:1:13'),
		});
		rmSync(broken);
		expect(existsSync(inClone('dist/main.js'))).toBe(true);
	});
});

describe('an older Node', () => {
	it('is told what is needed before anything is loaded that would crash it', async () => {
		const pretend = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
		const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, inClone('dist/main.js'), 'run'];
		await expect(run(process.execPath, args)).rejects.toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringMatching(
				/^parkgate needs Node 26 or later, found 20\.20\.2 \(.+\)\.\nStart it with `npm start`/,
			),
		});
	});
});
