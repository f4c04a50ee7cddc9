import { isDeepStrictEqual } from 'node:util';
import { decideAccess } from '../../core/access/decide-access.ts';
import type { Decision } from '../../core/access/decision.ts';
import type { AccessFacts, AreaFact } from '../../core/access/facts.ts';
import { RULE_SET } from '../../core/access/rule-set.ts';
import { areaChain, parkOfLane } from '../../core/area-chain.ts';
import { orientLane } from '../../core/lane/orient-lane.ts';
import type { ReasonCode } from '../../core/reason.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { DecisionPage } from '../../store/decisions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { directionOf } from '../lanes/load-facts.ts';

/** One decision decided again. `redacted`: its facts were erased. */
export type Replayed =
	| { readonly result: 'identical'; readonly decisionId: string; readonly earlierRules?: true }
	| { readonly result: 'redacted'; readonly decisionId: string }
	| {
			readonly result: 'changed';
			readonly decisionId: string;
			readonly atMs: number;
			readonly laneId: string;
			readonly subject: string;
			readonly before: ReplayedOutcome;
			readonly after: ReplayedOutcome;
			/** Rules that fail now and did not, or the other way round; else all whose verdict is another one. */
			readonly because: readonly ReasonCode[];
			/** It was made by the rules of an earlier version: an upgrade changed it, nothing is wrong with the record. */
			readonly earlierRules: boolean;
	  };

export interface ReplayedOutcome {
	readonly outcome: Decision['outcome'];
	readonly headline: ReasonCode | null;
}

export interface ReplayReport {
	readonly decisions: number;
	readonly identical: number;
	readonly redacted: number;
	/** Of all, those that were made by the rules of an earlier version: only their outcome is compared. */
	readonly earlierRules: number;
	/** At most LIMITS.replayedChanges of them are listed. */
	readonly changed: number;
	readonly changes: readonly (Replayed & { readonly result: 'changed' })[];
}

export interface ReplayOptions {
	readonly sinceMs: number;
	readonly untilMs?: number;
	/** Only decisions of these lanes; absent: of all. */
	readonly laneIds?: readonly string[];
	/** Lanes, areas and settings as they would be; absent: as they were, so that every decision must come out the same. */
	readonly proposed?: Site;
	readonly maximumChanges: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (done: number) => void;
}

export interface Replay {
	/** undefined: there is no such decision. */
	one(decisionId: string, proposed?: Site): Replayed | undefined;
	/** In slices: the lanes go on meanwhile. */
	since(options: ReplayOptions): Promise<ReplayReport>;
}

/** Decisions decided again in one turn of the event loop: some ms. */
const SLICE = 20;

export function createReplay(store: Pick<SiteStore, 'decisions' | 'journal'>): Replay {
	function one(decisionId: string, proposed?: Site): Replayed | undefined {
		const [first] = store.journal.withSequel(decisionId);
		if (first?.entry.type !== 'decision') {
			return store.decisions.positionsOf(decisionId).length === 0 ? undefined : { result: 'redacted', decisionId };
		}
		const { decision, facts, atMs, laneId, subject, ruleSet = 1 } = first.entry;
		const earlierRules = ruleSet !== RULE_SET;
		const after = decideAccess(proposed === undefined ? facts : underSite(facts, proposed));
		const because = changedRules(decision, after);
		// Two decisions may differ in figures alone when nothing was proposed: that is a difference too.
		if (because.length === 0 && (proposed !== undefined || isDeepStrictEqual(decision, after))) {
			return { result: 'identical', decisionId, ...(earlierRules && { earlierRules }) };
		}
		const isSame =
			(earlierRules || proposed !== undefined) &&
			decision.outcome === after.outcome &&
			decision.headline === after.headline;
		if (isSame) return { result: 'identical', decisionId, ...(earlierRules && { earlierRules }) };
		return {
			result: 'changed',
			decisionId,
			atMs,
			laneId,
			subject,
			before: outcomeOf(decision),
			after: outcomeOf(after),
			because: decisiveRules(because, decision, after),
			earlierRules,
		};
	}

	async function since(options: ReplayOptions): Promise<ReplayReport> {
		const report = { decisions: 0, identical: 0, redacted: 0, earlierRules: 0, changed: 0, changes: [] as Changed[] };
		let before: number | null | undefined;
		do {
			const page = pageBefore(before ?? undefined, options);
			for (const { id } of page.lines) note(report, one(id, options.proposed), options.maximumChanges);
			before = page.nextBefore;
			options.onProgress?.(report.decisions);
			await new Promise(setImmediate);
		} while (before !== null && options.signal?.aborted !== true);
		return report;
	}

	function pageBefore(beforePosition: number | undefined, { sinceMs, untilMs, laneIds }: ReplayOptions): DecisionPage {
		return store.decisions.page({
			words: [],
			limit: SLICE,
			fromMs: sinceMs,
			...(untilMs === undefined ? {} : { toMs: untilMs }),
			...(laneIds === undefined ? {} : { laneIds }),
			...(beforePosition === undefined ? {} : { beforePosition }),
		});
	}

	return { one, since };
}

