import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.dirname(import.meta.dirname);

interface SourceFile {
	/** From the root: `src/gateway/core/site.ts`. */
	readonly name: string;
	readonly text: string;
	/** Without comments and the contents of strings, for rules about code. */
	readonly code: string;
	readonly imports: readonly string[];
}

const SOURCES = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).map(readSource);
const SCRIPTS_AND_TESTS = globSync(['scripts/**/*.mjs', 'test/**/*.{ts,tsx}'], {
	cwd: ROOT,
	exclude: ['test/fixtures/**'],
});

/** Rooms by their folder, the most specific first, and the rooms each may import besides itself. */
const ROOMS: readonly (readonly [folder: string, mayImport: readonly string[]])[] = [
	['src/gateway/core', []],
	['src/gateway/store', ['src/gateway/core']],
	['src/gateway/services', ['src/gateway/core', 'src/gateway/store']],
	['src/drivers', ['src/gateway/core']],
	['src/sync', ['src/gateway/core', 'src/gateway/services']],
	['src/api', ['src/gateway/core', 'src/gateway/services']],
	['src/config', ['src/gateway/core']],
	['src/simulation', ['src/gateway/core', 'src/drivers']],
	['src/compose', ['src']],
	['src', ['src/gateway/core', 'src/compose']],
];

