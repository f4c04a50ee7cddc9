import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryChange, EditBy, EditProblem } from '../directory/directory-edits.ts';
import { createVisitList, type VisitPage, type VisitQuery } from './list-visits.ts';
import { planVisit } from './plan-visit.ts';
import { isVisitor, readVisit, specificationOf, type Visit, type VisitSpecification } from './visit.ts';
import { endProblem, problemOf, type VisitProblem, type VisitRequest } from './visit-request.ts';
import type { VisitorsDeps } from './visitors-deps.ts';

export type VisitAnswer =
	| { readonly result: 'done'; readonly visit: Visit }
	/** Nothing was changed. */
	| { readonly result: 'refused'; readonly problems: readonly VisitProblem[] };

export interface Visitors {
	/** Kinds of visit that the site knows, by name; none: no visitor can be let in. */
	specifications(): readonly VisitSpecification[];
	page(query: VisitQuery): Promise<VisitPage>;
	get(visitId: string): Visit | undefined;
	/** They are, or were, here as a visitor: what they carry can be given to a visitor again. */
	isVisitor(holderId: string): boolean;
	/** Holder, credential and right in one batch: all or nothing, undone together. Somebody who was here before by this credential is the same holder. */
	create(request: VisitRequest, by: EditBy): VisitAnswer;
	/** A new end, later or earlier; also of a visit that is over. */
	changeEnd(visitId: string, validToMs: number, by: EditBy): VisitAnswer;
	/** Now. A visit that has not begun is deleted, with its visitor if they have no other. */
	end(visitId: string, by: EditBy): VisitAnswer | { readonly result: 'cancelled' };
	/** Turns the visitor away at every lane, or lets them come again. */
	block(visitId: string, blocked: boolean, by: EditBy): VisitAnswer;
	/** Who made the visit and when; null: it came from central. */
	madeBy(visitId: string): { readonly operatorId: string | null; readonly atMs: number } | null;
	/** A kind of visit, where there is none yet. @returns its problems, none when it was made. */
	addSpecification(
		specification: Pick<DirectoryRow<'rightSpecifications'>, 'name' | 'areaIds' | 'useLimit'>,
		by: EditBy,
	): readonly EditProblem[];
}

export function createVisitors(deps: VisitorsDeps): Visitors {
	const { directory, edits, clock } = deps;
	const get = (visitId: string) => readVisit(directory, visitId, clock.nowMs());

	/** Carries it out and shows what came of it; `fields`: of the request, by the place of the change. */
	function carryOut(
		visitId: string,
		changes: readonly DirectoryChange[],
		by: EditBy,
		fields: readonly VisitProblem['field'][] = [],
	): VisitAnswer {
		const answer = edits.edit(changes, by);
		if (answer.result === 'refused') return { result: 'refused', problems: answer.problems.map(toProblem(fields)) };
		const visit = get(visitId);
		return visit === undefined ? refused(null, 'notFound', 'there is no such visit') : { result: 'done', visit };
	}

	function specifications(): readonly VisitSpecification[] {
		return directory.read(() =>
			directory
				.find('rightSpecifications', { strategy: 'visitor' }, LIMITS.visitSpecifications)
				.flatMap((id) => directory.row('rightSpecifications', id) ?? [])
				.map(specificationOf)
				.toSorted((a, b) => a.name.localeCompare(b.name)),
		);
	}

	function ofVisit(visitId: string, act: (visit: Visit) => ReturnType<Visitors['end']>) {
		const visit = get(visitId);
		return visit === undefined ? refused(null, 'notFound', 'there is no such visit') : act(visit);
	}

	const page = createVisitList({ ...deps, get, specifications });

	return {
		specifications,
		page,
		get,
		isVisitor(holderId) {
			const holder = directory.row('holders', holderId);
			return holder !== undefined && isVisitor(holder);
		},
		create(request, by) {
			const plan = planVisit({ ...deps, specifications: specifications() }, request);
			if ('problems' in plan) return { result: 'refused', problems: plan.problems };
			return carryOut(plan.visitId, plan.changes, by, plan.fields);
		},
		changeEnd(visitId, validToMs, by) {
			const visit = get(visitId);
			if (visit === undefined) return refused(null, 'notFound', 'there is no such visit');
			const problem = endProblem({ ...visit, validToMs }, clock.nowMs());
			if (problem !== undefined) return { result: 'refused', problems: [problem] };
			if (visit.credential === null) return refused(null, 'noCredential', 'the visitor has nothing to be let in by');
			const change = { op: 'update', table: 'assignedRights', key: visitId, fields: { validToMs } } as const;
			return carryOut(visitId, [change], by, ['validToMs']);
		},
		end: (visitId, by) =>
			ofVisit(visitId, (visit) => {
				const nowMs = clock.nowMs();
				const { validFromMs, validToMs, holderId } = visit;
				if (validToMs !== null && validToMs <= nowMs) return refused(null, 'over', 'the visit is over');
				const hasBegun = validFromMs === null || validFromMs < nowMs;
				if (hasBegun) {
					const fields = { validToMs: nowMs };
					return carryOut(visitId, [{ op: 'update', table: 'assignedRights', key: visitId, fields }], by);
				}
				const isOnly = directory.rightsOf(holderId).length === 1;
				const answer = edits.edit(
					[
						isOnly
							? { op: 'delete', table: 'holders', key: holderId }
							: { op: 'delete', table: 'assignedRights', key: visitId },
					],
					by,
				);
				return answer.result === 'done'
					? { result: 'cancelled' }
					: { result: 'refused', problems: answer.problems.map(toProblem([])) };
			}),
		block(visitId, blocked, by) {
			const visit = get(visitId);
			if (visit === undefined) return refused(null, 'notFound', 'there is no such visit');
			const fields = { status: blocked ? 'blocked' : 'active' };
			return carryOut(visitId, [{ op: 'update', table: 'holders', key: visit.holderId, fields }], by);
		},
		madeBy(visitId) {
			const made = edits.history('assignedRights', visitId).find(({ before }) => before === null);
			return made === undefined ? null : { operatorId: made.operatorId, atMs: made.atMs };
		},
		addSpecification(specification, by) {
			const row = { ...specification, strategy: 'visitor', scheduleId: null };
			const answer = edits.edit([{ op: 'create', table: 'rightSpecifications', row }], by);
			return answer.result === 'done' ? [] : answer.problems;
		},
	};
}

function refused(...problem: Parameters<typeof problemOf>): { result: 'refused'; problems: readonly VisitProblem[] } {
	return { result: 'refused', problems: [problemOf(...problem)] };
}

const OF_REQUEST: ReadonlySet<string> = new Set<keyof VisitRequest>([
	'name',
	'email',
	'phone',
	'language',
	'hostId',
	'note',
	'validFromMs',
	'validToMs',
]);

/** A row's field is the request's where it has the same name, else what the change as a whole stands for. */
function toProblem(fields: readonly VisitProblem['field'][]) {
	return ({ change, field, code, problem, detail }: EditProblem): VisitProblem => ({
		field: field !== null && OF_REQUEST.has(field) ? (field as keyof VisitRequest) : (fields[change] ?? null),
		...{ code, problem },
		...(detail && { detail }),
	});
}
