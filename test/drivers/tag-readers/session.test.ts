import { describe, expect, test } from 'vitest';
import { createFrameSearch, type FrameFormat } from '../../../src/drivers/frame-search.ts';
import { createListeningDialect, type ReaderDialect, type TagRead } from '../../../src/drivers/tag-readers/dialect.ts';
import { createRepeats } from '../../../src/drivers/tag-readers/repeats.ts';
import { createReaderSession, type SessionEffect } from '../../../src/drivers/tag-readers/session.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';

/** Frames of two bytes: who speaks, and a letter. Asked `q`, a reader says `p` any number of times and then `e`. */
interface Toy {
	readonly kind: 'toy';
	readonly reader: number;
	readonly letter: string;
}

const format: FrameFormat<Toy> = {
	longest: 2,
	scan(bytes, at) {
		const [reader = 0, letter] = bytes.subarray(at, at + 2);
		if (reader > 9) return { result: 'none' };
		if (letter === undefined) return { result: 'partial' };
		return { result: 'frame', frame: { kind: 'toy', reader, letter: String.fromCharCode(letter) }, end: at + 2 };
	},
};

const tag: TagRead = { tag: 'E280', raw: Uint8Array.of(1) };

function toyDialect(own: number): ReaderDialect<Toy> {
	let isReady = false;
	return {
		restart() {
			isReady = false;
		},
		next: () => ({ bytes: Uint8Array.of(own, 0x71), timeoutMs: 100, pauseMs: 50 }),
		take({ letter }) {
			const reads = letter === 'p' || letter === 't' ? { reads: [tag] } : {};
			if (letter === 'e') isReady = true;
			if (letter === 'e') return { ...reads, answers: 'end' };
			return letter === 'p' ? { ...reads, answers: 'part' } : { ...reads, isStray: letter === 's' };
		},
		unanswered: () => undefined,
		owns: ({ reader }) => reader === own,
		isReady: () => isReady,
		fault: () => undefined,
		identity: () => ({}),
	};
}

function createToyLine(readers: readonly number[]) {
	const keyOf = (read: TagRead) => read.tag;
	const settings = readers.map((own) => ({ dialect: toyDialect(own), keyOf, repeatMs: 1_000_000 }));
	const session = createReaderSession({ search: createFrameSearch(format), gapMs: 20 }, settings);
	const asked: { readonly atMs: number; readonly reader: number }[] = [];
	let nowMs = 0;
	const note = (effects: readonly SessionEffect[]) => {
		for (const effect of effects) if (effect.type === 'send') asked.push({ atMs: nowMs, reader: effect.bytes[0] ?? 0 });
	};
	return {
		members: session.members,
		asked,
		states: () => session.members.map(({ state }) => state),
		open: () => note(session.step({ type: 'opened', nowMs })),
		say: (reader: number, letters: string) =>
			note(
				session.step({
					type: 'bytes',
					chunk: Uint8Array.from([...letters].flatMap((letter) => [reader, letter.charCodeAt(0)])),
					nowMs,
				}),
			),
		/** Steps whenever the session wants it, every 10 ms besides; `each` may let readers speak. */
		pass(forMs: number, each: () => void = () => undefined) {
			const untilMs = nowMs + forMs;
			while (nowMs < untilMs) {
				nowMs += 10;
				each();
				note(session.step({ type: 'tick', nowMs }));
				expect(session.wakeAtMs() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowMs);
			}
		},
	};
}

describe('a line of readers that are asked', () => {
	test('is offline after three answers missed, and asked once a second then', () => {
		const line = createToyLine([1]);
		line.open();
		line.pass(5_000);
		expect(line.states()).toEqual(['offline']);
		expect(line.members[0]?.problem).toContain('does not answer');
		expect(line.asked.length).toBeGreaterThan(5);
		expect(line.asked.length).toBeLessThan(15);
	});

	test('says that it is not understood when there is noise instead of answers', () => {
		const line = createToyLine([1]);
		line.open();
		line.pass(1_000, () => line.say(200, 'x'));
		expect(line.members[0]?.problem).toContain('not understood');
	});

	test('does not take what a reader says unasked for its answer, and tells its tags all the same', () => {
		const line = createToyLine([1]);
		line.open();
		line.pass(2_000, () => line.say(1, 't'));
		expect(line.states()).toEqual(['offline']);
		expect(line.members[0]?.statistics).toMatchObject({ reads: 2 });
		expect(line.members[0]?.statistics['repeatedReads']).toBeGreaterThan(100);
	});

	test('lets a reader that goes on and on hold the line for two seconds and no more', () => {
		const line = createToyLine([1, 2]);
		line.open();
		line.pass(10_000, () => line.say(1, 'p'));
		const [first, second] = [1, 2].map((reader) => line.asked.filter((each) => each.reader === reader).length);
		expect(first).toBeGreaterThanOrEqual(4);
		expect(second).toBeGreaterThanOrEqual(4);
	});

	test('waits for a reader that goes on and on when it is alone', () => {
		const line = createToyLine([1]);
		line.open();
		line.pass(10_000, () => line.say(1, 'p'));
		expect(line.asked).toHaveLength(1);
	});

	test('asks its readers in turn, each after its pause', () => {
		const line = createToyLine([1, 2, 3]);
		line.open();
		line.pass(3_000, () => line.say(line.asked.at(-1)?.reader ?? 1, 'e'));
		expect(line.states()).toEqual(['online', 'online', 'online']);
		const counts = [1, 2, 3].map((reader) => line.asked.filter((each) => each.reader === reader).length);
		expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
	});

	test('counts frames of nobody', () => {
		const line = createToyLine([1]);
		line.open();
		line.say(7, 'e');
		expect(line.members[0]?.statistics).toMatchObject({ frames: 0, strayFrames: 1 });
	});
});

