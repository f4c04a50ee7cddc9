/** How far central has one history of this gateway. */
export interface EpochCursor {
	readonly gatewayEpoch: string;
	/** Last row that is told under this name. */
	readonly lastSeq: number;
	/** Central has every row up to here; moved by its ack only. */
	readonly ackedSeq: number;
	/** An earlier epoch that central did not answer for; until the next connection it holds up nobody. */
	readonly passedOver: boolean;
}

/** Oldest first; rows are written in the last one. Never empty. */
export type EpochCursors = readonly [...EpochCursor[], EpochCursor];

export type EpochStart = readonly Omit<EpochCursor, 'passedOver'>[];

export function startCursors(epochs: EpochStart): EpochCursors {
	const cursors = epochs.map(({ gatewayEpoch, lastSeq, ackedSeq }) => ({
		...{ gatewayEpoch, lastSeq, ackedSeq },
		passedOver: false,
	}));
	const last = cursors.at(-1) ?? { gatewayEpoch: '', lastSeq: 0, ackedSeq: 0, passedOver: false };
	return [...cursors.slice(0, -1), last];
}

/** The epoch that rows are written in. */
export function newest(cursors: EpochCursors): EpochCursor {
	return cursors[cursors.length - 1] ?? cursors[0];
}

/** The epoch whose rows are sent: what happened first goes first, since later edits rest on earlier ones. */
export function sending(cursors: EpochCursors): EpochCursor {
	return cursors.find(({ ackedSeq, lastSeq, passedOver }) => ackedSeq < lastSeq && !passedOver) ?? newest(cursors);
}

/** Rows that central has not acknowledged. */
export function waiting(cursors: EpochCursors): number {
	return cursors.reduce((sum, { lastSeq, ackedSeq }) => sum + lastSeq - ackedSeq, 0);
}

export function cursorOf(cursors: EpochCursors, gatewayEpoch: string): EpochCursor | undefined {
	return cursors.find((cursor) => cursor.gatewayEpoch === gatewayEpoch);
}

export function changeCursor(
	cursors: EpochCursors,
	gatewayEpoch: string,
	change: Partial<Omit<EpochCursor, 'gatewayEpoch'>>,
): EpochCursors {
	const changed = cursors.map((cursor) => (cursor.gatewayEpoch === gatewayEpoch ? { ...cursor, ...change } : cursor));
	return startLike(cursors, changed);
}

/** Central is asked again for all of them. */
export function askAll(cursors: EpochCursors): EpochCursors {
	return startLike(
		cursors,
		cursors.map((cursor) => ({ ...cursor, passedOver: false })),
	);
}

/** As long as before, so there is a last one. */
function startLike(cursors: EpochCursors, changed: readonly EpochCursor[]): EpochCursors {
	return [...changed.slice(0, -1), changed.at(-1) ?? newest(cursors)];
}
