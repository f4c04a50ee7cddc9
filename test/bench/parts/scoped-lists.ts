import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import type { RowScope, ScopedIds } from '../../../src/gateway/core/permission/row-scope.ts';
import type { ListQuery } from '../../../src/gateway/services/directory/directory-lists.ts';
import { createDirectoryLists } from '../../../src/gateway/services/directory/list-directory.ts';
import { createDirectoryListThread } from '../../../src/gateway/store/directory-lists.ts';
import { gatheredWord } from '../../../src/gateway/store/directory-tables.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { createBenchSite } from '../bench-site.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { holderId, TEN_EACH } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { QUESTIONS } from './lists.ts';

/** Each question, for each scope, this often. */
const ROUNDS = 2;

/** Lists of 100,000 holders with 1,000,000 credentials as operators see them whose permission is for a part of the site. */
export const scopedLists: Part = {
	name: 'scoped-lists',
	limitS: 240,
	async run() {
		const dir = await makeSeededStore(TEN_EACH, 'copied');
		try {
			partition(dir);
			return await measure(dir);
		} finally {
			rmSync(dir, { recursive: true });
		}
	},
};

/** One right in twenty opens area A3, half of the others A2; a group of a hundred people, one of 5,000, one of half of all. */
function partition(dir: string): void {
	const [file = ''] = readdirSync(dir).filter((name) => /^directory-\d+\.db$/.test(name));
	const db = new Database(path.join(dir, file));
	db.exec(`UPDATE right_specifications SET area_ids = '["A3"]' WHERE id = 'spec-3';
		UPDATE right_specifications SET area_ids = '["A2"]' WHERE id IN ('spec-1', 'spec-5', 'spec-7', 'spec-9', 'spec-11', 'spec-13', 'spec-15', 'spec-17', 'spec-19')`);
	const group = (id: string, every: number) => {
		const word = gatheredWord('groupIds', id);
		db.prepare('INSERT INTO holders_words (word, id) SELECT ?, id FROM holders WHERE crc % ? = 0').run(word, every);
		db.prepare(`INSERT INTO groups (id, name, kind, tags, name_key, digest, crc) VALUES (?, ?, 0, '[]', ?, 0, 0)`).run(
			id,
			id,
			id,
		);
	};
	db.transaction(() => {
		group('few', 1_000);
		group('some', 20);
		group('half', 2);
	})();
	db.close();
}

const NOTHING: ScopedIds = { records: [], groupIds: [], bundleIds: [], territories: [] };
const AREAS = ['A1', 'A2', 'A3'];
const given = (part: Partial<ScopedIds>): RowScope => ({
	whole: false,
	given: { ...NOTHING, ...part },
	denied: NOTHING,
});
const area = (...inside: readonly string[]) => ({ inside, apart: AREAS.filter((id) => !inside.includes(id)) });

const SCOPES: readonly (readonly [string, RowScope])[] = [
	['a small area', given({ territories: [area('A3')] })],
	['a large area', given({ territories: [area('A1')] })],
	['an area that nothing opens', given({ territories: [area('A9')] })],
	['a group of a hundred', given({ groupIds: ['few'] })],
	['a group of 5,000', given({ groupIds: ['some'] })],
	['a group of half', given({ groupIds: ['half'] })],
	['one person', given({ records: [`holders/${holderId(77)}`] })],
	['a group of 5,000 in a large area', given({ groupIds: ['some'], territories: [area('A1')] })],
	['all but a group of 5,000', { whole: true, given: NOTHING, denied: { ...NOTHING, groupIds: ['some'] } }],
	['all but a small area', { whole: true, given: NOTHING, denied: { ...NOTHING, territories: [area('A3')] } }],
];

async function measure(dir: string): Promise<readonly Figure[]> {
	const site = createBenchSite({
		dir,
		lanes: 1,
		opens: () => ({ pulse: () => Promise.resolve({ result: 'done' } as const) }),
	});
	const thread = createDirectoryListThread({
		directory: site.directory,
		siteFile: path.join(dir, SITE_FILE),
		onDied: (error) => console.error(error),
	});
	const lists = createDirectoryLists(thread);
	const figures: Figure[] = [];
	for (const [what, scope] of SCOPES) {
		const took: Record<'list' | 'search' | 'count', [number, number, string][]> = { list: [], search: [], count: [] };
		const time = async (kind: keyof typeof took, asked: string, work: () => Promise<unknown>) => {
			const [startedMs, before] = [performance.now(), process.cpuUsage()];
			await work();
			const { user, system } = process.cpuUsage(before);
			took[kind].push([performance.now() - startedMs, (user + system) / 1_000, asked]);
		};
		for (let round = 0; round < ROUNDS; round += 1)
			for (const [asked, of] of QUESTIONS((round + 1) * 7_919)) {
				const query: ListQuery = { ...of, scopes: [scope] };
				await time(query.q === undefined ? 'list' : 'search', asked, () => lists.page(query, { limit: 50 }));
				await time('count', asked, () => lists.count(query));
			}
		for (const kind of ['list', 'search', 'count'] as const) {
			const all = took[kind].toSorted((a, b) => b[1] - a[1]);
			const slowest = all.slice(0, 3).map(([, processorMs, asked]) => `${asked} ${processorMs.toFixed(0)}`);
			figures.push({
				what: `${what}: ${kind}, p95`,
				measured: percentile(
					all.map(([ms]) => ms),
					0.95,
				),
				...{ unit: 'ms', target: { atMost: 150 } },
				note: `of processor time p95 ${percentile(
					all.map(([, ms]) => ms),
					0.95,
				).toFixed(0)} ms; most: ${slowest.join(', ')}`,
			});
		}
	}
	await thread.close();
	await site.close();
	return figures;
}
