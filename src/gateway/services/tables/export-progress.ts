/** How far a list that is taken along is. */
export interface ListProgress {
	readonly rows: number;
	/** As it was at the beginning; 0: not counted. */
	readonly total: number;
	/** `ended`: whoever took it stopped, or it failed. */
	readonly state: 'running' | 'done' | 'ended';
}

export interface ProgressBoard {
	tell(operatorId: string | null, list: string, progress: ListProgress): void;
	/** Of the last one of this operator and list, for a minute after its end; undefined: there was none. */
	of(operatorId: string, list: string): ListProgress | undefined;
}

/** How long it is told how an export ended; one of which nobody heard since is over. */
const TOLD_MS = 60_000;

export function createProgressBoard(nowMs: () => number): ProgressBoard {
	const told = new Map<string, ListProgress & { readonly atMs: number }>();
	const isOver = ({ atMs }: { readonly atMs: number }) => atMs < nowMs() - TOLD_MS;
	return {
		tell(operatorId, list, progress) {
			if (operatorId === null) return;
			for (const [key, last] of told) if (isOver(last)) told.delete(key);
			told.set(`${operatorId} ${list}`, { ...progress, atMs: nowMs() });
		},
		of(operatorId, list) {
			const last = told.get(`${operatorId} ${list}`);
			if (last === undefined || isOver(last)) return undefined;
			const { atMs: _, ...progress } = last;
			return progress;
		},
	};
}
