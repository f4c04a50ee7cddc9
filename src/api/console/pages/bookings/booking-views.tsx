import { maskText } from '../../../../gateway/core/directory/mask.ts';
import type { BookingState, BookingView } from '../../../../gateway/services/bookings/booking-view.ts';
import { Pill, type Status } from '../../components/status.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';

const STATES: Readonly<Record<BookingState, Status>> = {
	planned: { tone: 'active', icon: 'clock', label: 'booking.state.planned' },
	in: { tone: 'good', icon: 'car', label: 'booking.state.in' },
	overdue: { tone: 'bad', icon: 'warning', label: 'booking.state.overdue' },
	left: { tone: 'quiet', icon: 'check', label: 'booking.state.left' },
	noShow: { tone: 'warning', icon: 'question', label: 'booking.state.noShow' },
	released: { tone: 'quiet', icon: 'dash', label: 'booking.state.released' },
};

export function BookingPill({ ui, state }: { ui: Ui; state: BookingState }) {
	const { tone, icon, label } = STATES[state];
	return (
		<Pill tone={tone} icon={icon}>
			{ui.t(label)}
		</Pill>
	);
}

export function stateWord({ t }: Ui, { kind, state }: Pick<BookingView, 'kind' | 'state'>): string {
	return kind === 'release' && state === 'planned' ? t('booking.kind.release') : t(STATES[state].label);
}

/** Whoever booked, masked for who may not read names. */
export function whoBooked(ui: Ui, { holderName }: Pick<BookingView, 'holderName'>): string {
	if (holderName === null) return ui.t('booking.somebody');
	return plainUntrusted(ui.seesRows('plannedUses') ? holderName : maskText(holderName));
}

/** Who, and which vehicle. */
export function nameWords(ui: Ui, booking: BookingView): string {
	const vehicle = booking.vehicleName === null ? [] : [plainUntrusted(booking.vehicleName)];
	return [whoBooked(ui, booking), ...vehicle].join(' · ');
}

/** What a bar says, with its state where it is not just planned. */
export function barWords(ui: Ui, booking: BookingView): string {
	const state = booking.state === 'planned' && booking.kind === 'booking' ? [] : [stateWord(ui, booking)];
	return [...state, nameWords(ui, booking)].join(' · ');
}

/** `08:00–17:00`, with the days where they differ. */
export function timeWords(ui: Ui, fromMs: number, toMs: number): string {
	const { formats } = ui;
	// An end at midnight belongs to the day before.
	const isOneDay = formats.date(dateAt(ui, fromMs)) === formats.date(dateAt(ui, toMs - 1));
	return isOneDay
		? `${formats.hour(fromMs)}–${formats.hour(toMs)}`
		: `${formats.minute(fromMs)} – ${formats.minute(toMs)}`;
}

export function dateAt(ui: Ui, atMs: number): string {
	const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(ui.site.timeZone);
	return zoned.toPlainDate().toString();
}

export function freeWords({ t }: Ui, left: number | null): string {
	if (left === null) return t('booking.isFree');
	return left === 0 ? t('booking.full') : t('booking.free', { count: left });
}
