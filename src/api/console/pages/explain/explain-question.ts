import type { Lane } from '../../../../gateway/core/site.ts';
import type { WhatIfQuestion } from '../../../../gateway/services/decisions/what-if.ts';
import type { Ui } from '../../ui.ts';
import type { ExplainAddress } from './explain-link.ts';

export const WHO_KINDS = ['holder', 'plate', 'tag'] as const;
export type WhoKind = (typeof WHO_KINDS)[number];

export const WHO_LENGTH = 100;

/** The question as typed, made whole with what is usual. */
export interface ExplainQuestion {
	/** Chosen from those found; '': none yet. */
	readonly holder: string;
	readonly kind: WhoKind;
	readonly q: string;
	readonly lane: Lane | undefined;
	readonly direction: 'forward' | 'back';
	readonly at: string;
	readonly atMs: number;
	/** Asked for another moment than now. */
	readonly isOtherTime: boolean;
	readonly errors: { readonly at?: string; readonly q?: string };
}

/** Reads the address's query; without a lane it is the first one, without a time it is now. */
export function parseExplainQuestion(
	query: Readonly<Record<string, string>>,
	{ formats, t, lanes, nowMs }: Pick<Ui, 'formats' | 't' | 'nowMs'> & { readonly lanes: readonly Lane[] },
): ExplainQuestion {
	const at = (query['at'] ?? '').slice(0, 32);
	const atMs = at === '' ? nowMs : formats.parseField(at);
	const text = (query['q'] ?? '').trim().slice(0, WHO_LENGTH);
	return {
		holder: (query['holder'] ?? '').slice(0, 64),
		kind: WHO_KINDS.find((kind) => kind === query['kind']) ?? 'holder',
		q: text,
		lane: lanes.find(({ id }) => id === query['lane']) ?? lanes[0],
		direction: query['direction'] === 'back' ? 'back' : 'forward',
		at,
		atMs: atMs ?? nowMs,
		isOtherTime: atMs !== undefined && at !== '',
		errors: atMs === undefined ? { at: t('form.time') } : {},
	};
}

/** What the address of this question says; what is usual is left out. */
export function addressOf({ holder, kind, q, lane, direction, at }: ExplainQuestion): ExplainAddress {
	return {
		...(holder === '' ? { kind: kind === 'holder' ? undefined : kind, q } : { holder }),
		lane: lane?.id,
		direction: lane?.kind === 'reversible' && direction === 'back' ? direction : undefined,
		at,
	};
}

/** @param who as chosen or typed. */
export function whatIfQuestion(
	{ direction, atMs }: ExplainQuestion,
	lane: Lane,
	who: WhatIfQuestion['who'],
): WhatIfQuestion {
	return { laneId: lane.id, who, atMs, ...(lane.kind === 'reversible' && { direction }) };
}

/** Holders listed to choose from. */
export const HOLDERS_SHOWN = 20;
