/** One line of a difference; `gap`: so many lines that are the same are left out. */
export type DiffLine =
	| { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }
	| { readonly kind: 'gap'; readonly lines: number };

type Line = Exclude<DiffLine, { kind: 'gap' }>;

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Beyond this the middle is told as removed and added as a whole: the table of common lines would cost too much. */
const LARGEST_TABLE = 4_000_000;

/** What turns one text into the other, line by line; empty when they are the same. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
	if (before === after) return [];
	const [old, now] = [linesOf(before), linesOf(after)];
	let start = 0;
	while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
	let end = 0;
	while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
	const same = (lines: readonly string[]) => lines.map((text): Line => ({ kind: 'same', text }));
	return withoutLongSames([
		...same(old.slice(0, start)),
		...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
		...same(old.slice(old.length - end)),
	]);
}

function linesOf(text: string): readonly string[] {
	return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** By the longest common subsequence. */
function middle(old: readonly string[], now: readonly string[]): readonly Line[] {
	const removed = (text: string): Line => ({ kind: 'removed', text });
	const added = (text: string): Line => ({ kind: 'added', text });
	if (old.length * now.length > LARGEST_TABLE) return [...old.map(removed), ...now.map(added)];
	const width = now.length + 1;
	const common = new Uint16Array((old.length + 1) * width);
	const at = (i: number, j: number) => common[i * width + j] ?? 0;
	for (let i = old.length - 1; i >= 0; i--)
		for (let j = now.length - 1; j >= 0; j--)
			common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	const lines: Line[] = [];
	let [i, j] = [0, 0];
	while (i < old.length || j < now.length) {
		const [was = '', is = ''] = [old[i], now[j]];
		if (i < old.length && j < now.length && was === is) {
			lines.push({ kind: 'same', text: was });
			i += 1;
			j += 1;
		} else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1))) {
			lines.push(removed(was));
			i += 1;
		} else {
			lines.push(added(is));
			j += 1;
		}
	}
	return lines;
}

function withoutLongSames(lines: readonly Line[]): readonly DiffLine[] {
	const isShown = lines.map((_, index) =>
		lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
	);
	const shown: DiffLine[] = [];
	let left = 0;
	for (const [index, line] of lines.entries()) {
		if (isShown[index] !== true) {
			left += 1;
			continue;
		}
		if (left > 0) shown.push({ kind: 'gap', lines: left });
		left = 0;
		shown.push(line);
	}
	if (left > 0) shown.push({ kind: 'gap', lines: left });
	return shown;
}
