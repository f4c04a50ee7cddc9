import { expect, it } from 'vitest';
import { createProgress } from '../../../src/api/cli/progress.ts';
import type { Terminal } from '../../../src/api/cli/terminal.ts';

function progressAt(interactive: boolean) {
	let nowMs = 0;
	const written: string[] = [];
	const terminal = { errInteractive: interactive, err: (text: string) => written.push(text) } as unknown as Terminal;
	const progress = createProgress(terminal, 'Journal', () => nowMs);
	return { progress, written, wait: (ms: number) => (nowMs += ms) };
}

it('shows a bar once work takes over a second, not more often than the eye can follow, and takes it away', () => {
	const { progress, written, wait } = progressAt(true);
	progress.update(1, 4);
	wait(1001);
	progress.update(2, 4);
	wait(10);
	progress.update(3, 4);
	expect(written).toHaveLength(1);
	expect(written[0]).toMatch(/Journal █{15}░{15} 50 % {2}2 of 4$/);
	progress.end();
	expect(written[1]).toBe('\r\u001b[K');
});

it('shows nothing to programs, and leaves no trace where there was no bar', () => {
	const { progress, written, wait } = progressAt(false);
	wait(5000);
	progress.update(1, 2);
	progress.end();
	expect(written).toEqual([]);
});