/** Every library in use, and the only places that may import it. One that is not listed has no place yet. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
	'@hono/node-server': ['src/api/http/'],
	'@hono/zod-openapi': ['src/api/http/', 'src/api/central/'],
	'@peculiar/x509': ['src/api/http/own-certificate.ts'],
	'@remix-run/multipart-parser': ['src/drivers/ports/http-push-multipart.ts'],
	'@simplewebauthn/browser': ['src/api/console/islands/passkeys.ts'],
	'@simplewebauthn/server': ['src/gateway/services/operators/webauthn.ts'],
	aedes: ['src/sync/embedded-broker.ts'],
	'better-sqlite3': ['src/gateway/store/', 'src/sync/central/'],
	commander: ['src/api/cli/'],
	'csv-parse': ['src/gateway/services/tables/read-csv.ts'],
	'csv-stringify': ['src/gateway/services/tables/write-csv.ts'],
	'fast-xml-parser': ['src/drivers/ports/http-push-xml.ts'],
	hono: ['src/api/http/', 'src/api/console/', 'src/api/central/'],
	hucre: ['src/gateway/services/tables/write-xlsx.ts'],
	jose: ['src/gateway/services/licensing/signed-document.ts'],
	'modbus-serial': [],
	mqtt: ['src/sync/mqtt-link.ts'],
	'node-hid': ['src/drivers/ports/'],
	nodemailer: ['src/gateway/services/mail/smtp.ts'],
	otpauth: ['src/gateway/services/operators/totp.ts'],
	pdfkit: ['src/gateway/services/hand-over/print-hand-over.ts'],
	pino: ['src/log.ts'],
	'prom-client': ['src/gateway/services/metrics.ts'],
	qrcode: ['src/api/console/'],
	'reflect-metadata': ['src/api/http/own-certificate.ts'],
	saxes: ['src/gateway/services/tables/xlsx-xml.ts'],
	serialport: ['src/drivers/ports/'],
	sharp: ['src/gateway/services/evidence/'],
	uplot: ['src/api/console/islands/chart.ts'],
	yaml: ['src/config/'],
	yauzl: ['src/gateway/services/tables/xlsx-archive.ts'],
	zod: ['src/gateway/core/', 'src/drivers/', 'src/sync/', 'src/api/', 'src/config/'],
};

const LONGEST_FILE = 300;
const MEANINGLESS_NAMES = /^(?:utils?|helpers?|manager|types|common|misc|shared|constants|interfaces)$/;

describe('D: the sources', () => {
	it('are found', () => {
		expect(SOURCES.length).toBeGreaterThan(100);
		expect(SCRIPTS_AND_TESTS.length).toBeGreaterThan(20);
		expect(SOURCES.flatMap((file) => file.imports).length).toBeGreaterThan(200);
	});

	it('import only what their room may see', () => {
		expect(offences((file) => file.imports.filter((target) => isRelative(target) && !mayImport(file, target)))).toEqual(
			[],
		);
	});

	it('import each library only where it has its place', () => {
		const outside = (target: string) => !isRelative(target) && !target.startsWith('node:');
		expect(offences((file) => file.imports.filter((target) => outside(target) && !hasItsPlace(file, target)))).toEqual(
			[],
		);
	});

	it('name the files they import with their ending', () => {
		expect(
			offences((file) => file.imports.filter((target) => isRelative(target) && !/\.(?:tsx?|json)$/.test(target))),
		).toEqual([]);
	});

	it(`have at most ${LONGEST_FILE} lines each`, () => {
		const lines = (file: SourceFile) => file.text.trimEnd().split('\n').length;
		expect(offences((file) => (lines(file) > LONGEST_FILE ? [`${lines(file)} lines`] : []))).toEqual([]);
	});

	it('are named by their content, in kebab-case, tests and scripts too', () => {
		const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
		const badlyNamed = [...SOURCES.map((file) => file.name), ...SCRIPTS_AND_TESTS].filter((name) => {
			const [stem = ''] = path.basename(name).split('.');
			return (
				!kebab.test(stem) ||
				MEANINGLESS_NAMES.test(stem) ||
				!path
					.dirname(name)
					.split('/')
					.every((folder) => kebab.test(folder))
			);
		});
		expect(badlyNamed).toEqual([]);
	});

	it('have an index.ts only where a driver declares itself', () => {
		const indexes = SOURCES.map((file) => file.name).filter((name) => path.basename(name).startsWith('index.'));
		expect(indexes.filter((name) => !/^src\/drivers\/[a-z0-9-]+\/index\.ts$/.test(name))).toEqual([]);
	});

	it('export no function or constant that no other file names', () => {
		const namedIn = new Map<string, number>();
		const others = SCRIPTS_AND_TESTS.map((name) => readFileSync(path.join(ROOT, name), 'utf8'));
		for (const text of [...SOURCES.map((file) => file.code), ...others]) {
			for (const word of new Set(text.match(/\b[A-Za-z_]\w+\b/g))) namedIn.set(word, (namedIn.get(word) ?? 0) + 1);
		}
		const exported = (file: SourceFile) =>
			[...file.code.matchAll(/^export (?:async )?(?:function|const)\s+(\w+)/gm)].map(([, name = '']) => name);
		expect(
			SOURCES.flatMap((file) =>
				exported(file)
					.filter((name) => namedIn.get(name) === 1)
					.map((name) => `${file.name}: ${name}`),
			),
		).toEqual([]);
	});

	it('leave no loose ends', () => {
		const inText = /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable/;
		const inCode = /\bas any\b|: any\b|<any>|catch\s*(?:\([^)]*\)\s*)?\{\s*\}/;
		expect(offences((file) => [...(inText.exec(file.text) ?? []), ...(inCode.exec(file.code) ?? [])])).toEqual([]);
	});
});

describe('the core', () => {
	const core = SOURCES.filter((file) => file.name.startsWith('src/gateway/core/'));

	it('is pure: no input or output, no time, no chance, no environment', () => {
		expect(core.length).toBeGreaterThan(20);
		const impure =
			/\bDate\.now\b|\bnew Date\(\s*\)|\bTemporal\.Now\b|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\bcrypto\b|\bprocess\b|\bconsole\b|\bfetch\(|\bglobalThis\b/;
		const found = (file: SourceFile) => [
			...file.imports.filter((target) => target.startsWith('node:')),
			...(impure.exec(file.code) ?? []),
		];
		expect(offences(found, core)).toEqual([]);
	});
});

describe('the repository', () => {
	const files = globSync(
		['*', 'src/**/*', 'test/**/*', 'scripts/**/*', 'config/**/*', 'docs/**/*', 'systemd/**/*', '.ci/*'],
		{
			cwd: ROOT,
			exclude: ['node_modules', 'dist', 'var', 'coverage', 'package-lock.json'],
			withFileTypes: true,
		},
	)
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));

	it('has no test that is skipped, alone or repeated until it passes', () => {
		const loose = SCRIPTS_AND_TESTS.filter((name) =>
			/\b(?:it|test|describe)\.(?:skip|only|todo|fails|skipIf|runIf)\b|\bretry:\s*[1-9]/.test(
				code(readFileSync(path.join(ROOT, name), 'utf8')),
			),
		);
		expect(loose).toEqual([]);
	});

	it('names no path of the machine it was made on', () => {
		expect(files.length).toBeGreaterThan(150);
		const home = /\/wor[k]\/|\/hom[e]\/[a-z]|\/tm[p]\/bash_jobs/;
		expect(
			files.filter((name) => home.test(readFileSync(name, 'latin1'))).map((name) => path.relative(ROOT, name)),
		).toEqual([]);
	});
});

function readSource(name: string): SourceFile {
	const text = readFileSync(path.join(ROOT, name), 'utf8');
	return { name, text, code: code(text), imports: importsOf(text) };
}

/** Static, re-exporting and dynamic imports, of values and of types. */
function importsOf(text: string): string[] {
	const patterns = [
		/^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm,
		/^\s*import\s*['"]([^'"]+)['"]/gm,
		/\bimport\(\s*['"]([^'"]+)['"]/g,
		/\brequire\(\s*['"]([^'"]+)['"]/g,
	];
	return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** Comments and contents of strings become blanks; templates keep their code. */
function code(text: string): string {
	return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (piece) =>
		piece.startsWith('/') ? ' ' : "''",
	);
}

/** What a rule found, each with its file. */
function offences(find: (file: SourceFile) => readonly string[], files: readonly SourceFile[] = SOURCES): string[] {
	return files.flatMap((file) => find(file).map((found) => `${file.name}: ${found}`));
}

function isRelative(target: string): boolean {
	return target.startsWith('.');
}

function roomOf(name: string): readonly [folder: string, mayImport: readonly string[]] {
	const room = ROOMS.find(([folder]) => name.startsWith(`${folder}/`));
	if (room === undefined) throw new Error(`${name} is in no room`);
	return room;
}

function mayImport(file: SourceFile, target: string): boolean {
	const [room, others] = roomOf(file.name);
	const targetName = path.posix.join(path.posix.dirname(file.name), target);
	const [targetRoom] = roomOf(targetName);
	if (room === 'src/compose') return true;
	if (targetRoom === 'src') return false;
	return targetRoom === room || others.includes(targetRoom);
}

function hasItsPlace(file: SourceFile, target: string): boolean {
	const library = target
		.split('/')
		.slice(0, target.startsWith('@') ? 2 : 1)
		.join('/');
	return (LIBRARIES[library] ?? []).some((place) => file.name.startsWith(place));
}
