import type { BookingRequest, BookingRight } from '../../../../gateway/services/bookings/bookings.ts';
import type { EditProblem } from '../../../../gateway/services/directory/directory-edits.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import { Field, FieldError, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { People } from '../../console-deps.ts';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { problemText } from '../directory/problem-texts.ts';
import { BOOKINGS_PATH, newBookingHref } from './booking-calendar.ts';

const TEXTS = ['who', 'holderId', 'from', 'to', 'area', 'vehicle', 'rightId', 'note'] as const;
type TextName = (typeof TEXTS)[number];

/** What the form holds, as it was typed, with what is wrong with it. */
export interface BookingFormState extends Readonly<Record<TextName, string>> {
	/** Those whose names fit what was typed. */
	readonly people: readonly HolderHit[];
	/** Of whoever was chosen, where more than one fits. */
	readonly rights: readonly BookingRight[];
	readonly errors: Readonly<Partial<Record<TextName | 'form', string>>>;
}

const HOUR_MS = 3_600_000;
const LONGEST = 500;

/** What came with the address, and the next two hours. */
export function emptyBookingForm(ui: Ui, query: Readonly<Record<string, string>>): BookingFormState {
	const nextMs = Math.ceil(ui.nowMs / HOUR_MS) * HOUR_MS;
	const [only, another] = ui.areasFor('plannedUses', 'write');
	const chosen = (name: string) => (query[name] ?? '').slice(0, 64);
	const isPlaceChosen = chosen('area') !== '' || chosen('vehicle') !== '';
	return {
		...{ who: '', holderId: chosen('holder'), rightId: '', note: '', vehicle: chosen('vehicle') },
		from: chosen('from') || ui.formats.field(nextMs),
		to: chosen('to') || ui.formats.field(nextMs + 2 * HOUR_MS),
		area: isPlaceChosen || another !== undefined ? chosen('area') : (only?.id ?? ''),
		...{ people: [], rights: [], errors: {} },
	};
}

export function readBookingForm(fields: Readonly<Record<string, unknown>>): BookingFormState {
	const text = (name: string) => {
		const value = fields[name];
		return typeof value === 'string' ? value.trim().slice(0, LONGEST) : '';
	};
	const texts = Object.fromEntries(TEXTS.map((name) => [name, text(name)])) as Record<TextName, string>;
	return { ...texts, people: [], rights: [], errors: {} };
}

export const PEOPLE_SHOWN = 8;

/** @returns what to ask of the service, or the form with what is wrong. */
export function parseBookingForm(
	form: BookingFormState,
	ui: Ui,
	people: Pick<People, 'find' | 'holder'>,
): { readonly request: BookingRequest } | { readonly form: BookingFormState } {
	const { t, formats } = ui;
	const found = whoIs(form, people);
	const startMs = formats.parseField(form.from);
	const endMs = formats.parseField(form.to);
	const errors = {
		...(found.length === 0 && { who: form.who === '' ? t('form.required') : t('booking.whoUnknown') }),
		...(found.length > 1 && { who: t('booking.whoWhich') }),
		...(startMs === undefined && { from: t('form.time') }),
		...(endMs === undefined && { to: t('form.time') }),
		...(startMs !== undefined && endMs !== undefined && endMs <= startMs && { to: t('form.order') }),
		...(form.area === '' && form.vehicle === '' && { area: t('booking.problem.place') }),
	};
	const [holder] = found;
	if (Object.keys(errors).length > 0 || holder === undefined || startMs === undefined || endMs === undefined) {
		return { form: { ...form, people: found.length > 1 ? found : [], errors } };
	}
	const orNull = (value: string) => (value === '' ? null : value);
	return {
		request: {
			...{ holderId: holder.id, startMs, endMs, spaceId: null, note: orNull(form.note) },
			...{ areaId: orNull(form.area), vehicleId: orNull(form.vehicle) },
			...(form.rightId !== '' && { rightId: form.rightId }),
		},
	};
}

/** A name that was typed anew says more than who was chosen before. */
function whoIs({ who, holderId }: BookingFormState, people: Pick<People, 'find' | 'holder'>): readonly HolderHit[] {
	const chosen = holderId === '' ? undefined : people.holder(holderId);
	if (chosen !== undefined) return [chosen];
	return who === '' ? [] : people.find(who, PEOPLE_SHOWN).filter(({ kind }) => kind !== 'vehicle');
}

