import type { Decision, VerdictDetail } from '../../core/access/decision.ts';
import type { AccessFacts, PresentedFact } from '../../core/access/facts.ts';
import { maskText } from '../../core/directory/mask.ts';
import type { JournalEntry, JournalRow } from '../../core/journal.ts';
import type { DecisionRecord, DecisionSummary } from '../access-log.ts';
import type { PlateHint } from '../decisions/nearest-plate.ts';
import type { Replayed } from '../decisions/replay.ts';
import type { HolderHit } from '../directory/find-holders.ts';
import type { LaneView } from '../lanes/lane-view.ts';
import type { ParkingSessionLine } from '../parking-sessions.ts';

/** What one reader is shown of people in everything but the directory's own rows (`maskRow`): all of it, or first letters. */
export interface PersonalView {
	/** Names, plates and cards as they are. */
	readonly seesAll: boolean;
	text(text: string): string;
	summary(summary: DecisionSummary): DecisionSummary;
	record(record: DecisionRecord): DecisionRecord;
	facts(facts: AccessFacts): AccessFacts;
	decision(decision: Decision): Decision;
	lane(lane: LaneView): LaneView;
	stay(stay: ParkingSessionLine): ParkingSessionLine;
	hit(hit: HolderHit): HolderHit;
	hint(hint: PlateHint): PlateHint;
	changed(changed: ChangedDecision): ChangedDecision;
}

/** The one place that decides who sees names and plates of the log, of Live and of stays: `personalData:read` does. */
export function personalView(seesAll: boolean): PersonalView {
	return seesAll ? ALL : MASKED;
}

/** A decision that comes out otherwise when it is decided again. */
type ChangedDecision = Replayed & { readonly result: 'changed' };

const same = <T>(value: T): T => value;

const ALL: PersonalView = {
	seesAll: true,
	text: same,
	summary: same,
	record: same,
	facts: same,
	decision: same,
	lane: same,
	stay: same,
	hit: same,
	hint: same,
	changed: same,
};

const MASKED: PersonalView = {
	seesAll: false,
	text: maskText,
	summary: maskSummary,
	record: (record) => ({
		summary: maskSummary(record.summary),
		entry: {
			...record.entry,
			subject: maskText(record.entry.subject),
			holderName: maskNullable(record.entry.holderName),
			facts: maskFacts(record.entry.facts),
			decision: maskDecision(record.entry.decision),
		},
		sequel: record.sequel.map(maskSequel),
	}),
	facts: maskFacts,
	decision: maskDecision,
	lane: (lane) => ({ ...lane, lastDecision: lane.lastDecision && maskSummary(lane.lastDecision) }),
	stay: (stay) => ({ ...stay, holderName: maskNullable(stay.holderName) }),
	hit: (hit) => ({
		...hit,
		name: maskText(hit.name),
		carries: hit.carries.map(({ kind, text }) => ({ kind, text: maskText(text) })),
	}),
	hint: (hint) => ({ ...hint, plate: maskText(hint.plate), holderName: maskNullable(hint.holderName) }),
	changed: (changed) => ({ ...changed, subject: maskText(changed.subject) }),
};

function maskNullable(text: string | null): string | null {
	return text === null ? null : maskText(text);
}

function maskSummary(summary: DecisionSummary): DecisionSummary {
	return { ...summary, subject: maskText(summary.subject), holderName: maskNullable(summary.holderName) };
}

function maskFacts(facts: AccessFacts): AccessFacts {
	return { ...facts, presented: facts.presented.map(maskRead) };
}

/** Of the figures of rules and lane events only `read` is a plate or a card. */
function maskDecision(decision: Decision): Decision {
	return {
		...decision,
		verdicts: decision.verdicts.map(({ rule, verdict }) =>
			'detail' in verdict && verdict.detail !== undefined
				? { rule, verdict: { ...verdict, detail: maskDetail(verdict.detail) } }
				: { rule, verdict },
		),
	};
}

function maskDetail(detail: VerdictDetail): VerdictDetail {
	const { read } = detail;
	return typeof read === 'string' ? { ...detail, read: maskText(read) } : detail;
}

function maskRead({ match, ...read }: PresentedFact): PresentedFact {
	const value = maskText(read.value);
	if (!('credential' in match)) return { ...read, value, match };
	const { credential, holder } = match;
	return {
		...read,
		value,
		match: {
			...match,
			credential: { ...credential, value: maskText(credential.value), label: maskNullable(credential.label) },
			holder: holder && { ...holder, name: maskText(holder.name), email: maskNullable(holder.email) },
		},
	};
}

/** Only what was read or typed tells of people. */
function maskSequel({ seq, entry }: JournalRow): JournalRow {
	return { seq, entry: maskEntry(entry) };
}

function maskEntry(entry: JournalEntry): JournalEntry {
	if (entry.type === 'vend') return { ...entry, reason: maskNullable(entry.reason) };
	if (entry.type !== 'lane') return entry;
	return { ...entry, detail: maskDetail(entry.detail) };
}
