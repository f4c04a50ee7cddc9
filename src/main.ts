#!/usr/bin/env node
import module from 'node:module';
import path from 'node:path';
import process from 'node:process';

// Only node: imports here, and by default export: this file must load on any Node to say what is missing.
const NEEDED_MAJOR = 26;
const foundMajor = Number.parseInt(process.versions.node, 10);

if (foundMajor < NEEDED_MAJOR) {
	process.stderr.write(
		`parkgate needs Node ${NEEDED_MAJOR} or later, found ${process.versions.node} (${process.execPath}).\n` +
			`Start it with \`npm start\`, or install Node ${NEEDED_MAJOR}: https://nodejs.org/\n`,
	);
	process.exitCode = 1;
} else {
	// Only what was built: the sources stay free of what a run leaves behind.
	if (import.meta.filename.endsWith('.js'))
		module.enableCompileCache(process.env['CACHE_DIRECTORY'] ?? path.join(import.meta.dirname, '.compile-cache'));
	const { runParkgate } = await import('./compose/program.ts');
	// A daemon that ends by signal would never write its cache; ten seconds in, all it uses is compiled.
	setTimeout(() => module.flushCompileCache(), 10_000).unref();
	process.exitCode = await runParkgate(process.argv.slice(2));
	// The command is over; a connection or timer that nobody closed must not keep the process.
	setTimeout(() => process.exit(), 1_000).unref();
}
