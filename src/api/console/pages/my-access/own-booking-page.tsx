import type { OwnBooking } from '../../../../gateway/services/own-access/own-bookings.ts';
import { Field, Select, type SelectOption } from '../../components/field.tsx';
import type { Ui } from '../../ui.ts';
import { timeWords } from '../bookings/booking-views.tsx';
import { myAccessHref } from './my-access-paths.ts';
import { type FormProps, OwnForm, Times, type Typed } from './own-forms.tsx';

interface Choice {
	readonly id: string;
	readonly name: string;
}

interface Space extends Choice {
	readonly areaId: string;
}

const SPACE = 'space:';

/** What the field of the place holds: an area, one space of it, or neither. Ids hold no colon. */
export function placeOf(typed: Typed): { readonly areaId: string | null; readonly spaceId: string | null } {
	const place = typed['area'] ?? '';
	if (place.startsWith(SPACE)) return { areaId: null, spaceId: place.slice(SPACE.length) };
	return { areaId: place === '' ? null : place, spaceId: null };
}

export function placeField({ areaId, spaceId }: Pick<OwnBooking, 'areaId' | 'spaceId'>): string {
	return spaceId === null ? (areaId ?? '') : `${SPACE}${spaceId}`;
}

interface PlaceProps {
	/** Areas that can be booked, and spaces in them that are free at the typed time. */
	readonly areas: readonly Choice[];
	readonly spaces: readonly Space[];
	/** Some of these areas tell their spaces apart. */
	readonly hasSpaces: boolean;
	/** The time for which the spaces are free; undefined: none was typed. */
	readonly span: { readonly startMs: number; readonly endMs: number } | undefined;
	readonly vehicles: readonly Choice[];
}

export function OwnBookingPage(props: FormProps & PlaceProps & { readonly rights: readonly Choice[] }) {
	const { ui, typed, rights } = props;
	const { t } = ui;
	const look = <LookButton {...props} />;
	return (
		<OwnForm
			{...props}
			title={t('mine.bookTitle')}
			action={myAccessHref('book')}
			submit={t('mine.book')}
			further={look}
		>
			<Times {...props} />
			<Place {...props} />
			{rights.length > 1 && (
				<Select name="right" label={t('booking.right')} any="–" options={options(rights)} selected={typed['right']} />
			)}
			<Note ui={ui} typed={typed} />
		</OwnForm>
	);
}

export function OwnMovePage(props: FormProps & PlaceProps & { readonly booking: OwnBooking }) {
	const { ui, typed, booking } = props;
	const { t, formats } = ui;
	const isUsed = booking.state !== 'planned';
	const was = `${formats.day(booking.startMs)}, ${timeWords(ui, booking.startMs, booking.endMs)}`;
	return (
		<OwnForm
			{...props}
			title={t('mine.moveTitle')}
			hint={t(isUsed ? 'mine.moveUsedHint' : 'mine.moveHint', { was })}
			action={`${myAccessHref('bookings', booking.id)}/move`}
			submit={t('mine.moveSubmit')}
			further={isUsed ? undefined : <LookButton {...props} />}
		>
			{isUsed ? (
				<Field name="to" type="datetime-local" required label={t('booking.to')} value={typed['to']} />
			) : (
				<>
					<Times {...props} />
					<Place {...props} />
				</>
			)}
			<Note ui={ui} typed={typed} />
		</OwnForm>
	);
}

function Place({ ui, typed, areas, spaces, hasSpaces, span, vehicles }: FormProps & PlaceProps) {
	const { t } = ui;
	const at = span && timeWords(ui, span.startMs, span.endMs);
	return (
		<>
			<Select
				name="area"
				label={t('mine.place')}
				any={t('mine.placeNone')}
				options={places(ui, areas, spaces)}
				selected={typed['area']}
				hint={hasSpaces && at !== undefined ? t('mine.spacesHint', { at }) : undefined}
			/>
			{vehicles.length > 0 && (
				<Select
					name="vehicle"
					label={t('booking.vehicle')}
					any={t('booking.noVehicle')}
					options={options(vehicles)}
					selected={typed['vehicle']}
				/>
			)}
		</>
	);
}

/** Each area with its free spaces below it. */
function places(ui: Ui, areas: readonly Choice[], spaces: readonly Space[]): readonly SelectOption[] {
	if (spaces.length === 0) return options(areas);
	const ofArea = Map.groupBy(spaces, ({ areaId }) => areaId);
	const shown = [...areas, ...[...ofArea.keys()].filter((id) => !areas.some((area) => area.id === id)).map(asArea(ui))];
	return shown.flatMap(({ id, name }) => [
		{ value: id, label: ui.t('mine.anySpace', { area: name }), group: name },
		...(ofArea.get(id) ?? []).map((space) => ({ value: `${SPACE}${space.id}`, label: space.name, group: name })),
	]);
}

const asArea = (ui: Ui) => (id: string) => ({ id, name: ui.areaName(id) });

/** The list of free spaces for the time as it is typed now; books nothing. */
function LookButton({ ui, hasSpaces }: Pick<FormProps, 'ui'> & Pick<PlaceProps, 'hasSpaces'>) {
	if (!hasSpaces) return null;
	return (
		<button class="button" type="submit" name="look" value="yes" formnovalidate>
			{ui.t('mine.spacesLook')}
		</button>
	);
}

function Note({ ui, typed }: Pick<FormProps, 'ui' | 'typed'>) {
	return (
		<Field name="note" label={ui.t('booking.note')} value={typed['note'] ?? ''} maxLength={500} autocomplete="off" />
	);
}

function options(choices: readonly Choice[]): readonly SelectOption[] {
	return choices.map(({ id, name }) => ({ value: id, label: name }));
}
