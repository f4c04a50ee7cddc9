import { randomUUIDv7 } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { ImageAnswer } from '../../../../src/gateway/services/evidence/image-messages.ts';
import { createInterventionEnding } from '../../../../src/gateway/services/maintenance/end-interventions.ts';
import {
	createInterventionPhotos,
	type InterventionPhotos,
} from '../../../../src/gateway/services/maintenance/intervention-photos.ts';
import { createInterventionWriter } from '../../../../src/gateway/services/maintenance/write-interventions.ts';
import {
	createEvidenceFiles,
	type EvidenceFiles,
	evidenceFile,
	PHOTOS_DIR,
	writeEvidence,
} from '../../../../src/gateway/store/evidence-files.ts';
import type { SiteStore } from '../../../../src/gateway/store/site-store.ts';
import { createMemoryLog, type MemoryLog } from '../../../support/memory-log.ts';
import { turn } from '../../../support/privacy-bench.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const ABOUT = { kind: 'repair', target: { kind: 'site' }, priority: 'low', plan: null, people: [] } as const;
const FILE_BYTES = 1_000;
const DAY_MS = 86_400_000;

let store: SiteStore;
let clock: VirtualClock;
let log: MemoryLog;
let files: EvidenceFiles;
let photos: InterventionPhotos;
/** Bytes that the disk has left beside the photos. */
let spare: number;

/** As the process does with a picture that is one. */
async function ask(asked: object): Promise<ImageAnswer> {
	const bytes = new Uint8Array(FILE_BYTES / 2);
	const imageId = 'imageId' in asked ? String(asked.imageId) : '';
	const of = { id: imageId, revision: 0, contentType: 'image/jpeg' } as const;
	writeEvidence(files.dir, of, { bytes, thumbnail: bytes });
	return { result: 'kept', contentType: 'image/jpeg', sha256: of.id, fileBytes: FILE_BYTES, widthPx: 4, heightPx: 3 };
}

beforeEach(() => {
	const dir = tempDir();
	store = openTempStore(dir);
	clock = createVirtualClock();
	log = createMemoryLog();
	files = createEvidenceFiles(dir, PHOTOS_DIR);
	spare = Number.MAX_SAFE_INTEGER;
	const deps = { store, clock, newId: randomUUIDv7, journalGrew: () => undefined };
	photos = createInterventionPhotos({
		...{ store, clock, log, files, images: { ask }, ready: () => Promise.resolve() },
		writer: createInterventionWriter(deps),
		freeBytes: () => spare,
	});
});

const add = () => {
	const row = { ...ABOUT, id: randomUUIDv7(), title: 'Arm', description: '', openedBy: 'ann' };
	return store.interventions.addIntervention({ ...row, status: 'open', openedAtMs: clock.nowMs() });
};
function close(number: number): void {
	const row = store.interventions.intervention(number);
	if (row !== undefined) store.interventions.updateIntervention({ ...row, status: 'done', closedAtMs: clock.nowMs() });
}
const photo = async (number: number, name: string) => {
	const answer = await photos.add(number, Buffer.from(name), 'ben');
	return answer.result === 'done' ? answer.photo.id : answer;
};
const fileOf = (id: string, form: 'image' | 'thumbnail' = 'image') =>
	path.join(files.dir, evidenceFile({ id, revision: 0, contentType: 'image/jpeg' }, form));
const idsOf = (number: number) => store.interventions.photos(number).map(({ id }) => id);

describe('I10 photos of interventions', () => {
	test('are kept once each, and twenty of one at most', async () => {
		const number = add();
		const first = await photo(number, 'photo 0');
		expect(await photo(number, 'photo 0')).toBe(first);
		for (let count = 1; count < LIMITS.interventionPhotos; count += 1) await photo(number, `photo ${count}`);
		expect(await photo(number, 'one more')).toEqual({ result: 'refused', because: 'tooMany' });
		expect(idsOf(number)).toHaveLength(LIMITS.interventionPhotos);
		expect(await photo(99, 'of none')).toEqual({ result: 'refused', because: 'notFound' });
	});

	test('where there is no room those of what was closed longest go, and none of what is not closed', async () => {
		const [open, old, young] = [add(), add(), add()];
		const [ofOpen, ofOld, ofYoung] = [await photo(open, 'a'), await photo(old, 'b'), await photo(young, 'c')];
		close(old);
		clock.advance(DAY_MS);
		close(young);
		spare = 0;
		expect(await photo(open, 'd')).toMatchObject({ because: 'picture', picture: 'noRoom' });
		expect([idsOf(open), idsOf(old), idsOf(young)]).toEqual([[ofOpen], [], []]);
		for (const id of [ofOld, ofYoung]) expect(existsSync(fileOf(String(id)))).toBe(false);
		expect(existsSync(fileOf(String(ofOpen)))).toBe(true);
	});

	test('more than a few at once are told to come back', async () => {
		const number = add();
		const names = Array.from({ length: LIMITS.photosWaiting + 1 }, (_, n) => `photo ${n}`);
		const answers = await Promise.all(names.map((name) => photo(number, name)));
		expect(answers.filter((answer) => typeof answer === 'string')).toHaveLength(LIMITS.photosWaiting);
		expect(answers.at(-1)).toMatchObject({ picture: 'busy' });
	});

	test('end 400 days after their intervention was closed; at the start files and rows are made one again', async () => {
		const [open, closed] = [add(), add()];
		const [ofOpen, ofClosed, lost] = [await photo(open, 'a'), await photo(closed, 'b'), await photo(open, 'lost')];
		close(closed);
		await files.remove([{ id: String(lost), revision: 0, contentType: 'image/jpeg' }]);
		mkdirSync(path.join(files.dir, 'ff'), { recursive: true });
		writeFileSync(path.join(files.dir, 'ff', 'nobody-0.jpg'), 'x');
		const ending = createInterventionEnding({ store, files, clock, log, rest: turn });
		ending.start();
		await ending.settled();
		expect([idsOf(open), idsOf(closed)]).toEqual([[ofOpen], [ofClosed]]);
		expect(existsSync(path.join(files.dir, 'ff', 'nobody-0.jpg'))).toBe(false);
		clock.jumpWallClock(LIMITS.photoKeptMs + DAY_MS);
		await clock.advanceAsync(DAY_MS / 2);
		await ending.settled();
		expect([idsOf(open), idsOf(closed)]).toEqual([[ofOpen], []]);
		await ending.stop();
		expect(clock.pendingTimers()).toBe(0);
	});
});
