import Database from 'better-sqlite3';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { CentralSqlite } from './central-database.ts';

/** Of several centrals on one database one tells sites that central is there, and what changed. */
export interface Leadership {
	leads(): boolean;
	/** The connection that takes part; undefined: none. */
	link(): string | undefined;
	/** A connection stands: it leads as soon as no other does. */
	join(link: string): void;
	/** The connection is over; its place is free at once. */
	leave(): void;
	/** Another central's connection is over: if it led, its place is free at once. */
	gone(link: string): void;
	/** Asks the store, which alone knows who leads. */
	check(): boolean;
	end(): void;
}

/** Who leads says so this often, and is taken for dead when it did not for so long. */
const RENEW_MS = 2_000;
const LEASE_MS = 6_000;
/** How long a renewal waits for another central's commit. */
const BUSY_MS = 500;

/**
 * A lease in the database. Two may think they lead for a moment, after a process stood still or the clock was set: then
 * sites hear things twice, which does no harm. `onLead`: we lead from now on.
 */
export function createLeadership(deps: {
	readonly db: CentralSqlite;
	readonly clock: Clock;
	readonly log: Log;
	readonly onLead: (link: string) => void;
}): Leadership {
	const { clock, log } = deps;
	// Nothing is lost with a lease: its commits need not be on the disk, and hold up no event.
	const db = new Database(deps.db.name, { timeout: BUSY_MS });
	db.pragma('synchronous = NORMAL');
	const claim = db.prepare<[{ readonly link: string; readonly nowMs: number; readonly untilMs: number }]>(
		`INSERT INTO leases (name, holder, until_ms) VALUES ('leader', :link, :untilMs)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
		WHERE holder = :link OR until_ms < :nowMs OR until_ms > :nowMs + ${2 * LEASE_MS}`,
	);
	const release = db.prepare<[string]>("DELETE FROM leases WHERE name = 'leader' AND holder = ?");
	let mine: string | undefined;
	let isLeading = false;
	let cancel: Cancel = () => undefined;

	function take(): boolean {
		const link = mine;
		if (link === undefined) return false;
		const nowMs = clock.nowMs();
		const isHeld = attempt(() => claim.run({ link, nowMs, untilMs: nowMs + LEASE_MS }).changes > 0) ?? isLeading;
		const isNew = isHeld && !isLeading;
		if (isHeld !== isLeading) log.info({ leads: isHeld }, 'central: who tells sites what changed');
		isLeading = isHeld;
		if (isNew) deps.onLead(link);
		return isHeld;
	}

	/** undefined: the database is busy or gone. */
	function attempt<T>(work: () => T): T | undefined {
		try {
			return work();
		} catch (error) {
			log.warn({ err: error }, 'central: the lease could not be written');
			return undefined;
		}
	}

	function goOn(): void {
		cancel = clock.after(RENEW_MS, () => {
			take();
			goOn();
		});
	}

	return {
		leads: () => isLeading,
		link: () => mine,
		check: take,
		join(link) {
			mine = link;
			isLeading = false;
			cancel();
			take();
			goOn();
		},
		leave() {
			cancel();
			const left = mine;
			mine = undefined;
			isLeading = false;
			if (left !== undefined) attempt(() => release.run(left));
		},
		gone(link) {
			if (link === mine) return;
			attempt(() => release.run(link));
			take();
		},
		end() {
			cancel();
			mine = undefined;
			isLeading = false;
			db.close();
		},
	};
}
