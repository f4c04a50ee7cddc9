import { randomUUIDv7 } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CliHandlers, ImportCommandOptions } from '../api/cli/handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { type DraftImport, draftImport } from '../gateway/services/imports/draft-import.ts';
import { findMapping, optionsOf } from '../gateway/services/imports/import-mappings.ts';
import type { Import, ImportOptions } from '../gateway/services/imports/imports.ts';
import { isUnderWay } from '../gateway/services/imports/run-import.ts';
import { standingBeside } from '../gateway/services/licensing/standing-beside.ts';
import { openDirectory } from '../gateway/store/directory.ts';
import { openSiteStore, SITE_FILE, type SiteStore } from '../gateway/store/site-store.ts';
import { lockStore } from '../gateway/store/store-lock.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';
import { wireDirectory } from './directory-of-site.ts';
import { IMPORTS_DIR, wireImports } from './imports-of-site.ts';

/** How often the gateway's progress is looked at, and how long it may take to begin. */
const LOOK_MS = 300;
const BEGIN_MS = 60_000;

/** A running gateway carries an import out itself, as only it knows what its lanes are doing; without one the command does. */
export const importCommand: Pick<CliHandlers, 'importTable'> = {
	async importTable(asked) {
		const config = requireConfigWithoutSecrets(asked.configFile);
		await using stack = new AsyncDisposableStack();
		const alone = lockAlone(config.store.dir);
		if (alone !== undefined) stack.use(alone);
		const log = createLog({ level: 'error', format: 'text', write: () => undefined });
		const clock = createSystemClock();
		const { dir } = config.store;
		const readOnly = alone === undefined;
		const store = openSiteStore({ dir, nowMs: clock.nowMs, log, readOnly });
		stack.defer(() => store.close());
		const directory = openDirectory({ dir, store, log, readOnly });
		stack.defer(() => directory.close());
		using draft = await draftImport(
			{ id: randomUUIDv7(), kind: asked.kind, fileName: asked.fileName, operatorId: null },
			asked.bytes,
			withSaved(asked, store),
			{
				dir: path.join(dir, IMPORTS_DIR),
				directoryFile: path.join(dir, store.settings.directoryFile() ?? ''),
				siteFile: path.join(dir, SITE_FILE),
				timeZone: config.site.timeZone,
				nowMs: clock.nowMs,
				onRows: (rows) => asked.onProgress('read', rows, 0),
				signal: asked.signal,
			},
		);
		if (asked.dryRun || !canApply(draft.import)) return draft.import;
		draft.handOver();
		if (alone !== undefined) await carryOut({ config, clock, log, store, directory }, stack);
		return await waitFor(draft, asked);
	},
};

/** What the saved mapping says, and beyond it what was asked for. Throws NOT_FOUND. */
function withSaved({ mapping, kind, options }: ImportCommandOptions, store: SiteStore): ImportOptions {
	if (mapping === undefined) return options;
	const found = findMapping(store, kind, mapping);
	if (found === undefined) {
		const names = store.importMappings.list().filter((one) => one.kind === kind);
		const known = names.map(({ name }) => JSON.stringify(name)).join(', ');
		throw new GatewayError(
			'NOT_FOUND',
			`There is no saved mapping ${JSON.stringify(mapping)} for ${kind}. ${known === '' ? 'None is saved yet; save one in the console.' : `There is ${known}.`}`,
		);
	}
	const { emptyCells = found.emptyCells } = options;
	return { ...options, ...optionsOf(found, options.named), emptyCells };
}

/** undefined: a gateway runs. */
function lockAlone(dir: string): Disposable | undefined {
	try {
		return lockStore(dir);
	} catch (error) {
		if (error instanceof GatewayError && error.code === 'STORE_UNAVAILABLE') return undefined;
		throw error;
	}
}

function canApply({ state, preview }: Import): boolean {
	return state.stage === 'previewed' && state.total > 0 && preview?.problems.errors === 0;
}

/** In place of the gateway: what was handed over is found at the start. */
async function carryOut(
	deps: { readonly config: GatewayConfig } & Pick<
		Parameters<typeof wireDirectory>[0],
		'clock' | 'log' | 'store' | 'directory'
	>,
	stack: AsyncDisposableStack,
): Promise<void> {
	const { config, store, log, clock } = deps;
	const { site } = config;
	const licensed = await standingBeside({ site, keys: config.licence ?? {}, store, log, nowMs: clock.nowMs() });
	const shared = { ...deps, site, newId: randomUUIDv7, journalGrew: () => undefined };
	const { edits } = wireDirectory(
		{ ...shared, licensed: () => licensed, hasCentral: config.mqtt !== undefined },
		stack,
	);
	const imports = wireImports({ ...shared, edits });
	stack.defer(() => imports.stop());
}

async function waitFor(draft: DraftImport, { onProgress, signal }: ImportCommandOptions): Promise<Import> {
	const startedMs = performance.now();
	for (;;) {
		const now = draft.look() ?? draft.import;
		const { stage, done, total } = now.state;
		if (stage !== 'previewed' && !isUnderWay(stage)) return now;
		if (stage === 'confirmed' && performance.now() - startedMs > BEGIN_MS)
			throw new GatewayError(
				'CONFLICT',
				'The gateway has not begun with the import within a minute; it is kept and made when the gateway gets to it. Look at its log.',
			);
		onProgress('changed', done, total);
		if (signal.aborted) return now;
		await wait(LOOK_MS);
	}
}
