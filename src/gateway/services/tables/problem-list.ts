import { LIMITS } from '../../core/limits.ts';
import type { TableProblem, TableProblemCode } from './table-problem.ts';

export interface ProblemReport {
	/** The first ones, stops and errors before notes. */
	readonly shown: readonly TableProblem[];
	/** Of all there are. */
	readonly counts: Readonly<Partial<Record<TableProblemCode, number>>>;
	/** Stops and errors. */
	readonly errors: number;
	readonly notes: number;
}

export interface ProblemList {
	add(problems: readonly TableProblem[]): void;
	report(): ProblemReport;
}

/** Counts all problems of a file and keeps as many as people read. */
export function createProblemList(maximum: number = LIMITS.tableProblems): ProblemList {
	const kept = { errors: [] as TableProblem[], notes: [] as TableProblem[] };
	const counts: Partial<Record<TableProblemCode, number>> = {};
	const totals = { errors: 0, notes: 0 };
	return {
		add(problems) {
			for (const problem of problems) {
				const kind = problem.severity === 'note' ? 'notes' : 'errors';
				totals[kind]++;
				counts[problem.code] = (counts[problem.code] ?? 0) + 1;
				if (kept[kind].length < maximum) kept[kind].push(problem);
			}
		},
		report: () => ({ shown: [...kept.errors, ...kept.notes].slice(0, maximum), counts: { ...counts }, ...totals }),
	};
}
