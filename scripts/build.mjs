// Bundles the program into dist/: main and its workers as modules with shared chunks, and everything
// the console's pages load into dist/assets/. Does nothing when nothing changed.
import { createHash } from 'node:crypto';
import { chmodSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, transformSync } from 'esbuild';

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.build.json');
const startedMs = performance.now();
const require = createRequire(import.meta.url);

/** Stay packages of their own: native parts, or files they look up beside themselves. */
const EXTERNAL = ['better-sqlite3', '@serialport/bindings-cpp', 'node-hid', 'pdfkit', 'sharp'];

/** CommonJS packages inside a module still ask for Node's own modules by `require`. */
const BANNER =
	"import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

const inputs = hashInputs();
if (readStamp() === inputs) process.exit(0);

const outputs = new Map();
await Promise.all([bundleProgram(), bundleIslands()]);
addAssets();
writeOutputs();
writeAtomically(stampFile, JSON.stringify({ inputs, files: [...outputs.keys()].sort() }));
console.log(`Built dist/ in ${Math.round(performance.now() - startedMs)} ms.`);

async function bundleProgram() {
	const workers = globSync('src/**/*-{worker,process}.ts', { cwd: root });
	await bundle({
		entryPoints: ['src/main.ts', ...workers].map((file) => ({
			in: path.join(root, file),
			out: path.basename(file, '.ts'),
		})),
		outdir: dist,
		platform: 'node',
		target: 'node26',
		splitting: true,
		// Workers and assets are found beside the file that runs: all chunks lie in one directory.
		chunkNames: '[name]-[hash]',
		external: EXTERNAL,
		banner: { js: BANNER },
		jsx: 'automatic',
		jsxImportSource: 'hono/jsx',
		// What is loaded stays in memory as text, twice as long with one letter beyond ASCII in it: in a comment, mostly.
		minifyWhitespace: true,
		minifySyntax: true,
		// Names and short lines stay, so that a stack in a log says where.
		lineLimit: 160,
		sourcemap: 'linked',
	});
}

async function bundleIslands() {
	const islands = globSync('src/api/console/islands/*.ts', { cwd: root });
	if (islands.length === 0) return;
	await bundle({
		entryPoints: islands.map((file) => ({ in: path.join(root, file), out: path.basename(file, '.ts') })),
		outdir: path.join(dist, 'assets'),
		platform: 'browser',
		target: ['chrome120', 'firefox121', 'safari17'],
		splitting: true,
		chunkNames: '[name]-[hash]',
		minify: true,
		sourcemap: false,
	});
}

async function bundle(options) {
	const result = await build({
		absWorkingDir: root,
		bundle: true,
		format: 'esm',
		write: false,
		legalComments: 'linked',
		logLevel: 'warning',
		...options,
	});
	for (const file of result.outputFiles) outputs.set(path.relative(dist, file.path), file.contents);
}

function addAssets() {
	const from = path.join(root, 'src/api/console/assets');
	for (const file of globSync('**/*', { cwd: from })) {
		const source = path.join(from, file);
		if (!statSync(source).isFile()) continue;
		const bytes = readFileSync(source);
		outputs.set(path.join('assets', file), file.endsWith('.css') ? minifyCss(bytes) : bytes);
	}
	outputs.set(
		'common-passwords.bin',
		readFileSync(path.join(root, 'src/gateway/services/operators/common-passwords.bin')),
	);
	outputs.set('assets/htmx.min.js', readFileSync(require.resolve('htmx.org/dist/htmx.min.js')));
	outputs.set('assets/uPlot.min.css', readFileSync(require.resolve('uplot/dist/uPlot.min.css')));
}

function minifyCss(bytes) {
	return Buffer.from(transformSync(bytes.toString(), { loader: 'css', minify: true }).code);
}

function writeOutputs() {
	for (const file of readStampedFiles()) if (!outputs.has(file)) rmSync(path.join(dist, file), { force: true });
	for (const [file, bytes] of outputs) writeAtomically(path.join(dist, file), bytes);
	chmodSync(path.join(dist, 'main.js'), 0o755);
}

/** A program that starts while a build runs reads the old file or the new one, never half of one. */
function writeAtomically(file, bytes) {
	mkdirSync(path.dirname(file), { recursive: true });
	const temporary = `${file}.${process.pid}.tmp`;
	writeFileSync(temporary, bytes);
	renameSync(temporary, file);
}

function hashInputs() {
	const hash = createHash('sha256').update(process.version);
	const files = globSync(['src/**/*', 'scripts/build.mjs', 'package-lock.json'], { cwd: root }).sort();
	for (const file of files) {
		const { mtimeMs, size } = statSync(path.join(root, file));
		hash.update(`${file}\0${mtimeMs}\0${size}\0`);
	}
	return hash.digest('hex');
}

function readStamp() {
	return readStampFile().inputs;
}

function readStampedFiles() {
	return readStampFile().files ?? [];
}

function readStampFile() {
	try {
		return JSON.parse(readFileSync(stampFile, 'utf8'));
	} catch (error) {
		if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
		throw error;
	}
}
