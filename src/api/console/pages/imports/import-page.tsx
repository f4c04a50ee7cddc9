import type { Child } from 'hono/jsx';
import type { ImportMapping } from '../../../../gateway/services/imports/import-mappings.ts';
import type { Import, ImportRefusal } from '../../../../gateway/services/imports/imports.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { ImportColumns } from './import-columns.tsx';
import { IMPORTS_PATH, type ImportLook, importHref, importPartHref } from './import-paths.ts';
import { ImportRows, type LoadedChanges } from './import-rows.tsx';
import { isMoving, StagePill } from './import-stage.tsx';
import { type SavedMapping, SavedNotice } from './mapping-forms.tsx';

export interface ImportProps {
	readonly ui: Ui;
	readonly found: Import;
	readonly look: ImportLook;
	readonly changes: LoadedChanges | undefined;
	/** Saved mappings that fit the file. */
	readonly fitting: readonly ImportMapping[];
	/** What came of saving its columns under a name. */
	readonly saved: SavedMapping | undefined;
	/** Why what was asked for was not done. */
	readonly problem: ImportRefusal | undefined;
}

/** One import: what the file is taken for, what it would change, and what became of it. */
export function ImportPage(props: ImportProps) {
	const { ui, found } = props;
	return (
		<Page
			ui={ui}
			title={plainUntrusted(found.fileName)}
			back={{ href: IMPORTS_PATH, label: ui.t('import.title') }}
			aside={<span class="muted">{ui.t(`import.kind.${found.kind}`)}</span>}
		>
			<ImportView {...props} />
		</Page>
	);
}

/** The part that is fetched again while something is under way. */
export function ImportView(props: ImportProps) {
	const { ui, found, look, problem } = props;
	const { stage } = found.state;
	const moving = isMoving(stage);
	return (
		<div
			class="stack"
			id="import"
			data-stage={stage}
			hx-get={moving ? importPartHref(found.id, look) : undefined}
			hx-trigger={moving ? 'every 1s' : undefined}
			hx-swap={moving ? 'outerHTML' : undefined}
		>
			{problem !== undefined && problem !== 'notFound' && (
				<Notice tone="warning" title={ui.t(`import.problem.${problem}`)} announce />
			)}
			<SavedNotice ui={ui} saved={props.saved} />
			{moving ? <Progress {...props} /> : <Standing {...props} />}
			{(stage === 'previewed' || stage === 'unreadable') && (
				<ImportColumns ui={ui} found={found} fitting={props.fitting} />
			)}
			{!moving && <ImportRows {...props} />}
			{!moving && <Discard {...props} />}
		</div>
	);
}

function Progress({ ui, found, look }: ImportProps) {
	const { t, formats } = ui;
	const { stage, done, total } = found.state;
	const isCounted = stage !== 'reading' && stage !== 'confirmed' && total > 0;
	return (
		<div class="card import-progress" role="status">
			<p class="import-progress__head">
				<StagePill ui={ui} stage={stage} />
				<span>
					{stage === 'reading'
						? t('import.reading', { count: done })
						: t('import.progress', { done: formats.number(done), total: formats.number(total) })}
				</span>
			</p>
			{isCounted ? <progress value={done} max={total} /> : <progress />}
			<p class="muted">{t('import.progressHint')}</p>
			<noscript>
				<a class="button" href={importHref(found.id, look)}>
					{t('import.look')}
				</a>
			</noscript>
		</div>
	);
}

/** What is the case, and what can be done. */
function Standing({ ui, found }: ImportProps): Child {
	const { t } = ui;
	const { state, preview } = found;
	const errors = preview?.problems.errors ?? 0;
	switch (state.stage) {
		case 'previewed':
			if (errors > 0)
				return (
					<Notice tone="bad" title={t('import.withErrors', { count: errors })}>
						<p>{t('import.withErrorsHint')}</p>
					</Notice>
				);
			if (state.total === 0)
				return (
					<Notice tone="good" title={t('import.nothing')}>
						<p>{t('import.nothingHint')}</p>
					</Notice>
				);
			return (
				<Notice tone="active" title={t('import.ready', { count: state.total })}>
					<p>{t('import.readyHint')}</p>
					<Act ui={ui} found={found} act="apply" primary>
						<Icon name="check" />
						{t('import.apply')}
					</Act>
				</Notice>
			);
		case 'unreadable':
			return (
				<Notice tone="bad" title={t('import.unreadable')}>
					<p>{t('import.unreadableHint')}</p>
				</Notice>
			);
		case 'applied':
			return (
				<Notice tone="good" title={t('import.applied')} announce>
					<p>{t('import.appliedHint')}</p>
					<details class="import-undo">
						<summary class="button">
							<Icon name="undo" size="small" />
							{t('import.undo')}
						</summary>
						<p>{t('import.undoHint')}</p>
						<Act ui={ui} found={found} act="undo" primary>
							{t('import.undoSure')}
						</Act>
					</details>
				</Notice>
			);
		case 'undone':
			return (
				<Notice tone="good" title={t('import.undone')} announce>
					{state.problemCount > 0 && <p>{t('import.kept', { count: state.problemCount })}</p>}
					<Kept ui={ui} found={found} />
				</Notice>
			);
		case 'stale':
		case 'rolledBack':
			return (
				<Notice tone="bad" title={t(`import.${state.stage}`)} announce>
					<p>{t(`import.${state.stage}Hint`)}</p>
					<Kept ui={ui} found={found} />
					<Act ui={ui} found={found} act="mapping" primary>
						{t('import.readAgain')}
					</Act>
				</Notice>
			);
		default:
			return null;
	}
}

const MOST_TOLD = 20;

/** Rows that stood in the way. */
function Kept({ ui, found: { state } }: { ui: Ui; found: Import }) {
	const { t } = ui;
	const left = state.problemCount - Math.min(state.problems.length, MOST_TOLD);
	return (
		<ul class="import-kept">
			{state.problems.slice(0, MOST_TOLD).map(({ row, table, field, problem }) => (
				<li>
					{`${t('import.row', { row })}: ${field === null ? '' : `${ui.directory.field(table, field).label}, `}`}
					<span lang="en">
						<Untrusted ui={ui} text={problem} />
					</span>
				</li>
			))}
			{left > 0 && <li>{t('import.more', { count: left })}</li>}
		</ul>
	);
}

function Act({
	ui,
	found,
	act,
	primary = false,
	children,
}: {
	ui: Ui;
	found: Import;
	act: string;
	primary?: boolean;
	children?: Child;
}) {
	return (
		<form method="post" action={`${importHref(found.id)}/${act}`} class="import-act">
			<CsrfField ui={ui} />
			<button class={primary ? 'button button--primary' : 'button'} type="submit" id={`import-${act}`}>
				{children}
			</button>
		</form>
	);
}

function Discard({ ui, found }: ImportProps) {
	const { t } = ui;
	return (
		<div class="import-discard">
			<Act ui={ui} found={found} act="discard">
				<Icon name="trash" size="small" />
				{t('import.discard')}
			</Act>
			<p class="field__hint">{t('import.discardHint')}</p>
		</div>
	);
}
