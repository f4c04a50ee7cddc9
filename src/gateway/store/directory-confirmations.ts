import type { StreamState } from './directory-reader.ts';
import type { SiteSettings } from './site-settings.ts';

/**
 * When central last said that our rev of a stream is its newest. Kept with the site and not in the
 * directory: noting it must not wake the thread that writes there.
 */
export interface DirectoryConfirmations {
	confirm(at: Pick<StreamState, 'stream' | 'centralEpoch' | 'rev'>, nowMs: number): void;
	/** The state with the later of both moments, as long as the confirmed rev is still ours. */
	applied(state: StreamState): StreamState;
}

/** How often it is written, ms: 144 small writes a day; after a restart it may be this much older. */
const WRITE_EVERY_MS = 600_000;

type Confirmation = Pick<StreamState, 'centralEpoch' | 'rev' | 'syncedAtMs'>;

export function createDirectoryConfirmations(settings: Pick<SiteSettings, 'get' | 'set'>): DirectoryConfirmations {
	const known = new Map<string, Confirmation | undefined>();
	const written = new Map<string, Confirmation | undefined>();

	function of(stream: string): Confirmation | undefined {
		if (!known.has(stream)) {
			const text = settings.get(keyOf(stream));
			// Written below only.
			const stored = text === undefined ? undefined : (JSON.parse(text) as Confirmation);
			known.set(stream, stored);
			written.set(stream, stored);
		}
		return known.get(stream);
	}

	function isDue(stream: string, next: Confirmation): boolean {
		const last = written.get(stream);
		return last === undefined || !isSame(last, next) || next.syncedAtMs >= last.syncedAtMs + WRITE_EVERY_MS;
	}

	return {
		confirm({ stream, centralEpoch, rev }, nowMs) {
			const next = { centralEpoch, rev, syncedAtMs: nowMs };
			of(stream);
			known.set(stream, next);
			if (!isDue(stream, next)) return;
			settings.set(keyOf(stream), JSON.stringify(next));
			written.set(stream, next);
		},
		applied(state) {
			const confirmed = of(state.stream);
			if (confirmed === undefined || !isSame(confirmed, state) || confirmed.syncedAtMs <= state.syncedAtMs)
				return state;
			return { ...state, syncedAtMs: confirmed.syncedAtMs };
		},
	};
}

function isSame(a: Confirmation, b: Confirmation): boolean {
	return a.centralEpoch === b.centralEpoch && a.rev === b.rev;
}

function keyOf(stream: string): string {
	return `confirmed.${stream}`;
}
