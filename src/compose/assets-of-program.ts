import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AssetSources } from '../api/http/assets.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';

/** The console's files as the build laid them beside the program; from source, in the last build. */
export function assetSources(): AssetSources {
	const candidates = [path.join(import.meta.dirname, 'assets'), path.join(import.meta.dirname, '../../dist/assets')];
	const dir = candidates.find((candidate) => existsSync(candidate));
	if (dir === undefined)
		throw new GatewayError('SYSTEM_PART_MISSING', 'the console has not been built; run `npm run build`');
	return { dirs: [dir] };
}
