import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { LICENCE_KIND_NAMES } from '../../../src/gateway/core/licence/licence-kinds.ts';
import type { Site } from '../../../src/gateway/core/site.ts';
import { COUNTED_KINDS } from '../../../src/gateway/services/licensing/licence-days.ts';
import { openSiteStore, SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createSiteLicensing } from '../../support/licensing-bench.ts';
import { operatorRow } from '../../support/operators.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { quietLog } from '../quiet-log.ts';

const SITE: Site = {
	...{ id: 'site-1', tenant: 'acme', name: 'Bench', timeZone: 'Europe/Brussels', staleAfterMs: {} },
	forgottenExits: { autoCloseAfterMs: null, autoCloseFreesPlace: true },
	...{ parks: [], areas: [], lanes: [] },
};
const OPERATORS = 100_000;
const DAYS = 3 * 365;
const DAY_MS = 86_400_000;
const ASKED = 200;
const MIB = 2 ** 20;
const FIRST = ['Ada', 'Élodie', 'Jan', 'Łukasz', 'Mia', 'Noor', 'Oscar', 'Paul', 'Rosa', 'Tom'];
const LAST = ['Durand', 'Maes', 'Müller', 'Peeters', 'Janssens', 'Claes', 'Goossens', 'Wouters', 'De Smet', 'Lemaire'];

/** Licences of 100,000 operators, each of whom has or had each of the thirteen kinds in three years. */
export const licences: Part = {
	name: 'licences',
	limitS: 300,
	async run() {
		const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-bench-licences-'));
		try {
			fill(dir);
			return await measure(dir);
		} finally {
			rmSync(dir, { recursive: true });
		}
	},
};

function openStore(dir: string) {
	const clock = createSystemClock();
	const log = quietLog;
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
	return { dir, store, clock, log };
}

function fill(dir: string): void {
	const { store, clock } = openStore(dir);
	for (let from = 0; from < OPERATORS; from += 1_000)
		store.transaction(() => {
			for (let n = from; n < from + 1_000; n += 1) {
				const name = `${FIRST[n % 10]} ${LAST[Math.floor(n / 10) % 10]} ${n}`;
				const row = { id: `op-${n}`, email: `person${n}@acme.example`, name };
				store.operators.addOperator(operatorRow(row));
			}
		});
	store.close();
	const db = new Database(path.join(dir, SITE_FILE));
	db.pragma('synchronous = OFF');
	db.pragma('cache_size = -600000');
	const startMs = clock.nowMs() - DAYS * DAY_MS;
	for (const kind of LICENCE_KIND_NAMES) {
		const moment = `${startMs} + (substr(operator_id, 4) % ${DAYS - 30}) * ${DAY_MS}`;
		db.exec(`INSERT INTO licence_changes (at_ms, what, subject, kind, operator_id)
			SELECT ${moment}, 'kindGiven', operator_id, '${kind}', 'op-0' FROM operator_names;
			INSERT INTO licence_changes (at_ms, what, subject, kind, operator_id)
			SELECT ${moment} + ${20 * DAY_MS}, 'kindTaken', operator_id, '${kind}', 'op-0' FROM operator_names
			WHERE substr(operator_id, 4) % 3 = 0;
			INSERT INTO licence_grants (operator_id, kind, since_ms)
			SELECT operator_id, '${kind}', ${moment} FROM operator_names WHERE substr(operator_id, 4) % 3 > 0;`);
		const day = db.prepare('INSERT INTO licence_days (kind, day, used, given, taken) VALUES (?, ?, ?, 91, 30)');
		db.transaction(() => {
			for (let at = 0; at < DAYS; at += 1)
				day.run(kind, new Date(startMs + at * DAY_MS).toISOString().slice(0, 10), at * 60);
		})();
	}
	db.close();
}

async function measure(dir: string): Promise<readonly Figure[]> {
	const bench = openStore(dir);
	const { licenceGrants, licenceStatistics, licenceExports, licensing } = createSiteLicensing(bench, SITE);
	const ids = Array.from({ length: ASKED }, (_, place) => `op-${(place * 499) % OPERATORS}`);
	const words = ['mul', 'elodie', 'jan maes', 'person99', 'peet ros', 'claes tom', 'lemaire 4'];
	const word = (place: number) => words[place % words.length] ?? '';
	const kind = (place: number) => LICENCE_KIND_NAMES[place % LICENCE_KIND_NAMES.length] ?? 'zScan';
	const page = { q: '', kind: null, after: null, limit: 50 } as const;
	const figures = [
		timed('page of users with their licences', (n) => licenceGrants.page({ ...page, after: ids[n] ?? null })),
		timed('search by words', (n) => licenceGrants.page({ ...page, q: word(n) })),
		timed('search by words and kind', (n) => licenceGrants.page({ ...page, q: word(n), kind: kind(n) })),
		timed('page of history of one kind in a month', (n) => {
			const fromMs = bench.clock.nowMs() - (n + 60) * DAY_MS;
			licensing.history({ kind: kind(n), fromMs, toMs: fromMs + 30 * DAY_MS }, null, 50);
		}),
		timed('history of one user', (n) => licensing.history({ subject: ids[n] ?? '' }, null, 50)),
		timed('statistics of a year, all kinds', () => licenceStatistics({ kinds: COUNTED_KINDS })),
		timed('kinds of one user, as each request asks', (n) => licenceGrants.kindsOf(ids[n] ?? '')),
	];
	const before = process.memoryUsage().rss;
	let most = before;
	let bytes = 0;
	const startedMs = performance.now();
	const file = licenceExports.licences({ format: 'csv', language: 'en', q: '', kind: null }, null);
	for await (const chunk of file.bytes) {
		bytes += chunk.length;
		most = Math.max(most, process.memoryUsage().rss);
	}
	const note = `${Math.round(bytes / MIB)} MiB in ${Math.round((performance.now() - startedMs) / 1_000)} s`;
	bench.store.close();
	return [
		...figures,
		{
			what: 'memory that an export of all takes',
			measured: (most - before) / MIB,
			unit: 'MiB',
			target: { atMost: 120 },
			note,
		},
	];
}

function timed(what: string, ask: (turn: number) => unknown): Figure {
	const durationsMs = Array.from({ length: ASKED }, (_, turn) => {
		const startedMs = performance.now();
		ask(turn);
		return performance.now() - startedMs;
	});
	return { what: `${what}, p95`, measured: percentile(durationsMs, 0.95), unit: 'ms', target: { atMost: 200 } };
}
