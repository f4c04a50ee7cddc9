import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinShape, type Plain, splitShape } from '../../../src/gateway/store/shape-text.ts';
import { aDecision, anAudit, aPassage } from '../../support/lane-entries.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const plain = fc.letrec<{ value: Plain }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 5 },
		fc.constantFrom(null, true, false, 0, -1, 1.5, '', '0', 'text', '\u0000"\\', '🚗'),
		fc.string(),
		fc.integer(),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
	),
})).value;

test('any plain data comes back from its shape and leaves', () => {
	fc.assert(
		fc.property(plain, (value) => {
			const json = JSON.stringify(value);
			expect(JSON.stringify(joinShape(splitShape(value)))).toBe(json);
			expect(JSON.parse(splitShape(value).shape)).toBeDefined();
		}),
	);
});

type Step =
	| { readonly do: 'append'; readonly kind: 'decision' | 'audit' | 'passage' }
	| { readonly do: 'group'; readonly size: number; readonly fails: boolean }
	| { readonly do: 'erase'; readonly share: number }
	| { readonly do: 'epoch'; readonly share: number }
	| { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({ do: fc.constant('append'), kind: fc.constantFrom('decision', 'audit', 'passage') }),
	},
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('group'), size: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('erase'), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('epoch'), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
	{ weight: 1, arbitrary: fc.constant({ do: 'reopen' }) },
) as fc.Arbitrary<Step>;

/** Carries steps out on a store and counts what must be in its journal. */
function createRun() {
	const dir = tempDir();
	let store = openTempStore(dir);
	let written = 0;
	let ids = 0;

	function append(kind: 'decision' | 'audit' | 'passage'): number {
		const id = `e${ids++}`;
		if (kind === 'decision') return store.journal.append(aDecision(id));
		return store.journal.append(kind === 'audit' ? anAudit(id) : { ...aPassage(`e${ids % 7}`), id });
	}

	function group(size: number, fails: boolean): void {
		const run = () =>
			store.transaction(() => {
				for (let n = 0; n < size; n += 1) append('decision');
				if (fails) throw new Error('rolled back');
			});
		if (fails) expect(run).toThrow('rolled back');
		else run();
		written += fails ? 0 : size;
	}

	return {
		perform(action: Step): void {
			switch (action.do) {
				case 'append':
					expect(append(action.kind)).toBe(++written);
					return;
				case 'group':
					group(action.size, action.fails);
					return;
				case 'erase':
					store.journal.erase([Math.ceil(action.share * written)]);
					return;
				case 'epoch': {
					const agreed = Math.ceil(action.share * written);
					const from = { gatewayEpoch: store.journal.gatewayEpoch(), seq: agreed };
					store.journal.draftEpoch(from).start('chainMismatch', 0);
					written -= agreed;
					return;
				}
				case 'reopen':
					store.close();
					store = openTempStore(dir);
					return;
			}
		},
		check(): void {
			expect(store.journal.lastSeq()).toBe(written);
			expect(store.journal.verify(0, 1_000)).toMatchObject({ result: 'holds', upTo: written, finished: true });
			const seqs = store.journal.after(0, 1_000).map(({ seq }) => seq);
			expect(seqs).toEqual(Array.from({ length: written }, (_, n) => n + 1));
			for (const { gatewayEpoch } of store.journal.epochs())
				expect(store.journal.verify(0, 1_000, gatewayEpoch)).toMatchObject({ result: 'holds', finished: true });
			store.close();
		},
	};
}

test('N7: whatever happens, seqs have no gap and the chain holds', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
			const run = createRun();
			for (const action of steps) run.perform(action);
			run.check();
		}),
		{ numRuns: 30 },
	);
});
