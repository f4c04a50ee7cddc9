import type { RuleVerdict, Verdict, VerdictDetail } from '../core/access/decision.ts';
import type { AccessFacts, RightFact } from '../core/access/facts.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { DecisionEntry, JournalEntry } from '../core/journal.ts';

/**
 * Texts that thousands of decisions share (a lane's settings, a specification, a schedule, the list of
 * passed rules) are stored once and named in the body by their hash; nothing personal is among them.
 */
export interface SharedTexts {
	/** @returns the text's name. `identity`: the object it was made of, to skip making it again. */
	keep(value: object): string;
	/** Throws STORE_CORRUPT for a name that is not stored. */
	read(name: string): string;
}

interface PackedDecision extends Omit<DecisionEntry, 'decision' | 'facts'> {
	readonly decision: Omit<DecisionEntry['decision'], 'verdicts'> & {
		readonly verdicts: string;
		/** Figures of the verdicts that have some, by rule. */
		readonly details?: Record<string, VerdictDetail>;
	};
	readonly facts: Omit<AccessFacts, 'lane' | 'rights'> & {
		readonly lane: string;
		readonly rights: readonly {
			readonly right: RightFact['right'];
			readonly specification: string | null;
			readonly schedule: string | null;
		}[];
	};
}

export function encodeBody(entry: JournalEntry, texts: SharedTexts): string {
	return JSON.stringify(entry.type === 'decision' ? pack(entry, texts) : entry);
}

/** The body as it was written by `encodeBody`; written by us only, so it is not validated again. */
export function decodeBody(body: string, texts: SharedTexts): JournalEntry {
	const stored = JSON.parse(body) as Exclude<JournalEntry, DecisionEntry> | PackedDecision;
	return stored.type === 'decision' ? unpack(stored, texts) : stored;
}

function pack(entry: DecisionEntry, texts: SharedTexts): PackedDecision {
	const { decision, facts } = entry;
	const details: Record<string, VerdictDetail> = {};
	let detailed = false;
	const plain = decision.verdicts.map(({ rule, verdict }) => {
		if ('detail' in verdict && verdict.detail !== undefined) {
			details[rule] = verdict.detail;
			detailed = true;
		}
		return [rule, ...short(verdict)];
	});
	const verdicts = texts.keep(plain);
	return {
		...entry,
		decision: detailed ? { ...decision, verdicts, details } : { ...decision, verdicts },
		facts: {
			...facts,
			lane: texts.keep(facts.lane),
			rights: facts.rights.map(({ right, specification, schedule }) => ({
				right,
				specification: specification === null ? null : texts.keep(specification),
				schedule: schedule === null ? null : texts.keep(schedule),
			})),
		},
	};
}

function unpack(packed: PackedDecision, texts: SharedTexts): DecisionEntry {
	const { verdicts, details, ...decision } = packed.decision;
	const plain = shared<(readonly [RuleVerdict['rule'], ...string[]])[]>(verdicts, texts);
	return {
		...packed,
		decision: {
			...decision,
			verdicts: plain.map(([rule, ...letters]) => ({ rule, verdict: long(letters, details?.[rule]) })),
		},
		facts: {
			...packed.facts,
			lane: shared<AccessFacts['lane']>(packed.facts.lane, texts),
			rights: packed.facts.rights.map(({ right, specification, schedule }) => ({
				right,
				specification: specification === null ? null : shared(specification, texts),
				schedule: schedule === null ? null : shared(schedule, texts),
			})),
		},
	};
}

function shared<T>(name: string, texts: SharedTexts): T {
	return JSON.parse(texts.read(name)) as T;
}

function short(verdict: Verdict): readonly string[] {
	switch (verdict.result) {
		case 'pass':
			return [];
		case 'fail':
			return ['f'];
		case 'waived':
			return ['w', verdict.by];
		case 'notApplicable':
			return ['n', verdict.because];
	}
}

function long([letter, text = '']: readonly string[], detail: VerdictDetail | undefined): Verdict {
	switch (letter) {
		case undefined:
			return { result: 'pass' };
		case 'f':
			return detail === undefined ? { result: 'fail' } : { result: 'fail', detail };
		case 'w': {
			const by = text as (Verdict & { result: 'waived' })['by'];
			return detail === undefined ? { result: 'waived', by } : { result: 'waived', by, detail };
		}
		case 'n':
			return { result: 'notApplicable', because: text };
		default:
			throw new GatewayError('STORE_CORRUPT', `a decision of the journal has a verdict of unknown kind ${letter}`);
	}
}
