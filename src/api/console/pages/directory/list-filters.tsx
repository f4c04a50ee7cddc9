import type { Field } from '../../../../gateway/core/directory/field.ts';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { type DirectoryFace, listHref, targetOf } from './face-links.ts';
import { filterHref, isSearched, ROW_SEARCH_LENGTH, type RowFilter, searchedFields, without } from './list-query.ts';
import type { RowNames } from './row-names.ts';

/** Rows to choose one from; absent: too many for a list. */
export type FilterOptions = Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>>;

interface FiltersProps {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly filter: RowFilter;
	readonly options: FilterOptions;
}

/** Every field tells the form as it is typed into or chosen from. Not `change`: see SEARCH_AGAIN in the log. */
const SEARCH_AGAIN = 'input delay:300ms, submit';

/** A plain form; with scripts it also searches while one types. */
export function ListFilters(props: FiltersProps) {
	const { ui, face, filter } = props;
	const { t } = ui;
	const shown = face.face.filters.filter((field) => isOffered(props, field));
	const hidden = Object.entries(filter.where).filter(([field]) => !shown.includes(field));
	const orderField = orderOf(face);
	if (!isSearched(ui, face) && shown.length === 0 && orderField === undefined) return null;
	return (
		<search>
			<form
				class="filters card row-filters"
				method="get"
				action={listHref(face)}
				hx-get={listHref(face)}
				hx-target="#rows"
				hx-swap="outerHTML"
				hx-push-url="true"
				hx-sync="this:replace"
				hx-trigger={SEARCH_AGAIN}
			>
				{hidden.map(([field, value]) => (
					<input type="hidden" name={field} value={value} />
				))}
				<div class="row-filters__fields">
					{isSearched(ui, face) && <SearchField {...props} />}
					{(shown.length > 0 || orderField !== undefined) && (
						<label class="button row-filters__toggle">
							<input type="checkbox" checked={shown.some((field) => filter.where[field] !== undefined)} />
							<Icon name="filter" size="small" />
							{t('dir.filter')}
						</label>
					)}
					<div class="row-filters__others">
						{shown.map((field) => (
							<Filter {...props} field={field} />
						))}
						{orderField !== undefined && <Order {...props} field={orderField} />}
						<div class="filters__actions">
							<button class="button" type="submit">
								{t('log.filter')}
							</button>
						</div>
					</div>
				</div>
			</form>
		</search>
	);
}

function Order({ ui: { t }, face, filter, field }: FiltersProps & { field: string }) {
	const isTime = isMoment(face, field);
	return (
		<Select
			name="sort"
			label={t('dir.sort')}
			any={t(isTime ? 'dir.sort.earliest' : 'dir.sort.az')}
			options={[{ value: 'descending', label: t(isTime ? 'dir.sort.latest' : 'dir.sort.za') }]}
			selected={filter.descending ? 'descending' : undefined}
		/>
	);
}

/** The declared field that the list is ordered by; undefined: by none that people see. */
export function orderOf({ aggregate }: DirectoryFace): string | undefined {
	const field = aggregate.order
		.replace(/_key$/, '')
		.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
	return field !== 'id' && aggregate.fields[field] !== undefined ? field : undefined;
}

function isMoment({ aggregate }: DirectoryFace, field: string): boolean {
	return aggregate.fields[field]?.input.kind === 'instant';
}

/** What can be chosen from here; rows of a large table are come to from their pages. */
function isOffered({ ui, face, options }: FiltersProps, field: string): boolean {
	const input = face.aggregate.fields[field]?.input;
	if (input?.kind === 'reference') return (options[field]?.length ?? 0) > 0;
	return input?.kind === 'wiring' ? ui.areasFor(face.table).length > 0 : true;
}

