import type { RuleVerdict, Verdict, VerdictDetail } from '../core/access/decision.ts';
import type { AccessFacts, RightFact } from '../core/access/facts.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { DecisionEntry, JournalEntry } from '../core/journal.ts';
import { fillShape, type Leaf, type Plain, splitShape } from './shape-text.ts';
import type { SharedTexts } from './shared-texts.ts';

/**
 * A body is a JSON list: the name of the entry's shape, then its leaves. Shapes, and texts that thousands
 * of decisions share (a lane's settings, a specification, a schedule, the list of rules and results),
 * stand once in `journal_texts` under their hash; nothing personal is among them. A decision's row is a
 * third of its JSON so, and fits one page.
 */
export function encodeBody(entry: JournalEntry, texts: SharedTexts): string {
	const packed = entry.type === 'decision' ? pack(entry, texts) : entry;
	// Entries are plain data; interfaces lack the index signature that would let TypeScript see it.
	const { shape, leaves } = splitShape(packed as unknown as Plain);
	return JSON.stringify([texts.keep(shape), ...leaves]);
}

/** Written by `encodeBody` only, so it is not validated again. Throws STORE_CORRUPT when a shared text is missing. */
export function decodeBody(body: string, texts: SharedTexts): JournalEntry {
	const [shape, ...leaves] = JSON.parse(body) as [string, ...Leaf[]];
	const stored = fillShape(texts.readObject<Plain>(shape), leaves) as unknown as StoredEntry;
	return stored.type === 'decision' ? unpack(stored, texts) : stored;
}

type StoredEntry = Exclude<JournalEntry, DecisionEntry> | PackedDecision;

interface PackedDecision extends Omit<DecisionEntry, 'decision' | 'facts'> {
	readonly decision: Omit<DecisionEntry['decision'], 'verdicts'> & {
		readonly verdicts: string;
		/** Figures of the verdicts that have some, by rule. */
		readonly details: Readonly<Record<string, VerdictDetail>>;
	};
	readonly facts: Omit<AccessFacts, 'lane' | 'rights'> & {
		readonly lane: string;
		readonly rights: readonly PackedRight[];
	};
}

interface PackedRight extends Omit<RightFact, 'specification' | 'schedule' | 'guaranteedSchedule'> {
	readonly specification: string | null;
	readonly schedule: string | null;
	readonly guaranteedSchedule?: string | null;
}

function pack(entry: DecisionEntry, texts: SharedTexts): PackedDecision {
	const { decision, facts } = entry;
	const details: Record<string, VerdictDetail> = {};
	let verdicts = '';
	for (const { rule, verdict } of decision.verdicts) {
		if ('detail' in verdict && verdict.detail !== undefined) details[rule] = verdict.detail;
		verdicts += `${rule}${short(verdict)}\n`;
	}
	return {
		...entry,
		decision: { ...decision, verdicts: texts.keep(verdicts), details },
		facts: {
			...facts,
			lane: texts.keep(JSON.stringify(facts.lane)),
			rights: facts.rights.map(({ specification, schedule, guaranteedSchedule, ...own }) => ({
				...own,
				specification: specification === null ? null : texts.keepObject(specification),
				schedule: schedule === null ? null : texts.keepObject(schedule),
				...(guaranteedSchedule !== undefined && {
					guaranteedSchedule: guaranteedSchedule === null ? null : texts.keepObject(guaranteedSchedule),
				}),
			})),
		},
	};
}

function unpack(packed: PackedDecision, texts: SharedTexts): DecisionEntry {
	const { verdicts, details, ...decision } = packed.decision;
	return {
		...packed,
		decision: { ...decision, verdicts: withDetails(texts.readAs(verdicts, parseVerdicts), details) },
		facts: {
			...packed.facts,
			lane: texts.readObject(packed.facts.lane),
			rights: packed.facts.rights.map(({ specification, schedule, guaranteedSchedule, ...own }) => ({
				...own,
				specification: specification === null ? null : texts.readObject(specification),
				schedule: schedule === null ? null : texts.readObject(schedule),
				...(guaranteedSchedule !== undefined && {
					guaranteedSchedule: guaranteedSchedule === null ? null : texts.readObject(guaranteedSchedule),
				}),
			})),
		},
	};
}

/** What follows the rule on its line. */
function short(verdict: Verdict): string {
	switch (verdict.result) {
		case 'pass':
			return '';
		case 'fail':
			return ' fail';
		case 'waived':
			return ` waived ${verdict.by}`;
		case 'notApplicable':
			return ` notApplicable ${verdict.because.replaceAll('\n', ' ')}`;
	}
}

function parseVerdicts(text: string): readonly RuleVerdict[] {
	return text.split('\n').slice(0, -1).map(long);
}

function long(line: string): RuleVerdict {
	const [rule, result = 'pass', ...words] = line.split(' ') as [RuleVerdict['rule'], string?, ...string[]];
	const text = words.join(' ');
	switch (result) {
		case 'pass':
		case 'fail':
			return { rule, verdict: { result } };
		case 'waived':
			return { rule, verdict: { result, by: text as (Verdict & { result: 'waived' })['by'] } };
		case 'notApplicable':
			return { rule, verdict: { result, because: text } };
		default:
			throw new GatewayError('STORE_CORRUPT', `a decision of the journal has a verdict of unknown kind ${result}`);
	}
}

function withDetails(verdicts: readonly RuleVerdict[], details: PackedDecision['decision']['details']) {
	return verdicts.map(({ rule, verdict }): RuleVerdict => {
		const detail = Object.hasOwn(details, rule) ? details[rule] : undefined;
		const takesDetail = verdict.result === 'fail' || verdict.result === 'waived';
		return { rule, verdict: takesDetail && detail !== undefined ? { ...verdict, detail } : verdict };
	});
}
