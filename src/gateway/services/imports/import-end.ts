import process from 'node:process';
import type { AuditEntry } from '../../core/journal.ts';
import type { Import, ImportStage } from './imports.ts';

/** Who had what applied or undone, and what came of it. */
export function auditOf(
	{ id: target, kind, fileName, state, preview }: Import,
	stage: ImportStage,
	entry: Pick<AuditEntry, 'id' | 'atMs'>,
): AuditEntry {
	const { new: made = 0, changed = 0 } = preview?.counts ?? {};
	const detail = { kind, fileName, stage, new: made, changed };
	return {
		type: 'audit',
		class: 'audit',
		...entry,
		target,
		operatorId: state.operatorId,
		action: 'directoryImport',
		detail,
	};
}

/** Processor time of this thread, ms. */
export function workedMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1_000;
}
