import type { EditProblem, HeldRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { Ui } from '../../ui.ts';
import { formFields, seenRow, shownValues } from './edit-form.ts';
import { versionOf } from './edit-proof.ts';
import { type DirectoryFace, targetOf } from './face-links.ts';
import { FieldValue } from './field-value.tsx';
import { type FormValues, first, isSame, rememberShown } from './form-values.ts';
import { problemText } from './problem-texts.ts';
import { loadReferenceChoices, type ReferenceChoices } from './reference-choices.ts';
import type { RowFormState } from './row-form.tsx';
import { loadNames, namesOf } from './row-names.ts';

type Deps = Pick<ConsoleDeps, 'edits' | 'directoryLists' | 'people'>;

type Given = Pick<RowFormState, 'action' | 'back' | 'values' | 'shown'> &
	Partial<Omit<RowFormState, 'known'>> & { readonly known: Readonly<Record<string, string>> };

/** What a form shows besides what was typed: rows to choose from, and names of what is known. */
export async function formState(deps: Deps, ui: Ui, face: DirectoryFace, given: Given): Promise<RowFormState> {
	const { known, values } = given;
	const asked = formFields(face).filter(
		(field) => known[field] === undefined && targetOf(face.table, field) !== undefined,
	);
	const [choices, named] = await Promise.all([
		Promise.all(asked.map(async (field) => [field, await choicesOf(deps, ui, face, field, values)] as const)),
		knownNames(deps, ui, face, known),
	]);
	return {
		version: '',
		errors: {},
		problems: [],
		owned: {},
		conflict: undefined,
		step: '',
		inDialog: false,
		...given,
		ui,
		face,
		known: named,
		choices: Object.fromEntries(choices),
	};
}

/** What of the row is central's, to be shown instead of asked. */
export async function ownedOf(
	deps: Deps,
	ui: Ui,
	{ table }: DirectoryFace,
	{ row, ownedByCentral }: HeldRow,
): Promise<RowFormState['owned']> {
	if (ownedByCentral.length === 0) return {};
	const seen = seenRow(ui, { table }, row);
	const names = await loadNames(deps, ui, table, [seen], ownedByCentral);
	return Object.fromEntries(
		ownedByCentral.map((field) => [field, <FieldValue ui={ui} table={table} field={field} row={seen} names={names} />]),
	);
}

function choicesOf(
	deps: Deps,
	ui: Ui,
	{ table }: DirectoryFace,
	field: string,
	values: FormValues,
): Promise<ReferenceChoices> {
	const q = first(values, `${field}.q`);
	return loadReferenceChoices(deps, ui, table, field, values, q === '' ? undefined : q);
}

async function knownNames(
	deps: Deps,
	ui: Ui,
	{ table }: DirectoryFace,
	known: Readonly<Record<string, string>>,
): Promise<RowFormState['known']> {
	const targets = Object.entries(known).flatMap(([field, id]) => {
		const to = targetOf(table, field);
		return to === undefined ? [] : [{ field, id, to }];
	});
	const wanted = new Map(targets.map(({ to, id }) => [to, new Set([id])]));
	const names = await namesOf(deps, ui, wanted);
	return targets.map(({ field, id, to }) => ({ field, id, title: names.of(to, id) }));
}

/** Problems at their fields, the others above the form. */
export function problemsOf(
	ui: Ui,
	face: DirectoryFace,
	problems: readonly EditProblem[],
): Pick<RowFormState, 'errors' | 'problems'> {
	const names = formFields(face);
	const isAtField = ({ table, field, change }: EditProblem) =>
		change === 0 && table === face.table && field !== null && names.includes(field);
	return {
		errors: Object.fromEntries(problems.filter(isAtField).map((one) => [one.field ?? '', problemText(ui, one)])),
		problems: [...new Set(problems.filter((one) => !isAtField(one)).map((one) => problemText(ui, one)))],
	};
}

/** The row as it is now with what was typed over it; where both changed a field, the other's value stands beside it. */
export async function conflictOf(
	deps: Deps,
	ui: Ui,
	face: DirectoryFace,
	held: HeldRow,
	sent: FormValues,
	shown: FormValues,
): Promise<Pick<RowFormState, 'values' | 'shown' | 'version' | 'conflict'>> {
	const row = seenRow(ui, face, held.row);
	const now = shownValues(ui, face, row);
	const remembered = rememberShown(face.table, now);
	const mine = formFields(face).filter((field) => !isSame(face.table, field, sent, shown));
	const both = mine.filter((field) => JSON.stringify(shown[field] ?? []) !== JSON.stringify(remembered[field] ?? []));
	const names = await loadNames(deps, ui, face.table, [row], both);
	const [last] = deps.edits.history(face.table, String(row['id']));
	return {
		values: { ...now, ...ownNames(sent, mine) },
		shown: remembered,
		version: versionOf(ui, held.etag),
		conflict: {
			by:
				last === undefined || last.operatorId === null
					? undefined
					: ui.t('dir.conflictBy', { name: ui.operatorName(last.operatorId), time: ui.formats.moment(last.atMs) }),
			now: Object.fromEntries(
				both.map((field) => [field, <FieldValue ui={ui} table={face.table} field={field} row={row} names={names} />]),
			),
		},
	};
}

/** What was sent of some fields; a field of which nothing was sent is empty. */
function ownNames(sent: FormValues, fields: readonly string[]): FormValues {
	const own = Object.entries(sent).filter(([name]) =>
		fields.some((field) => name === field || name.startsWith(`${field}.`)),
	);
	return { ...Object.fromEntries(fields.map((field) => [field, []])), ...Object.fromEntries(own) };
}