type Changed = Replayed & { readonly result: 'changed' };

interface Counted {
	decisions: number;
	identical: number;
	redacted: number;
	earlierRules: number;
	changed: number;
	readonly changes: Changed[];
}

function note(report: Counted, replayed: Replayed | undefined, maximumChanges: number): void {
	if (replayed === undefined) return;
	report.decisions += 1;
	report[replayed.result] += 1;
	if ('earlierRules' in replayed && replayed.earlierRules === true) report.earlierRules += 1;
	if (replayed.result === 'changed' && report.changes.length < maximumChanges) report.changes.push(replayed);
}

function outcomeOf({ outcome, headline }: Decision): ReplayedOutcome {
	return { outcome, headline };
}

function changedRules(before: Decision, after: Decision): readonly ReasonCode[] {
	const old = new Map(before.verdicts.map(({ rule, verdict }) => [rule, verdict.result]));
	return after.verdicts.filter(({ rule, verdict }) => old.get(rule) !== verdict.result).map(({ rule }) => rule);
}

/** The same moment and people under other lanes, areas and settings. A lane that no longer exists keeps its facts. */
function underSite(facts: AccessFacts, site: Site): AccessFacts {
	const wired = site.lanes.find(({ id }) => id === facts.lane.id);
	if (wired === undefined) return facts;
	// Where a reversible lane came from tells which way it was driven.
	const lane = orientLane(wired, facts.lane.from === wired.from ? 'forward' : 'back');
	const { fromAntiPassback: _, ...laneFacts } = facts.lane;
	const antiPassback = site.areas.find(({ id }) => id === lane.from)?.antiPassback;
	const devices = [wired, wired.back].flatMap(({ readers, cameras }) => [...readers, ...cameras]);
	return {
		...facts,
		timeZone: site.timeZone,
		direction: directionOf(lane),
		lane: {
			...laneFacts,
			identify: lane.identify,
			rules: lane.rules,
			hasArmingLoop: lane.loops.arming !== undefined,
			parkId: parkOfLane(site, lane),
			from: lane.from,
			...(antiPassback && { fromAntiPassback: antiPassback }),
		},
		presented: facts.presented.filter(({ deviceId }) => devices.includes(deviceId)),
		areas: areasUnder(facts, site, lane),
		data: { ...facts.data, staleAfterMs: site.staleAfterMs },
	};
}

/** How full an area was that the lane did not lead to is not known: it has room. */
function areasUnder({ areas }: AccessFacts, site: Site, { from, to }: Lane): readonly AreaFact[] {
	const inside = new Set(areaChain(site, from).map(({ areaId }) => areaId));
	return areaChain(site, to).map((link): AreaFact => {
		const entering = !inside.has(link.areaId);
		const known = areas.find(({ areaId }) => areaId === link.areaId);
		if (known === undefined) return { ...link, entering, capacity: null, occupied: 0, reserved: 0 };
		const { antiPassback: _, ...counts } = known;
		return { ...counts, ...link, entering };
	});
}

/** A rule that only came to apply, and passes, says nothing about the outcome. */
function decisiveRules(changed: readonly ReasonCode[], before: Decision, after: Decision): readonly ReasonCode[] {
	const [failed, fails] = [failing(before), failing(after)];
	const decisive = changed.filter((rule) => failed.has(rule) !== fails.has(rule));
	return decisive.length > 0 ? decisive : changed;
}

function failing({ verdicts }: Decision): ReadonlySet<ReasonCode> {
	return new Set(verdicts.flatMap(({ rule, verdict }) => (verdict.result === 'fail' ? rule : [])));
}
