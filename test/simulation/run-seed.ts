import { createHash } from 'node:crypto';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { createBookkeepingCheck } from './checks/bookkeeping.ts';
import { matchCrossings } from './checks/crossings.ts';
import { createDecisionCheck } from './checks/decisions.ts';
import { checkExits } from './checks/exits.ts';
import { createHoldCheck } from './checks/holds.ts';
import { createPulseCheck } from './checks/pulses.ts';
import { checkTruth } from './checks/truth.ts';
import { perform } from './perform.ts';
import { count, type Records } from './records.ts';
import { type Action, planScenario } from './scenario.ts';
import { createSimulatedSite, type SimulatedSite, type SimulatedSiteOptions, type Watcher } from './simulated-site.ts';

export interface RunOptions extends Pick<SimulatedSiteOptions, 'seed' | 'tamper'> {
	/** About how many come. */
	readonly vehicles?: number;
	/** What happens, instead of the seed's own. */
	readonly actions?: readonly Action[];
}

export interface Run {
	readonly seed: number;
	readonly actions: readonly Action[];
	readonly records: Records;
	/** Of every row of the journal, in order: the same for the same seed. */
	readonly journalHash: string;
	readonly virtualMs: number;
}

export const USUAL_VEHICLES = 100;

/** Lives one seed through and looks at everything that has to hold. */
export async function runSeed({ seed, vehicles = USUAL_VEHICLES, actions: given, tamper }: RunOptions): Promise<Run> {
	let watcher: Watcher | undefined;
	const site = createSimulatedSite({
		...{ seed, ...(tamper === undefined ? {} : { tamper }) },
		watch: {
			onEntry: (committed) => watcher?.onEntry(committed),
			onPulse: (pulse, portOpenedMs) => watcher?.onPulse(pulse, portOpenedMs),
			onHold: (hold) => watcher?.onHold(hold),
		},
	});
	const actions = given ?? planScenario(seed, site, vehicles);
	const checks = createChecks(site);
	watcher = checks;
	try {
		for (const action of actions) {
			await site.clock.advanceAsync(action.afterMs);
			await site.bury();
			await perform(site, action);
			if (action.do === 'settle') checks.onSettled();
		}
		lookBack(site);
	} catch (error) {
		site.violate('alive', error instanceof Error ? (error.stack ?? error.message) : String(error));
	} finally {
		await site.end();
	}
	const { records, clock } = site;
	for (const { entry } of records.journal) count(records, kindOf(entry));
	return { seed, actions, records, journalHash: hashOf(records), virtualMs: clock.monotonicMs() };
}

function createChecks(site: SimulatedSite): Watcher & { onSettled(): void } {
	const { violate, clock, records } = site;
	const lanes = new Map(site.config.site.lanes.map((lane) => [lane.id, lane]));
	const pulses = createPulseCheck({
		violate,
		opensUnrecorded(laneId) {
			const lane = lanes.get(laneId);
			// A reversible lane is an exit for those who come from inside.
			return site.isUnrecorded() && (lane?.kind === 'reversible' || lane?.rules.onStoreFailure === 'open');
		},
	});
	const decisions = createDecisionCheck({
		violate,
		nowMs: clock.monotonicMs,
		wallMs: clock.nowMs,
		shown: site.streets.shown,
		replays: (decisionId) => site.tail()?.replays(decisionId) ?? 'unknown',
		centralRow: site.centralRow,
	});
	const books = createBookkeepingCheck({ site: site.config.site, violate, isJournalBehind: site.isJournalBehind });
	const holds = createHoldCheck({ violate, nowMs: clock.monotonicMs, life: site.lives, lastFireMs: site.lastFireMs });
	return {
		onEntry(committed) {
			pulses.onEntry(committed);
			decisions.onEntry(committed);
			books.onEntry(committed);
			holds.onEntry(committed);
		},
		onPulse: pulses.onPulse,
		onHold: holds.onHold,
		onSettled() {
			pulses.onSettled();
			const settled = records.settled.at(-1);
			if (settled !== undefined) books.onSettled(settled);
		},
	};
}

/** What can only be told from the end. */
function lookBack({ records, config, sight, violate, log }: SimulatedSite): void {
	const { site } = config;
	const matches = matchCrossings(records, site.lanes, sight, violate);
	checkTruth(records, site, matches, violate);
	checkExits(records, site.lanes, sight, violate);
	for (const { unseen } of matches.crossings)
		if (unseen !== null) count(records, `not seen for sure: ${unseen.replace(/ from .*/, '')}`);
	for (const { level, fields, message } of log.lines) {
		const error: unknown = 'err' in fields ? fields.err : undefined;
		if (level !== 'error' || error instanceof GatewayError) continue;
		violate('alive', `${message}: ${error instanceof Error ? error.stack : String(error)}`);
	}
}

function kindOf(entry: Records['journal'][number]['entry']): string {
	switch (entry.type) {
		case 'decision':
			return `decision ${entry.decision.headline ?? 'granted'}`;
		case 'vend':
			return `vend ${entry.outcome === 'requested' ? 'requested' : entry.outcome.result}`;
		case 'passage':
			return `passage ${entry.certainty}`;
		case 'lane':
			return `lane ${entry.event}`;
		case 'stay':
			return `stay ${entry.event}`;
		case 'device':
			return `device ${entry.state}`;
		case 'audit':
			return `audit ${entry.action}`;
		case 'edit':
			return `edit ${entry.table}`;
		case 'evidence':
			return 'evidence';
		case 'gap':
			return `gap ${entry.because}`;
	}
}

function hashOf({ journal }: Records): string {
	const hash = createHash('sha256');
	for (const { life, seq, entry } of journal) hash.update(`${life} ${seq} ${JSON.stringify(entry)}\n`);
	return hash.digest('hex');
}
