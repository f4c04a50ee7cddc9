import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CentralSqlite, openCentralDatabase } from '../../../src/sync/central/central-database.ts';
import { createLeadership, type Leadership } from '../../../src/sync/central/leadership.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

describe('who of several centrals leads (N11)', () => {
	let dir: string;
	let db: CentralSqlite;
	let clock: VirtualClock;
	let led: string[];
	const ends: Leadership[] = [];

	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'parkgate-leadership-'));
		db = openCentralDatabase(dir);
		clock = createVirtualClock();
		led = [];
	});
	afterEach(() => {
		for (const leadership of ends.splice(0)) leadership.end();
		db.close();
		rmSync(dir, { recursive: true, force: true });
	});

	function central(own: VirtualClock = clock): Leadership {
		const leadership = createLeadership({
			...{ db, clock: own, log: createMemoryLog() },
			onLead: (link) => void led.push(link),
		});
		ends.push(leadership);
		return leadership;
	}

	it('is the first, for as long as it says so', () => {
		const [a, b] = [central(), central()];
		a.join('a');
		b.join('b');
		clock.advance(60_000);
		expect([a.leads(), b.leads()]).toEqual([true, false]);
		expect(led).toEqual(['a']);
	});

	it('is another within seconds after the first was killed, and never two', () => {
		const stopped = createVirtualClock();
		const [a, b] = [central(stopped), central()];
		a.join('a');
		b.join('b');
		clock.advance(5_000);
		expect(b.leads()).toBe(false);
		clock.advance(3_000);
		expect(b.leads()).toBe(true);
		// The first was only frozen: it finds its place taken.
		stopped.jumpWallClock(8_000);
		expect(a.check()).toBe(false);
		expect([a.leads(), b.leads()]).toEqual([false, true]);
	});

	it('is another at once when the first leaves, or its connection is known to be over', () => {
		const [a, b] = [central(), central()];
		a.join('a');
		b.join('b');
		a.leave();
		clock.advance(2_000);
		expect(b.leads()).toBe(true);
		a.join('a2');
		expect(a.leads()).toBe(false);
		a.gone('b');
		expect(a.leads()).toBe(true);
		b.gone('somebody else');
		expect(b.leads()).toBe(false);
		b.gone('b');
		expect(led).toEqual(['a', 'b', 'a2']);
	});

	it('is somebody again after the clock was set back by a day', () => {
		const a = central(createVirtualClock(clock.nowMs() + 86_400_000));
		a.join('a');
		const b = central();
		b.join('b');
		expect(b.leads()).toBe(true);
	});

	it('goes on leading while another commits for long', () => {
		const a = central();
		a.join('a');
		db.exec('BEGIN IMMEDIATE');
		clock.advance(2_000);
		expect(a.leads()).toBe(true);
		db.exec('ROLLBACK');
		clock.advance(2_000);
		expect(a.leads()).toBe(true);
	});
});
