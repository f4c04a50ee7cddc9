import { describe, expect, it } from 'vitest';
import { createInbox } from '../../src/sync/inbox.ts';
import type { Delta } from '../../src/sync/stream-state.ts';
import { createMemoryDirectory } from '../support/memory-directory.ts';
import { createMemoryLog } from '../support/memory-log.ts';

const delta = (from: number): Delta => ({
	...{ stream: 'people', centralEpoch: 'c1', from, to: from + 1, more: false, root: null },
	ops: [{ op: 'delete', table: 'holders', key: 'h1' }],
});

describe('what central sent, on its way into the directory', () => {
	it('N11: changes do not wait behind a snapshot that is staged, nor behind rows that are read again', async () => {
		const never = new Promise<never>(() => undefined);
		const directory = { ...createMemoryDirectory(), finishSnapshot: () => never, verifyStream: () => never };
		const answers: string[] = [];
		const inbox = createInbox({
			...{ directory, log: createMemoryLog(), reached: () => undefined },
			onAnswer: (answer) => answers.push(answer.kind),
		});
		inbox.run({ do: 'finishSnapshot' });
		inbox.run({ do: 'verifyStream', stream: 'people' });
		inbox.run({ do: 'applyDelta', delta: delta(0) });
		await inbox.deltasIdle();
		expect(answers).toEqual(['applyFailed']);
	});

	it('X17: an edit made on site is weighed again when its row is denied ahead of its turn: it must not hide that', async () => {
		const reached: unknown[] = [];
		const inbox = createInbox({
			...{ directory: createMemoryDirectory(), log: createMemoryLog(), onAnswer: () => undefined },
			reached: (...what) => reached.push(what),
		});
		inbox.run({ do: 'denyAhead', delta: delta(7) });
		await inbox.deltasIdle();
		expect(reached).toEqual([['people', 0, delta(7).ops]]);
	});
});
