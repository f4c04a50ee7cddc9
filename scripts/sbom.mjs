// node scripts/sbom.mjs > parkgate.cdx.json: the bill of materials as CycloneDX 1.6 (ECMA-424), of all that is installed with a
// gateway, from the lock file: the same bytes for the same lock. (`npm sbom --omit dev` leaves out what is also a peer of a tool.)
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const { name, version, packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

/** `@scope/name` keeps its slash and loses its sign (package-url specification). */
const purlOf = (library) => `pkg:npm/${library.name.replace('@', '%40')}@${library.version}`;

function componentOf([place, { version, integrity = '', license, optional, devOptional }]) {
	const library = { name: place.split('node_modules/').at(-1), version };
	const [algorithm, digest] = integrity.split('-');
	return {
		type: 'library',
		'bom-ref': purlOf(library),
		...library,
		scope: optional || devOptional ? 'optional' : 'required',
		...(algorithm === 'sha512' && {
			hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
		}),
		...(license !== undefined && {
			licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
		}),
		purl: purlOf(library),
	};
}

const installed = Object.entries(packages).filter(([place, { dev }]) => place !== '' && dev !== true);
const components = new Map(installed.map(componentOf).map((component) => [component['bom-ref'], component]));
const bill = {
	bomFormat: 'CycloneDX',
	specVersion: '1.6',
	version: 1,
	metadata: { component: { type: 'application', 'bom-ref': `pkg:npm/${name}@${version}`, name, version } },
	components: [...components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
};
process.stdout.write(`${JSON.stringify(bill, null, '\t')}\n`);
