import type { CliHandlers } from '../api/cli/handlers.ts';
import { momentMs } from '../api/cli/moment.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Site } from '../gateway/core/site.ts';
import { createReplay } from '../gateway/services/decisions/replay.ts';
import { createWhatIf } from '../gateway/services/decisions/what-if.ts';
import { createFactsLoader } from '../gateway/services/lanes/load-facts.ts';
import { equipmentBeside } from '../gateway/services/licensing/equipment-beside.ts';
import type { LicenceKeys } from '../gateway/services/licensing/read-documents.ts';
import { type Directory, openDirectory } from '../gateway/store/directory.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets, requireFileWithoutSecrets } from './configuration.ts';
import { createSynchronisationCheck } from './time-synchronisation.ts';

/** Questions about decisions beside the running gateway: its files are read, never written. */
export const decisionCommands: Pick<CliHandlers, 'explain' | 'replay'> = {
	async explain({ configFile, at, laneId, ...question }) {
		await using opened = openSite(configFile);
		const { site, store, clock } = opened;
		const directory = opened.openDirectory();
		const isSynchronised = createSynchronisationCheck(clock);
		const isBehind = clock.nowMs() < store.settings.highestTimeMs();
		const loadFacts = createFactsLoader({
			...{ site, store, directory: directory.reader },
			equipment: await equipmentBeside({ site, keys: opened.keys, store, nowMs: clock.nowMs(), log: opened.log }),
			// Only the gateway remembers where credentials passed in the last seconds.
			lastUse: () => undefined,
			clockTrust: () => (isSynchronised() ? 'synced' : isBehind ? 'untrusted' : 'held'),
		});
		const whatIf = createWhatIf({ site, directory: directory.reader, loadFacts, modeOf: store.laneModes.get });
		const atMs = momentMs(at, clock.nowMs());
		const answer = whatIf.check({ ...question, laneId, atMs });
		const laneName = site.lanes.find(({ id }) => id === laneId)?.name ?? laneId;
		return { ...answer, atMs, laneId, laneName, timeZone: site.timeZone };
	},

	async replay({ configFile, proposedFile, since, until, signal, onProgress }) {
		const proposed = proposedFile === undefined ? undefined : requireFileWithoutSecrets(proposedFile).config.site;
		await using opened = openSite(configFile);
		const { store, clock, site } = opened;
		const nowMs = clock.nowMs();
		const span = { sinceMs: momentMs(since, nowMs), ...(until !== undefined && { untilMs: momentMs(until, nowMs) }) };
		const total = store.decisions.count(span.sinceMs, span.untilMs ?? Number.MAX_SAFE_INTEGER);
		const report = await createReplay(store).since({
			...span,
			...(proposed !== undefined && { proposed }),
			maximumChanges: LIMITS.replayedChanges,
			signal,
			onProgress: (done) => onProgress(done, total),
		});
		return { ...report, timeZone: site.timeZone, complete: !signal.aborted };
	},
};

interface OpenedSite extends AsyncDisposable {
	readonly site: Site;
	readonly store: SiteStore;
	readonly clock: ReturnType<typeof createSystemClock>;
	readonly log: Log;
	readonly keys: LicenceKeys;
	/** Closed with the site. */
	openDirectory(): Directory;
}

function openSite(configFile: string): OpenedSite {
	const { site, store: settings, licence } = requireConfigWithoutSecrets(configFile);
	const clock = createSystemClock();
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	const dir = settings.dir;
	const opened = new AsyncDisposableStack();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log, readOnly: true });
	opened.defer(() => store.close());
	return {
		...{ site, store, clock, log, keys: licence ?? {} },
		openDirectory() {
			const directory = openDirectory({ dir, store, log, readOnly: true });
			opened.defer(() => directory.close());
			return directory;
		},
		[Symbol.asyncDispose]: () => opened.disposeAsync(),
	};
}
