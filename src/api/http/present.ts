import { rfc3339 } from '../../gateway/core/rfc3339.ts';

/** Every name under which a moment is kept as epoch milliseconds; other `…Ms` fields are durations and stay numbers. */
const INSTANT_KEYS = [
	'atMs',
	'sinceMs',
	'untilMs',
	'startMs',
	'endMs',
	'openedAtMs',
	'closedAtMs',
	'phaseSinceMs',
	'lastSeenMs',
	'lastAckAtMs',
	'syncedAtMs',
	'directorySyncedAtMs',
	'createdAtMs',
	'undoneAtMs',
	'expiresAtMs',
	'validFromMs',
	'validToMs',
	'cameraTimeMs',
	'keyWindowEndMs',
	'lastLoginAtMs',
	'codeEndsAtMs',
	'lastUsedMs',
	'endsAtMs',
] as const;

type InstantKey = (typeof INSTANT_KEYS)[number];
type WithoutMs<K> = K extends `${infer Name}Ms` ? Name : K;

/** The same data as the API shows it: `atMs: 1785…` has become `at: "2026-08-01T09:30:00.000+02:00"`. */
export type Presented<T> = T extends readonly (infer E)[]
	? readonly Presented<E>[]
	: T extends object
		? {
				readonly [K in keyof T as K extends InstantKey ? WithoutMs<K> : K]: K extends InstantKey
					? string | Exclude<T[K], number>
					: Presented<T[K]>;
			}
		: T;

const INSTANTS: ReadonlySet<string> = new Set(INSTANT_KEYS);

/** Names under which the figures of a verdict or a journal entry hold a moment, when they hold a number. */
const DETAIL_INSTANTS: ReadonlySet<string> = new Set(['at', 'from', 'to', 'since', 'until']);

/** Turns stored moments into RFC 3339 text with the site's offset at that moment, at any depth. */
export function createPresenter(timeZone: string): Presenter {
	const time = (epochMs: number) => rfc3339(epochMs, timeZone, 3);
	const presentDetail = (detail: object) =>
		Object.fromEntries(
			Object.entries(detail).map(([name, figure]) => [
				name,
				DETAIL_INSTANTS.has(name) && typeof figure === 'number' ? time(figure) : figure,
			]),
		);
	const present = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(present);
		if (typeof value !== 'object' || value === null) return value;
		const shown: Record<string, unknown> = {};
		for (const [key, field] of Object.entries(value)) {
			if (INSTANTS.has(key)) shown[key.slice(0, -2)] = typeof field === 'number' ? time(field) : field;
			else if (key === 'detail' && typeof field === 'object' && field !== null) shown[key] = presentDetail(field);
			else shown[key] = present(field);
		}
		return shown;
	};
	// The walk is untyped by nature; Presented<T> states what it does to each key.
	return { time, present: <T>(value: T) => present(value) as Presented<T> };
}

export interface Presenter {
	time(epochMs: number): string;
	present<T>(value: T): Presented<T>;
}
