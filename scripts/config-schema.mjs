// Writes config/gateway.schema.json from the schemas of the code; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gatewayJsonSchema } from '../src/config/json-schema.ts';
import { createDriverRegistry } from '../src/drivers/registry.ts';

const file = path.join(path.dirname(import.meta.dirname), 'config', 'gateway.schema.json');
const drivers = new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));
const text = `${JSON.stringify(gatewayJsonSchema(drivers), null, 2)}\n`;

if (!process.argv.includes('--check')) {
	writeFileSync(file, text);
	console.log(`Wrote config/gateway.schema.json with ${drivers.size} drivers.`);
} else if (readIfThere() !== text) {
	console.error('config/gateway.schema.json is not what the code says. Run: npm run schema');
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
