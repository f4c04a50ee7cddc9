// Writes docs/asyncapi.yaml from the code's own schemas and topics; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { MESSAGES } from '../src/sync/envelope.ts';
import { asyncApiDocument } from './asyncapi-document.mjs';

const file = path.join(path.dirname(import.meta.dirname), 'docs', 'asyncapi.yaml');
const heading = '# Generated from the code by scripts/asyncapi.mjs: change src/sync/, not this file.\n';
const text =
	heading + stringify(asyncApiDocument(), { lineWidth: 120, blockQuote: 'literal', aliasDuplicateObjects: false });

if (!process.argv.includes('--check')) {
	writeFileSync(file, text);
	console.log(`Wrote docs/asyncapi.yaml with ${Object.keys(MESSAGES).length} messages.`);
} else if (readIfThere() !== text) {
	console.error('docs/asyncapi.yaml is not what the code says. Run: node scripts/asyncapi.mjs');
	process.exitCode = 1;
}

function readIfThere() {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (error.code === 'ENOENT') return undefined;
		throw error;
	}
}