describe('a line of a reader that only speaks', () => {
	test('is told as not understood and understood again a few times a minute at most, whatever comes', () => {
		const keyOf = (read: TagRead) => read.tag;
		const dialect = createListeningDialect<Toy>(() => ({}));
		const session = createReaderSession({ search: createFrameSearch(format), gapMs: 20 }, [
			{ dialect, keyOf, repeatMs: 1_000 },
		]);
		session.step({ type: 'opened', nowMs: 0 });
		const noise = Uint8Array.from({ length: 5 * 64 }, () => 200);
		const chunk = Uint8Array.of(...noise, 1, 0x74);
		const told: string[] = [];
		for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
			for (const input of [{ type: 'bytes', chunk, nowMs } as const, { type: 'tick', nowMs } as const])
				for (const effect of session.step(input))
					if (effect.type === 'condition') told.push(session.members[0]?.state ?? '');
		}
		expect(told).toContain('faulted');
		expect(told.length).toBeLessThanOrEqual(24);
		let nowMs = 60_000;
		session.step({ type: 'bytes', chunk: Uint8Array.of(1, 0x74), nowMs });
		for (let wakeMs = session.wakeAtMs(); wakeMs !== undefined; wakeMs = session.wakeAtMs()) {
			expect(wakeMs).toBeGreaterThan(nowMs);
			nowMs = wakeMs;
			session.step({ type: 'tick', nowMs });
		}
		expect(session.members[0]?.state).toBe('online');
		expect(nowMs).toBeLessThanOrEqual(65_000);
	});
});

describe('a reader that tells tags without end', () => {
	const keyOf = (read: TagRead) => read.tag;

	function createFlooder() {
		let tags = 0;
		const dialect = createListeningDialect<Toy>(() => {
			tags += 1;
			return { reads: [{ tag: `TAG-${tags}`, raw: Uint8Array.of(1) }] };
		});
		return createReaderSession({ search: createFrameSearch(format), gapMs: 20 }, [{ dialect, keyOf, repeatMs: 500 }]);
	}

	test('is held to what can pass a lane, is faulted with what to look at, and is well again a minute after', () => {
		const session = createFlooder();
		session.step({ type: 'opened', nowMs: 0 });
		const chunk = Uint8Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 1 : 0x74));
		let told = 0;
		let nowMs = 0;
		for (; nowMs < 60_000; nowMs += 100)
			told += session.step({ type: 'bytes', chunk, nowMs }).filter(({ type }) => type === 'read').length;
		expect(told).toBeGreaterThan(700);
		expect(told).toBeLessThanOrEqual(LIMITS.newTagsAtOnce + 60 * LIMITS.newTagsPerSecond);
		const [member] = session.members;
		expect(member?.statistics).toMatchObject({ frames: 60_000, reads: told, floodedReads: 60_000 - told });
		expect(member).toMatchObject({ state: 'faulted', problem: expect.stringContaining('more tags') });
		for (let wakeMs = session.wakeAtMs(); wakeMs !== undefined; wakeMs = session.wakeAtMs()) {
			expect(wakeMs).toBeGreaterThan(nowMs);
			nowMs = wakeMs;
			session.step({ type: 'tick', nowMs });
		}
		expect(member?.state).toBe('online');
		expect(nowMs).toBeLessThanOrEqual(120_000);
	});

	test('is no reader with a full field whose tags stay', () => {
		const session = createReaderSession({ search: createFrameSearch(format), gapMs: 20 }, [
			{
				dialect: createListeningDialect<Toy>(({ letter }) => ({ reads: [{ tag: letter, raw: Uint8Array.of(1) }] })),
				...{ keyOf, repeatMs: 500 },
			},
		]);
		session.step({ type: 'opened', nowMs: 0 });
		const chunk = Uint8Array.from({ length: 2 * 150 }, (_, at) => (at % 2 === 0 ? 1 : at % 256));
		for (let nowMs = 0; nowMs < 60_000; nowMs += 100) session.step({ type: 'bytes', chunk, nowMs });
		expect(session.members[0]).toMatchObject({ state: 'online', statistics: { floodedReads: 0 } });
	});
});

describe('repeated reads', () => {
	test('are told at once, then every repeatMs as long as they come', () => {
		const repeats = createRepeats(500);
		const told = Array.from({ length: 30 }, (_, n) => n * 100).filter(
			(nowMs) => repeats.take('A', nowMs) !== 'repeated',
		);
		expect(told).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500]);
	});

	test('count for each key', () => {
		const repeats = createRepeats(500);
		expect(['A@1', 'A@2', 'B@1', 'A@1'].map((key) => repeats.take(key, 0))).toEqual(['new', 'new', 'new', 'repeated']);
		expect(repeats.take('A@1', 500)).toBe('again');
	});

	test('are remembered for a bounded number of keys', () => {
		const repeats = createRepeats(1_000_000);
		for (let n = 0; n < 100_000; n++) repeats.take(String(n), n);
		expect(repeats.take('99999', 100_000)).toBe('repeated');
		expect(repeats.take(String(99_999 - LIMITS.tagsInField), 100_000)).toBe('new');
	});
});
