import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { localPath } from '../../local-path.ts';
import type { Ui } from '../../ui.ts';
import { batchOfToken, batchToken } from './edit-proof.ts';

export const UNDO_PATH = '/directory/undo';

const DONE = ['created', 'saved', 'deleted', 'changed', 'undone', 'notUndone', 'nothing'] as const;

/** What an edit led to, told once on the page it led to. */
export interface EditDone {
	readonly what: (typeof DONE)[number];
	/** Rows that were changed. */
	readonly count: number;
	/** The batch to undo; null: there is none. */
	readonly batchId: string | null;
}

/** Adds to the address of the page that an edit leads to what it did. */
export function withDone(ui: Ui, path: string, { what, count, batchId }: EditDone): string {
	const url = new URL(withoutDone(path), 'http://localhost');
	url.searchParams.set('done', what);
	if (count !== 1) url.searchParams.set('rows', String(count));
	if (batchId !== null) url.searchParams.set('batch', batchToken(ui, batchId));
	return url.pathname + url.search;
}

export function withoutDone(path: unknown): string {
	const url = new URL(localPath(path), 'http://localhost');
	for (const name of ['done', 'rows', 'batch']) url.searchParams.delete(name);
	return url.pathname + url.search;
}

export function parseDone(ui: Ui, query: Readonly<Record<string, string>>): EditDone | undefined {
	const what = DONE.find((known) => known === query['done']);
	if (what === undefined) return undefined;
	const count = Number.parseInt(query['rows'] ?? '1', 10);
	return { what, count: Number.isSafeInteger(count) ? count : 1, batchId: batchOfToken(ui, query['batch']) ?? null };
}

/** Says it, and offers to undo it. */
export function DoneNotice({ ui, done }: { ui: Ui; done: EditDone }) {
	const { t } = ui;
	const { what, count, batchId } = done;
	const title = what === 'changed' ? t('dir.done.changed', { count }) : t(`dir.done.${what}`);
	return (
		<div class="done-notice">
			<Notice tone={what === 'notUndone' ? 'warning' : 'good'} title={title} announce>
				{batchId !== null && what !== 'notUndone' && (
					<form method="post" action={UNDO_PATH} class="done-notice__undo">
						<CsrfField ui={ui} />
						<input type="hidden" name="batch" value={batchToken(ui, batchId)} />
						<input type="hidden" name="back" value={withoutDone(ui.here)} />
						<button class="button" type="submit" id="undo">
							<Icon name="undo" size="small" />
							{t(what === 'undone' ? 'dir.redo' : 'dir.undo')}
						</button>
					</form>
				)}
			</Notice>
		</div>
	);
}
