import type { EditAnswer } from '../../../../gateway/services/directory/directory-edits.ts';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { type BulkAction, bulkHref, WORD_LENGTH } from './bulk-actions.ts';
import { Consequences, DialogActions, Problems } from './confirm-parts.tsx';
import { type DirectoryFace, listHref } from './face-links.ts';

/** Rows that were ticked, or all that a list's filters find. */
export type ChosenRows = { readonly count: number } & (
	| { readonly ids: readonly string[] }
	| { readonly filter: Readonly<Record<string, string>> }
);

interface BulkProps {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly action: BulkAction;
	readonly chosen: ChosenRows;
	/** Some of the rows by name. */
	readonly titles: readonly string[];
	readonly value: string;
	readonly error: string | undefined;
	/** What would change; undefined: the value has still to be said. */
	readonly preview: EditAnswer | undefined;
	readonly back: string;
	readonly inDialog: boolean;
}

const TITLES_SHOWN = 8;

/** What will happen to the ticked rows, asked once before it does. */
export function BulkView(props: BulkProps) {
	const { ui, face, action, chosen, titles, preview, back, inDialog } = props;
	const { t } = ui;
	const isRefused = preview?.result === 'refused';
	return (
		<DialogFrame ui={ui} title={action.label} inDialog={inDialog} back={{ href: back, label: t('dir.back') }}>
			<form
				class="vend"
				id="bulk-form"
				method="post"
				action={bulkHref(face)}
				hx-post={inDialog ? bulkHref(face) : undefined}
				hx-target={inDialog ? '#dialog-body' : undefined}
			>
				<CsrfField ui={ui} />
				<input type="hidden" name="action" value={action.name} />
				<input type="hidden" name="back" value={back} />
				<Chosen chosen={chosen} />
				<p class="bulk-names">
					<strong>{ui.directory.countOf(face, chosen.count)}</strong>
					{': '}
					{titles.slice(0, TITLES_SHOWN).map((title, place) => (
						<>
							{place > 0 && ', '}
							<Untrusted ui={ui} text={title} />
						</>
					))}
					{chosen.count > Math.min(titles.length, TITLES_SHOWN) && ' …'}
				</p>
				{action.does !== 'delete' && <BulkValue {...props} />}
				{preview !== undefined && <BulkPreview ui={ui} preview={preview} />}
				<DialogActions>
					<a class="button button--quiet" href={back} data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button
						class={action.does === 'delete' ? 'button button--danger-primary' : 'button button--primary'}
						type="submit"
						name="step"
						value={preview === undefined || isRefused ? 'preview' : 'confirm'}
					>
						{t(preview === undefined || isRefused ? 'counting.adjust.next' : 'dir.bulk.confirm')}
					</button>
				</DialogActions>
			</form>
		</DialogFrame>
	);
}

function Chosen({ chosen }: { chosen: ChosenRows }) {
	if ('ids' in chosen) {
		return (
			<>
				{chosen.ids.map((id) => (
					<input type="hidden" name="id" value={id} />
				))}
			</>
		);
	}
	return (
		<>
			<input type="hidden" name="scope" value="all" />
			<input type="hidden" name="count" value={chosen.count} />
			{Object.entries(chosen.filter).map(([name, value]) => (
				<input type="hidden" name={`filter.${name}`} value={value} />
			))}
		</>
	);
}

/** The choice or word; once previewed it stands. */
function BulkValue({ ui, face, action, value, error, preview }: BulkProps) {
	if (action.does === 'delete') return null;
	const { label } = ui.directory.field(face.table, action.field);
	if (preview?.result === 'done') {
		const text = action.does === 'set' ? ui.directory.choice(face.table, action.field, value).label : value;
		return (
			<p class="known">
				<input type="hidden" name="value" value={value} />
				<span class="muted">{action.does === 'set' ? label : action.label}</span>
				<strong>
					<Untrusted ui={ui} text={text} />
				</strong>
			</p>
		);
	}
	if (action.does === 'set') {
		return <ChoiceValue ui={ui} face={face} action={action} value={value} error={error} label={label} />;
	}
	return (
		<Field
			name="value"
			label={ui.t('dir.bulk.word')}
			value={value}
			error={error}
			maxLength={WORD_LENGTH}
			autocomplete="off"
			required
			autofocus
		/>
	);
}

function ChoiceValue({
	ui,
	face,
	action,
	value,
	error,
	label,
}: Pick<BulkProps, 'ui' | 'face' | 'value' | 'error'> & {
	action: Extract<BulkAction, { does: 'set' }>;
	label: string;
}) {
	return (
		<fieldset class="field">
			<legend class="field__label">{label}</legend>
			<div class="segments">
				{action.options.map((option) => (
					<label class="segment">
						<input type="radio" name="value" value={option} checked={option === value} required />
						<span>{ui.directory.choice(face.table, action.field, option).label}</span>
					</label>
				))}
			</div>
			{error !== undefined && <p class="field__error">{error}</p>}
		</fieldset>
	);
}

function BulkPreview({ ui, preview }: { ui: Ui; preview: EditAnswer }) {
	const { t } = ui;
	if (preview.result === 'refused') {
		return (
			<Notice tone="bad" title={t('dir.bulk.refused')} announce>
				<Problems ui={ui} problems={preview.problems} />
			</Notice>
		);
	}
	if (preview.rows.length === 0) return <Notice tone="quiet" title={t('dir.bulk.nothing')} announce />;
	const gone = preview.rows.filter(({ row }) => row === null);
	const changed = preview.rows.filter(({ row }) => row !== null);
	return (
		<>
			<Consequences ui={ui} title={t('dir.bulk.deletes')} rows={gone} />
			<Consequences ui={ui} title={t('dir.bulk.changes')} rows={changed} />
		</>
	);
}

/** Nothing was ticked, or more than can be changed at once. */
export function BulkRefusal({
	ui,
	face,
	title,
	inDialog,
}: {
	ui: Ui;
	face: DirectoryFace;
	title: string;
	inDialog: boolean;
}) {
	const back = { href: listHref(face), label: ui.t('dir.back') };
	return (
		<DialogFrame ui={ui} title={ui.directory.face(face.face.path).title} inDialog={inDialog} back={back}>
			<Notice tone="warning" title={title} announce />
			<DialogActions>
				<a class="button button--primary" href={back.href} data-closes-dialog autofocus>
					{back.label}
				</a>
			</DialogActions>
		</DialogFrame>
	);
}
