import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishRestore } from '../../../src/gateway/store/restore.ts';
import { tempDir } from '../../support/temp-store.ts';

const OLD = ['directory-7.db', 'directory-9.db', 'evidence', 'photos', 'site.db', 'site.db-wal'];
const NEW = ['directory-7.db', 'evidence', 'photos', 'site.db'];
const STAYS = ['backups', 'gateway-key.pem', 'gateway.lock'];
const ASIDE = 'replaced-20261122T220000Z';

/** A store directory whose files say whose they are. */
function aStore(): string {
	const dir = tempDir();
	const put = (name: string, says: string) => writeFileSync(path.join(dir, name), says);
	for (const name of [...OLD, ...STAYS]) put(name, 'old');
	mkdirSync(path.join(dir, 'restoring'));
	for (const name of NEW) put(path.join('restoring', name), 'new');
	return dir;
}

function mark(dir: string, next: 'setAside' | 'place'): void {
	writeFileSync(path.join(dir, 'restore.json'), JSON.stringify({ next, asideDir: ASIDE }));
}

/** Whose each file of a directory is. */
const whose = (dir: string, names: readonly string[]) =>
	names.map((name) => readFileSync(path.join(dir, name), 'utf8'));

function expectRestored(dir: string): void {
	expect(readdirSync(dir)).toEqual([...NEW, ...STAYS, ASIDE].toSorted());
	expect(whose(dir, NEW)).toEqual(NEW.map(() => 'new'));
	expect(whose(dir, STAYS)).toEqual(STAYS.map(() => 'old'));
	expect(readdirSync(path.join(dir, ASIDE))).toEqual(OLD);
	expect(whose(path.join(dir, ASIDE), OLD)).toEqual(OLD.map(() => 'old'));
}

describe('a restore that was cut off', () => {
	it.each(OLD.map((_, cut) => cut).concat(OLD.length))('after %i files were set aside is carried on with', (cut) => {
		const dir = aStore();
		mark(dir, 'setAside');
		mkdirSync(path.join(dir, ASIDE));
		for (const name of OLD.slice(0, cut)) renameSync(path.join(dir, name), path.join(dir, ASIDE, name));
		expect(finishRestore(dir)).toBe(true);
		expectRestored(dir);
		expect(finishRestore(dir)).toBe(false);
		expectRestored(dir);
	});

	it.each(NEW.map((_, cut) => cut).concat(NEW.length))('after %i files came into place is carried on with', (cut) => {
		const dir = aStore();
		mkdirSync(path.join(dir, ASIDE));
		for (const name of OLD) renameSync(path.join(dir, name), path.join(dir, ASIDE, name));
		mark(dir, 'place');
		for (const name of NEW.slice(0, cut)) renameSync(path.join(dir, 'restoring', name), path.join(dir, name));
		expect(finishRestore(dir)).toBe(true);
		expectRestored(dir);
	});

	it('before it was whole leaves the store as it was', () => {
		const dir = aStore();
		const before = aStore();
		expect(finishRestore(dir)).toBe(false);
		expect(existsSync(path.join(dir, 'restoring'))).toBe(false);
		expect(whose(dir, [...OLD, ...STAYS])).toEqual(whose(before, [...OLD, ...STAYS]));
	});

	it('of a backup without pictures leaves those that are there', () => {
		const dir = aStore();
		cpSync(path.join(dir, 'restoring'), path.join(dir, 'without'), { recursive: true });
		for (const name of ['evidence', 'photos']) {
			renameSync(path.join(dir, 'restoring', name), path.join(dir, 'without', `gone-${name}`));
		}
		mark(dir, 'setAside');
		finishRestore(dir);
		expect(whose(dir, ['evidence', 'photos', 'site.db'])).toEqual(['old', 'old', 'new']);
	});
});
