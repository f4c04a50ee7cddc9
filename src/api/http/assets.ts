import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { getMimeType } from 'hono/utils/mime';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { HttpContext } from './login-context.ts';

/** Style sheets, scripts, fonts and pictures of the console, served from memory under `/assets/`. */
export interface Assets {
	/** `/assets/<version>/<name>`: the version changes with any file, so browsers may keep it for good. Throws NOT_FOUND at a misspelt name. */
	url(name: string): string;
	serve(c: HttpContext): Response;
}

export interface AssetSources {
	/** Every file below them, by its path from there. */
	readonly dirs: readonly string[];
	/** Single files under a name of their own, such as a library's from node_modules. */
	readonly files?: Readonly<Record<string, string>>;
}

interface Asset {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly contentType: string;
	readonly etag: string;
}

const PREFIX = '/assets/';
const FOREVER = 'public, max-age=31536000, immutable';

/** Reads everything once; a changed file needs a restart. One version for all, so that scripts find each other by relative names. */
export function createAssets({ dirs, files = {} }: AssetSources): Assets {
	const assets = new Map<string, Asset>();
	for (const dir of dirs) {
		for (const name of filesBelow(dir)) assets.set(name, readAsset(path.join(dir, name), name));
	}
	for (const [name, file] of Object.entries(files)) assets.set(name, readAsset(file, name));
	checkSize(assets);
	const version = versionOf(assets);
	return {
		url(name) {
			if (!assets.has(name)) throw new GatewayError('NOT_FOUND', `There is no asset ${name}; see ${dirs.join(', ')}.`);
			return `${PREFIX}${version}/${name}`;
		},
		serve(c) {
			const name = c.req.path.slice(PREFIX.length);
			const current = name.startsWith(`${version}/`);
			// Pages from before an update ask with the old version, or a manifest by its bare name.
			const asset = assets.get(name) ?? assets.get(name.slice(name.indexOf('/') + 1));
			if (asset === undefined) return c.notFound() as Response;
			c.header('Cache-Control', current ? FOREVER : 'no-cache');
			c.header('ETag', asset.etag);
			if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304);
			return c.body(asset.bytes, 200, { 'Content-Type': asset.contentType });
		},
	};
}

function filesBelow(dir: string): readonly string[] {
	return readdirSync(dir, { recursive: true, encoding: 'utf8' })
		.filter((name) => statSync(path.join(dir, name)).isFile())
		.map((name) => name.split(path.sep).join('/'))
		.sort();
}

function readAsset(file: string, name: string): Asset {
	const bytes = new Uint8Array(readFileSync(file));
	const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
	return { bytes, contentType: getMimeType(name) ?? 'application/octet-stream', etag };
}

function versionOf(assets: ReadonlyMap<string, Asset>): string {
	const hash = createHash('sha256');
	for (const [name, { etag }] of assets) hash.update(`${name}\0${etag}\0`);
	return hash.digest('hex').slice(0, 12);
}

function checkSize(assets: ReadonlyMap<string, Asset>): void {
	const total = assets.values().reduce((sum, { bytes }) => sum + bytes.length, 0);
	if (total > LIMITS.assetBytes)
		throw new GatewayError('INTERNAL', `The assets are ${total} bytes, over LIMITS.assetBytes.`);
}
