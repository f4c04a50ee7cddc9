import module from 'node:module';
import path from 'node:path';
import process from 'node:process';

/**
 * Loaded before every test file: libraries, and the sources that worker threads and programs of tests run as they are, are
 * parsed and stripped of types once and not for each of them. What coverage looks at is loaded by Vitest itself, past this.
 */
const dir = path.join(import.meta.dirname, '../../node_modules/.cache/compiled-for-tests');
delete process.env['NODE_DISABLE_COMPILE_CACHE'];
process.env['NODE_COMPILE_CACHE'] = dir;
module.enableCompileCache(dir);