function SearchField({ ui, face, filter }: FiltersProps) {
	const { t } = ui;
	const searched = searchedFields(face).map((field) => ui.directory.field(face.table, field).label);
	return (
		<div class="field row-filters__search">
			<label class="field__label" for="q">
				{t('dir.search')}
			</label>
			<div class="field__frame">
				<Icon name="search" />
				<SearchInput value={filter.q} maxLength={ROW_SEARCH_LENGTH} placeholder={searched.join(', ')} />
			</div>
		</div>
	);
}

function Filter({ ui, face, filter, options, field }: FiltersProps & { field: string }) {
	const { label } = ui.directory.field(face.table, field);
	const declared = face.aggregate.fields[field];
	const offered = declared === undefined ? undefined : optionsOf(ui, face, field, declared, options);
	if (offered === undefined) {
		return (
			<div class="field">
				<label class="field__label" for={field}>
					{label}
				</label>
				<div class="field__frame">
					<input
						class="field__input"
						id={field}
						name={field}
						type="text"
						value={filter.where[field]}
						maxlength={64}
						autocomplete="off"
						spellcheck={false}
					/>
				</div>
			</div>
		);
	}
	return <Select name={field} label={label} any={ui.t('log.any')} options={offered} selected={filter.where[field]} />;
}

/** undefined: it is typed. */
function optionsOf(
	ui: Ui,
	{ table }: DirectoryFace,
	field: string,
	{ input }: Pick<Field, 'input'>,
	rows: FilterOptions,
): FilterOptions[string] | undefined {
	switch (input.kind) {
		case 'choice':
			return input.options.map((value) => ({ value, label: ui.directory.choice(table, field, value).label }));
		case 'reference':
			return rows[field] ?? [];
		case 'wiring':
			return ui.areasFor(table).map(({ id, name }) => ({ value: id, label: name }));
		case 'flag':
			return [
				{ value: 'yes', label: ui.t('app.yes') },
				{ value: 'no', label: ui.t('app.no') },
			];
		default:
			return undefined;
	}
}

/** What the list is narrowed by, each to be taken away again. */
export function FilterChips({ ui, face, filter, names }: Omit<FiltersProps, 'options'> & { names: RowNames }) {
	const chips = Object.entries(filter.where);
	if (chips.length === 0 && filter.q === '') return null;
	return (
		<ul class="chips" aria-label={ui.t('dir.filters')}>
			{filter.q !== '' && <Chip ui={ui} href={filterHref(face, { ...filter, q: '' })} text={`“${filter.q}”`} />}
			{chips.map(([field, value]) => (
				<Chip
					ui={ui}
					href={filterHref(face, without(filter, field))}
					label={ui.directory.field(face.table, field).label}
					text={filterText(ui, face, field, value, names)}
				/>
			))}
			{chips.length > 0 && (
				<li>
					<a class="chips__reset" href={listHref(face)}>
						{ui.t('log.reset')}
					</a>
				</li>
			)}
		</ul>
	);
}

function Chip({ ui, href, label, text }: { ui: Ui; href: string; label?: string; text: string }) {
	const name = plainUntrusted(label === undefined ? text : `${label}: ${text}`);
	return (
		<li>
			<a class="chip" href={href} aria-label={ui.t('dir.removeFilter', { filter: name })}>
				<span>
					{label !== undefined && <span class="chip__label">{`${label}: `}</span>}
					<Untrusted ui={ui} text={text} />
				</span>
				<Icon name="close" size="small" />
			</a>
		</li>
	);
}

function filterText(
	ui: Ui,
	{ table, aggregate }: DirectoryFace,
	field: string,
	value: string,
	names: RowNames,
): string {
	const to = targetOf(table, field);
	if (to !== undefined) return names.of(to, value);
	switch (aggregate.fields[field]?.input.kind) {
		case 'choice':
			return ui.directory.choice(table, field, value).label;
		case 'wiring':
			return ui.placeName(value);
		case 'flag':
			return ui.t(value === 'yes' ? 'app.yes' : 'app.no');
		default:
			return value;
	}
}
