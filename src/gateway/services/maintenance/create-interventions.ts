import { LIMITS } from '../../core/limits.ts';
import {
	decideStatus,
	type InterventionTarget,
	isClosed,
	isOverdue,
	nextStatuses,
	type PlannedTime,
	statusWithPlan,
} from '../../core/maintenance/intervention.ts';
import type { EntryDetail } from '../../store/intervention-records.ts';
import type { InterventionRow } from '../../store/intervention-rows.ts';
import { createListCursor } from '../list-cursor.ts';
import type {
	Intervention,
	InterventionAnswer,
	InterventionPatch,
	InterventionReport,
	Interventions,
} from './interventions.ts';
import { createInterventionWriter, type InterventionWriterDeps } from './write-interventions.ts';

export interface InterventionsDeps extends InterventionWriterDeps {
	readonly hasTarget: (target: InterventionTarget) => boolean;
	/** Whether work can be given to them now. */
	readonly isAssignable: (operatorId: string) => boolean;
	/** Whether the product licence lets anything new be begun. */
	readonly isIncluded: () => boolean;
}

export function createInterventions(deps: InterventionsDeps): Interventions {
	const { store, clock, newId } = deps;
	const { interventions } = store;
	const writer = createInterventionWriter(deps);
	const { transact, held, write, refuse } = writer;
	const lists = createListCursor('interventions');
	const histories = createListCursor('intervention entries');

	const shown = (row: InterventionRow): Intervention => ({
		...row,
		isOverdue: isOverdue(row, clock.nowMs()),
		next: nextStatuses(row),
	});
	const done = (number: number): InterventionAnswer => ({ result: 'done', intervention: shown(held(number)) });

	function check({ target, plan, people }: InterventionPatch, had: readonly string[]): void {
		if (target !== undefined && !deps.hasTarget(target)) refuse('unknownTarget');
		if (plan !== undefined && plan !== null && !isPlan(plan, clock.nowMs())) refuse('badPlan');
		// Who left since may stay, so that the rest can be changed.
		if (people?.some((id) => !had.includes(id) && !deps.isAssignable(id))) refuse('unknownPerson');
	}

	function changeable(number: number, version: number | undefined): InterventionRow {
		const row = held(number);
		if (version !== undefined && version !== row.version) refuse('changedMeanwhile');
		return row;
	}

	return {
		list({ cursor, overdue, limit, ...filter }) {
			const rows = interventions.interventions({
				...filter,
				...(overdue === true && { overdueAtMs: clock.nowMs() }),
				...(cursor !== undefined && { before: lists.decode(cursor).position }),
				limit: limit + 1,
			});
			const last = rows.length > limit ? rows[limit - 1] : undefined;
			return {
				items: rows.slice(0, limit).map(shown),
				nextCursor: last === undefined ? null : lists.encode(last.number),
			};
		},
		get(number) {
			const row = interventions.intervention(number);
			return row && shown(row);
		},
		deviceIds: interventions.deviceIds,
		parts: interventions.parts,
		photos: interventions.photos,
		entries(number, { cursor, limit }) {
			const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : histories.decode(cursor).position;
			const rows = interventions.entries(number, before, limit + 1);
			const last = rows.length > limit ? rows[limit - 1] : undefined;
			return {
				items: rows.slice(0, limit),
				nextCursor: last === undefined ? null : histories.encode(last.entry),
			};
		},
		report: (report, operatorId) =>
			transact(() => {
				if (!deps.isIncluded()) refuse('notIncluded');
				if (interventions.interventionCount() >= LIMITS.interventions) refuse('tooMany');
				check(report, []);
				const row = {
					...report,
					people: [...new Set(report.people)],
					...{ id: newId(), status: statusWithPlan('open', report.plan) },
					...{ openedAtMs: clock.nowMs(), openedBy: operatorId },
				};
				const number = interventions.addIntervention(row);
				write({ ...row, number }, 'reported', operatorId, { ...detailOf(row), description: row.description });
				return done(number);
			}),
		change: (number, patch, operatorId, version) =>
			transact(() => {
				const before = changeable(number, version);
				if (isClosed(before.status)) refuse('closed');
				check(patch, before.people);
				const after = patched(before, patch);
				const detail = changes(before, after);
				if (Object.keys(detail).length > 0) {
					interventions.updateIntervention({ ...after, changedAtMs: clock.nowMs() });
					write(before, 'changed', operatorId, detail);
				}
				return done(number);
			}),
		setStatus: (number, { status, comment }, operatorId, version) =>
			transact(() => {
				const before = changeable(number, version);
				const answer = decideStatus(before, status);
				if (answer.result === 'refused') return refuse(answer.because);
				const nowMs = clock.nowMs();
				const after = { ...before, status, plan: answer.plan };
				const closedAtMs = isClosed(status) ? nowMs : null;
				interventions.updateIntervention({ ...after, changedAtMs: nowMs, closedAtMs });
				const said = comment === '' ? {} : { text: comment };
				write(before, 'status', operatorId, { ...changes(before, after), ...said });
				return done(number);
			}),
		comment: (number, text, operatorId) =>
			transact(() => {
				write(held(number), 'comment', operatorId, { text });
				return done(number);
			}),
		addPart: (number, { name, reference, quantity }, operatorId) =>
			transact(() => {
				const row = held(number);
				if (interventions.parts(number).length >= LIMITS.interventionParts) refuse('tooMany');
				const id = newId();
				interventions.addPart({ id, number, name, reference, quantity, atMs: clock.nowMs(), operatorId });
				write(row, 'partAdded', operatorId, { name, reference, quantity });
				return done(number);
			}),
		removePart: (number, partId, operatorId) =>
			transact(() => {
				const row = held(number);
				const part = interventions.parts(number).find(({ id }) => id === partId) ?? refuse('noSuchPart');
				interventions.removePart(partId);
				const { name, reference, quantity } = part;
				write(row, 'partRemoved', operatorId, { name, reference, quantity });
				return done(number);
			}),
	};
}

