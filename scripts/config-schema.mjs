// Writes config/gateway.schema.json and config/central.schema.json from the schemas of the code; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { centralJsonSchema, gatewayJsonSchema } from '../src/config/json-schema.ts';
import { createDriverRegistry } from '../src/drivers/registry.ts';

const config = path.join(path.dirname(import.meta.dirname), 'config');
const drivers = new Map(createDriverRegistry().drivers.map((driver) => [driver.kind, driver.config]));
const schemas = { 'gateway.schema.json': gatewayJsonSchema(drivers), 'central.schema.json': centralJsonSchema() };

for (const [name, schema] of Object.entries(schemas)) {
	const file = path.join(config, name);
	const text = `${JSON.stringify(schema, null, 2)}\n`;
	if (!process.argv.includes('--check')) {
		writeFileSync(file, text);
		console.log(`Wrote config/${name}.`);
	} else if (readIfThere(file) !== text) {
		console.error(`config/${name} is not what the code says. Run: npm run schema`);
		process.exitCode = 1;
	}
}

function readIfThere(file) {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (error.code === 'ENOENT') return undefined;
		throw error;
	}
}