const FIELDS: Readonly<Record<string, TextName>> = {
	holderId: 'who',
	rightId: 'rightId',
	areaId: 'area',
	spaceId: 'area',
	vehicleId: 'vehicle',
	startMs: 'from',
	endMs: 'to',
	note: 'note',
};

/** What was refused, beside the fields it is about. */
export function withProblems(ui: Ui, form: BookingFormState, problems: readonly EditProblem[]): BookingFormState {
	const errors = problems.map((problem): readonly [string, string] => [
		FIELDS[problem.field ?? ''] ?? 'form',
		problemText(ui, problem),
	]);
	// The first about a field stands.
	return { ...form, errors: Object.fromEntries(errors.toReversed()) };
}

interface FormPageProps {
	readonly ui: Ui;
	readonly form: BookingFormState;
	readonly vehicles: readonly { readonly id: string; readonly name: string }[];
}

/** Asks who comes, when, and to which place or by which vehicle. */
export function BookingFormPage({ ui, form, vehicles }: FormPageProps) {
	const { t } = ui;
	const { errors } = form;
	return (
		<Page ui={ui} title={t('booking.new')} back={{ href: BOOKINGS_PATH, label: t('booking.title') }}>
			<form class="card card--form booking-form" method="post" action={newBookingHref()}>
				<CsrfField ui={ui} />
				{Object.keys(errors).length > 0 && (
					<Notice tone="bad" title={t('booking.refused')} announce>
						{[...new Set(Object.values(errors))].map((error) => (
							<p>{error}</p>
						))}
					</Notice>
				)}
				<Who ui={ui} form={form} />
				<div class="booking-form__times">
					<Field
						name="from"
						type="datetime-local"
						label={t('booking.from')}
						value={form.from}
						error={errors.from}
						required
					/>
					<Field name="to" type="datetime-local" label={t('booking.to')} value={form.to} error={errors.to} required />
				</div>
				<div>
					<Select
						name="area"
						label={t('booking.area')}
						any="–"
						options={ui.areasFor('plannedUses', 'write').map(({ id, name }) => ({ value: id, label: name }))}
						selected={form.area}
					/>
					<FieldError id="area-error" error={errors.area} />
				</div>
				{(vehicles.length > 0 || form.vehicle !== '') && (
					<div>
						<Select
							name="vehicle"
							label={t('booking.vehicle')}
							any={t('booking.noVehicle')}
							options={vehicles.map(({ id, name }) => ({ value: id, label: name }))}
							selected={form.vehicle}
						/>
						<FieldError id="vehicle-error" error={errors.vehicle} />
					</div>
				)}
				{(form.rights.length > 1 || errors.rightId !== undefined) && <Rights ui={ui} form={form} />}
				<Field name="note" label={t('booking.note')} value={form.note} maxLength={LONGEST} autocomplete="off" />
				<div class="dialog__actions">
					<a class="button button--quiet" href={BOOKINGS_PATH}>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						<Icon name="check" />
						{t('booking.submit')}
					</button>
				</div>
			</form>
		</Page>
	);
}

function Who({ ui, form }: Pick<FormPageProps, 'ui' | 'form'>) {
	const { t } = ui;
	const { people, errors } = form;
	return (
		<div class="field">
			<Field
				name="who"
				label={t('booking.who')}
				hint={t('booking.whoHint')}
				value={form.who}
				error={errors.who}
				maxLength={200}
				autocomplete="off"
				autofocus
			/>
			{people.length === 0 && form.holderId !== '' && <input type="hidden" name="holderId" value={form.holderId} />}
			{people.length > 0 && (
				<div class="options">
					{people.map(({ id, name, carries }) => (
						<label class="option">
							<input type="radio" name="holderId" value={id} />
							<span>
								<Untrusted ui={ui} text={name} />
								<span class="muted">{` ${carries.map(({ text }) => text).join(', ')}`}</span>
							</span>
						</label>
					))}
				</div>
			)}
		</div>
	);
}

function Rights({ ui, form }: Pick<FormPageProps, 'ui' | 'form'>) {
	const { t } = ui;
	return (
		<fieldset class="field">
			<legend class="field__label">{t('booking.right')}</legend>
			<div class="options">
				{form.rights.map(({ id, name, strategy }) => (
					<label class="option">
						<input type="radio" name="rightId" value={id} checked={id === form.rightId} />
						<span>
							<Untrusted ui={ui} text={name} />
							<span class="muted">{` ${ui.directory.choice('rightSpecifications', 'strategy', strategy).label}`}</span>
						</span>
					</label>
				))}
			</div>
			<FieldError id="right-error" error={form.errors.rightId} />
		</fieldset>
	);
}