function isPlan({ startMs, endMs }: PlannedTime, nowMs: number): boolean {
	const lasts = endMs - startMs;
	const isNear = Math.abs(startMs - nowMs) <= LIMITS.interventionAheadMs;
	return lasts > 0 && lasts <= LIMITS.interventionPlanMs && isNear;
}

/** The status follows the planned time. */
function patched(row: InterventionRow, patch: InterventionPatch): InterventionRow {
	const plan = patch.plan === undefined ? row.plan : patch.plan;
	return {
		...row,
		kind: patch.kind ?? row.kind,
		target: patch.target ?? row.target,
		title: patch.title ?? row.title,
		description: patch.description ?? row.description,
		priority: patch.priority ?? row.priority,
		people: patch.people === undefined ? row.people : [...new Set(patch.people)],
		...{ plan, status: statusWithPlan(row.status, plan) },
	};
}

type Described = Omit<InterventionReport, 'description'> & Pick<InterventionRow, 'status'>;

/** In one line a field, as its history and central have it; moments are UTC epoch ms. */
function detailOf({ kind, target, title, priority, status, plan, people }: Described) {
	return {
		...{ kind, title, priority, status, target: targetText(target), people: people.toSorted().join(', ') },
		...{ planStart: plan?.startMs ?? null, planEnd: plan?.endMs ?? null },
	};
}

/** `device reader-1`; the site: `site`. */
export function targetText(target: InterventionTarget): string {
	return target.kind === 'site' ? target.kind : `${target.kind} ${target.id}`;
}

/** What is different, and what it was before. */
function changes(before: InterventionRow, after: InterventionRow): EntryDetail {
	const was: EntryDetail = { ...detailOf(before), description: before.description };
	const is: EntryDetail = { ...detailOf(after), description: after.description };
	return Object.fromEntries(
		Object.keys(is)
			.filter((name) => is[name] !== was[name])
			.flatMap((name) => [
				[`${name}Before`, was[name] ?? null],
				[name, is[name] ?? null],
			]),
	);
}
