import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffLine, lineDiff } from '../../../src/gateway/core/line-diff.ts';

const shown = (lines: readonly DiffLine[]) =>
	lines.map((line) =>
		line.kind === 'gap' ? `… ${line.lines}` : `${{ same: ' ', removed: '-', added: '+' }[line.kind]}${line.text}`,
	);

describe('the difference of two texts', () => {
	it('N10: shows what was removed and added, with a few lines around it', () => {
		const before = Array.from({ length: 20 }, (_, line) => `line ${line}`);
		const after = before.with(10, 'line ten').toSpliced(12, 1);
		expect(shown(lineDiff(before.join('\n'), after.join('\n')))).toEqual([
			...['… 7', ' line 7', ' line 8', ' line 9', '-line 10', '+line ten', ' line 11', '-line 12'],
			...[' line 13', ' line 14', ' line 15', '… 4'],
		]);
		expect(lineDiff('a\n', 'a\n')).toEqual([]);
	});

	it('N10: turns the one into the other, whatever they are', () => {
		const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
		fc.assert(
			fc.property(text, text, (before, after) => {
				// A line end at the end is no line of its own.
				const [old, now] = [
					[...before, 'end'],
					[...after, 'end'],
				];
				expect(applied(old, lineDiff(old.join('\n'), now.join('\n')))).toEqual(now);
			}),
		);
	});
});

/** The lines after the difference was carried out; throws when it does not fit. */
function applied(old: readonly string[], lines: readonly DiffLine[]): readonly string[] {
	if (lines.length === 0) return old;
	const left = [...old];
	const now = lines.flatMap((line): string[] => {
		if (line.kind === 'gap') return left.splice(0, line.lines);
		if (line.kind === 'added') return [line.text];
		expect(left.shift()).toBe(line.text);
		return line.kind === 'same' ? [line.text] : [];
	});
	expect(left).toEqual([]);
	return now;
}
