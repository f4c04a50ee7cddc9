import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import { type Language, reasonText } from '../../core/reason-texts/reason-text.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLog, AccessLogQuery, DecisionSummary } from '../access-log.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import { DECISION_WORDS } from './decision-export-words.ts';

export interface DecisionExportAsk {
	readonly format: ExportFormat;
	readonly language: Language;
	readonly filter: Omit<AccessLogQuery, 'cursor' | 'limit'>;
	/** As who takes it is shown it. */
	readonly shown: (line: DecisionSummary) => DecisionSummary;
	/** Whether names and plates are in it, everywhere. */
	readonly isPersonal: boolean;
	/** Rows so far, and at most how many there are. */
	readonly onProgress?: (done: number, total: number) => void;
}

/** The access log to take along, narrowed as it is seen, the newest first; journalled when it ends. */
export interface DecisionExports {
	/** @param operatorId null: by a command on the machine */
	export(ask: DecisionExportAsk, operatorId: string | null): ExportedFile;
}

export interface DecisionExportsDeps {
	readonly store: Pick<SiteStore, 'decisions'>;
	readonly accessLog: Pick<AccessLog, 'list'>;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

export function createDecisionExports(deps: DecisionExportsDeps): DecisionExports {
	const { store, accessLog, timeZone, nowMs } = deps;

	/** A page is a bounded piece of the log; lanes go first between two. */
	async function* pages({ filter, shown, onProgress }: DecisionExportAsk): AsyncGenerator<readonly DecisionSummary[]> {
		const total = store.decisions.count(filter.fromMs ?? 0, filter.toMs ?? Number.MAX_SAFE_INTEGER);
		let done = 0;
		for (let cursor: string | null = ''; cursor !== null; ) {
			const page = accessLog.list({ ...filter, limit: LIMITS.pageSize, ...(cursor !== '' && { cursor }) });
			yield page.items.map(shown);
			done += page.items.length;
			onProgress?.(done, Math.max(done, total));
			cursor = page.nextCursor;
			await turn();
		}
	}

	return {
		export(ask, operatorId) {
			const { format, language, filter, isPersonal } = ask;
			const { sheet, headings, direction, outcome, sequel } = DECISION_WORDS[language];
			const { fromMs = null, toMs = null, laneId = null, reason = null, holderId = null } = filter;
			const detail = { format, personal: isPersonal, from: fromMs, to: toMs, laneId, reason, holderId };
			const narrowed = { outcome: filter.outcome ?? null, isSearched: filter.q !== undefined };
			return listFile<DecisionSummary>({
				...{ format, language, sheet, headings, batches: pages(ask) },
				fileName: `decisions-${localDay(fromMs ?? nowMs(), timeZone)}`,
				cells: (line) => [
					...[instantText(line.atMs, timeZone), line.laneName, direction[line.direction], line.subject],
					...[line.holderName, outcome[line.outcome]],
					...[line.headline === null ? null : reasonText(line.headline, language).cause, sequel[line.sequel]],
					...[line.laneId, line.holderId, line.headline, line.id, line.seq],
				],
				object: ({ atMs, ...line }) => ({ at: instantText(atMs, timeZone), ...line }),
				ended: (isWhole) =>
					deps.audit(takenAlong(deps, 'decisionsExported', operatorId, { ...detail, ...narrowed, isWhole })),
			});
		},
	};
}
