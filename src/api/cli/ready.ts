import { escapeHidden } from '../../gateway/core/hidden-text.ts';
import type { Ready } from './handlers.ts';
import type { Terminal } from './terminal.ts';

/** Tells a person at the terminal where to go. */
export function printReady(terminal: Terminal, title: string, ready: Ready): void {
	const line = (label: string, text: string) =>
		terminal.out(`  ${label.padEnd(10)}${terminal.style('cyan', escapeHidden(text))}\n`);
	terminal.out(`\n${terminal.style('bold', title)}\n`);
	line('Console', ready.consoleUrl);
	if (ready.claimUrl !== null) line('Claim', `${ready.claimUrl}`);
	for (const note of ready.notes) terminal.out(`  ${escapeHidden(note)}\n`);
	if (ready.claimUrl !== null)
		terminal.out(`  ${terminal.style('dim', 'The claim link works once and makes you the first administrator.')}\n`);
	terminal.out(`  ${terminal.style('dim', 'Ctrl-C stops.')}\n\n`);
}
