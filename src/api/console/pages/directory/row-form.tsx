import type { Child } from 'hono/jsx';
import type { Aggregate, Fields } from '../../../../gateway/core/directory/aggregate.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from './face-links.ts';
import { FormField } from './form-field.tsx';
import { FORM_ID } from './form-steps.tsx';
import type { FormValues } from './form-values.ts';
import type { ReferenceChoices } from './reference-choices.ts';
import { isStateField } from './value-tones.ts';

/** A form as it is shown: what was typed, and what is wrong with it. */
export interface RowFormState {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	/** Where it is sent. */
	readonly action: string;
	/** Where it leads when it is left or saved. */
	readonly back: string;
	readonly values: FormValues;
	/** As the row was when the form was first shown: only what differs is changed. */
	readonly shown: FormValues;
	/** Of the row that is edited; '': a new one. */
	readonly version: string;
	/** Fields of a new row that are known already: shown, not asked. */
	readonly known: readonly { readonly field: string; readonly id: string; readonly title: string }[];
	readonly choices: Readonly<Record<string, ReferenceChoices>>;
	/** Fields that only central changes, as they are. */
	readonly owned: Readonly<Record<string, Child>>;
	readonly errors: Readonly<Record<string, string>>;
	/** What is wrong with the row as a whole. */
	readonly problems: readonly string[];
	/** Somebody changed the row meanwhile. */
	readonly conflict: RowConflict | undefined;
	readonly step: string;
	readonly inDialog: boolean;
}

export interface RowConflict {
	/** Who and when; undefined: not told. */
	readonly by: string | undefined;
	/** Fields changed by both, as they are now. */
	readonly now: Readonly<Record<string, Child>>;
}

/** The fields of a row, in the groups of its face; a row made from another's page asks what is needed first. */
export function RowForm(props: RowFormState) {
	const { ui, action, inDialog } = props;
	return (
		<form
			class={inDialog ? 'row-form row-form--short' : 'row-form'}
			id={FORM_ID}
			method="post"
			action={action}
			hx-post={inDialog ? action : undefined}
			hx-target={inDialog ? `#${FORM_ID}` : undefined}
			hx-swap={inDialog ? 'outerHTML' : undefined}
		>
			<CsrfField ui={ui} />
			<input type="hidden" name="version" value={props.version} />
			<input type="hidden" name="shown" value={JSON.stringify(props.shown)} />
			<input type="hidden" name="back" value={props.back} />
			{/* Enter in a field presses the first button: it must not be one that removes or adds. */}
			<button type="submit" hidden>
				{ui.t('dir.save')}
			</button>
			<Told {...props} />
			{props.known.map(({ field, id, title }) => (
				<Known ui={ui} face={props.face} field={field} id={id} title={title} />
			))}
			{props.known.length > 0 ? <ShortFields {...props} /> : <Sections {...props} />}
			<div class="row-form__actions">
				<a class="button button--quiet" href={props.back} data-closes-dialog={inDialog ? true : undefined}>
					{ui.t('app.cancel')}
				</a>
				<button class="button button--primary" type="submit" name="step" value="save">
					<Icon name="check" />
					{ui.t('dir.save')}
				</button>
			</div>
		</form>
	);
}

/** What stands in the way of saving. */
function Told({ ui, face, conflict, problems, errors }: RowFormState) {
	const { t } = ui;
	const inForm = new Set(face.face.form.flatMap(({ fields }) => fields));
	const wrong = Object.keys(errors).filter((field) => inForm.has(field));
	if (conflict !== undefined) {
		return (
			<Notice tone="warning" title={t('dir.conflict')} announce>
				{conflict.by !== undefined && <p>{conflict.by}</p>}
				<p>{t(Object.keys(conflict.now).length > 0 ? 'dir.conflictBoth' : 'dir.conflictOther')}</p>
			</Notice>
		);
	}
	if (problems.length === 0 && wrong.length === 0) return null;
	return (
		<Notice tone="bad" title={t('dir.notSaved')} announce>
			{problems.map((problem) => (
				<p>
					<Untrusted ui={ui} text={problem} />
				</p>
			))}
			{wrong.length > 0 && <p>{wrong.map((field) => ui.directory.field(face.table, field).label).join(', ')}</p>}
		</Notice>
	);
}

function Known({
	ui,
	face,
	field,
	id,
	title,
}: {
	ui: Ui;
	face: DirectoryFace;
	field: string;
	id: string;
	title: string;
}) {
	return (
		<p class="known">
			<input type="hidden" name={field} value={id} />
			<input type="hidden" name="known" value={field} />
			<span class="muted">{ui.directory.field(face.table, field).label}</span>
			<strong>
				<Untrusted ui={ui} text={title} />
			</strong>
		</p>
	);
}

function Sections(props: RowFormState) {
	const { ui, face } = props;
	return (
		<>
			{formGroups(props).map(({ group, fields }) => (
				<section class="card form-section" aria-labelledby={`group-${group}`}>
					<h2 class="card__title" id={`group-${group}`}>
						{groupName(ui, group)}
					</h2>
					<div class="form-fields">
						{fields.map((field) => (
							<FormField {...props} table={face.table} field={field} />
						))}
					</div>
				</section>
			))}
		</>
	);
}

export function groupName(ui: Ui, group: string): string {
	const names: Readonly<Record<string, string>> = ui.directory.groups;
	return names[group] ?? group;
}

/** What a row can't be without stands open, the rest behind a summary. */
function ShortFields(props: RowFormState) {
	const { ui, face } = props;
	const fields = formGroups(props).flatMap((group) => group.fields);
	const needed = fields.filter((field) => isNeeded(face.aggregate, field));
	const others = fields.filter((field) => !needed.includes(field));
	return (
		<div class="form-fields form-fields--single">
			{needed.map((field) => (
				<FormField {...props} table={face.table} field={field} />
			))}
			{others.length > 0 && (
				<details class="form-more" open={others.some((field) => props.errors[field] !== undefined)}>
					<summary>{ui.t('dir.more')}</summary>
					<div class="form-fields form-fields--single">
						{others.map((field) => (
							<FormField {...props} table={face.table} field={field} />
						))}
					</div>
				</details>
			)}
		</div>
	);
}

function isNeeded({ fields }: Aggregate<Fields>, name: string): boolean {
	const field = fields[name];
	return field !== undefined && !field.nullable && !field.hasDefault && !isStateField(name);
}

/** Without what is known, and without spaces where the site tells none apart. */
function formGroups({ ui, face, known, shown }: RowFormState) {
	const hidden = new Set(known.map(({ field }) => field));
	const hasSpaces = ui.site.areas.some(({ spaces = [] }) => spaces.length > 0);
	const isShown = (name: string) => {
		const input = face.aggregate.fields[name]?.input;
		if (input?.kind === 'wiring' && input.to === 'space' && !hasSpaces) return (shown[name]?.[0] ?? '') !== '';
		return !hidden.has(name);
	};
	return face.face.form
		.map(({ group, fields }) => ({ group, fields: fields.filter(isShown) }))
		.filter(({ fields }) => fields.length > 0);
}
