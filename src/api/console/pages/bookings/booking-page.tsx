import type { Child } from 'hono/jsx';
import type { BookingView } from '../../../../gateway/services/bookings/booking-view.ts';
import { DialogForm, DialogFrame, opensDialog } from '../../components/dialog-frame.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { DoneNotice, type EditDone } from '../directory/done-notice.tsx';
import { bookingHref, calendarHref, dayAt } from './booking-calendar.ts';
import { BookingPill, timeWords, whoBooked } from './booking-views.tsx';

interface BookingProps {
	readonly ui: Ui;
	readonly booking: BookingView;
	readonly mayWrite: boolean;
	/** Whether the reader may open this row. */
	readonly isOpen: (table: 'holders' | 'assignedRights', id: string) => boolean;
	readonly done: EditDone | undefined;
}

/** One booking: who, where, when, what became of it, and what can be done about it. */
export function BookingPage({ ui, booking, mayWrite, isOpen, done }: BookingProps) {
	const { t, formats } = ui;
	const date = dayAt(booking.startMs, ui.site.timeZone);
	return (
		<Page
			ui={ui}
			title={whoBooked(ui, booking)}
			back={{ href: calendarHref({ date }), label: t('booking.title') }}
			aside={<BookingPill ui={ui} state={booking.state} />}
		>
			{done !== undefined && <DoneNotice ui={ui} done={done} />}
			{mayWrite && <Actions ui={ui} booking={booking} />}
			<section class="card card--form" aria-label={t('booking.title')}>
				<dl class="pairs pairs--wide">
					{booking.kind === 'release' && <Pair label={t('booking.title')}>{t('booking.kind.release')}</Pair>}
					<Pair label={t('booking.who')}>
						<LinkIf to={isOpen('holders', booking.holderId) && `/holders/${encodeURIComponent(booking.holderId)}`}>
							{whoBooked(ui, booking)}
						</LinkIf>
					</Pair>
					<Pair label={t('booking.when')}>
						{formats.date(date.toString())}
						<br />
						{timeWords(ui, booking.startMs, booking.endMs)}
					</Pair>
					<Pair label={t('booking.where')}>
						{booking.spaceId !== null && `${ui.placeName(booking.spaceId)}, `}
						{booking.areaIds.map((id) => ui.areaName(id)).join(', ')}
					</Pair>
					{booking.vehicleId !== null && (
						<Pair label={t('booking.vehicle')}>
							<LinkIf to={isOpen('holders', booking.vehicleId) && `/vehicles/${encodeURIComponent(booking.vehicleId)}`}>
								<Untrusted ui={ui} text={booking.vehicleName ?? booking.vehicleId} />
							</LinkIf>
						</Pair>
					)}
					<Pair label={t('booking.right')}>
						<LinkIf to={isOpen('assignedRights', booking.rightId) && `/rights/${encodeURIComponent(booking.rightId)}`}>
							<Untrusted ui={ui} text={booking.specificationName ?? booking.rightId} />
						</LinkIf>
					</Pair>
					{booking.note !== null && ui.seesRows('plannedUses') && (
						<Pair label={t('booking.note')}>
							<Untrusted ui={ui} text={booking.note} />
						</Pair>
					)}
				</dl>
				<p>
					<a class="panel__link" href={`/planned-uses/${encodeURIComponent(booking.id)}`}>
						{t('booking.history')}
						<Icon name="chevron-right" size="small" />
					</a>
				</p>
			</section>
		</Page>
	);
}

function LinkIf({ to, children }: { to: string | false; children?: Child }) {
	return to === false ? <span>{children}</span> : <a href={to}>{children}</a>;
}

function Pair({ label, children }: { label: string; children?: Child }) {
	return (
		<div>
			<dt>{label}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Actions({ ui, booking }: Pick<BookingProps, 'ui' | 'booking'>) {
	const { t } = ui;
	const { id, kind, state } = booking;
	if (state === 'released' || state === 'left') return null;
	const [move, release] = [bookingHref(id, 'move'), bookingHref(id, 'release')];
	return (
		<div class="row-actions">
			{state !== 'noShow' && (
				<a class="button button--primary" id="move" href={move} {...opensDialog(move)}>
					<Icon name="calendar" />
					{t('booking.move')}
				</a>
			)}
			<a class="button button--danger" id="release" href={release} {...opensDialog(release)}>
				<Icon name="undo" />
				{t(kind === 'release' ? 'booking.takeBack' : 'booking.release')}
			</a>
		</div>
	);
}

export interface MoveState {
	readonly from: string;
	readonly to: string;
	readonly area: string;
	/** What stands against it. */
	readonly problems: readonly string[];
}

export function MoveView({
	ui,
	booking,
	move,
	inDialog,
}: {
	ui: Ui;
	booking: BookingView;
	move: MoveState;
	inDialog: boolean;
}) {
	const { t } = ui;
	const action = bookingHref(booking.id, 'move');
	const back = { href: bookingHref(booking.id), label: t('booking.title') };
	return (
		<DialogFrame ui={ui} title={t('booking.moveTitle')} inDialog={inDialog} back={back}>
			<DialogForm ui={ui} action={action} inDialog={inDialog}>
				<Problems ui={ui} problems={move.problems} />
				<div class="booking-form__times">
					<Field name="from" type="datetime-local" label={t('booking.from')} value={move.from} required />
					<Field name="to" type="datetime-local" label={t('booking.to')} value={move.to} required />
				</div>
				{booking.kind === 'booking' && booking.areaId !== null && (
					<Select
						name="area"
						label={t('booking.area')}
						any="–"
						options={ui.areasFor('plannedUses', 'write').map(({ id, name }) => ({ value: id, label: name }))}
						selected={move.area}
					/>
				)}
				<div class="dialog__actions">
					<a class="button button--quiet" href={back.href} data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						<Icon name="check" />
						{t('booking.moveSubmit')}
					</button>
				</div>
			</DialogForm>
		</DialogFrame>
	);
}

function Problems({ ui, problems }: { ui: Ui; problems: readonly string[] }) {
	if (problems.length === 0) return null;
	return (
		<Notice tone="bad" title={ui.t('booking.refused')} announce>
			{problems.map((problem) => (
				<p>{problem}</p>
			))}
		</Notice>
	);
}

export function ReleaseView({
	ui,
	booking,
	problems,
	inDialog,
}: {
	ui: Ui;
	booking: BookingView;
	problems: readonly string[];
	inDialog: boolean;
}) {
	const { t } = ui;
	const isTakenBack = booking.kind === 'release';
	const back = { href: bookingHref(booking.id), label: t('booking.title') };
	const action = bookingHref(booking.id, 'release');
	return (
		<DialogFrame
			ui={ui}
			title={t(isTakenBack ? 'booking.takeBackTitle' : 'booking.releaseTitle')}
			inDialog={inDialog}
			back={back}
		>
			<DialogForm ui={ui} action={action} inDialog={inDialog}>
				<Problems ui={ui} problems={problems} />
				<p>
					<strong>{whoBooked(ui, booking)}</strong>
					<br />
					{`${ui.formats.minute(booking.startMs)} – ${ui.formats.minute(booking.endMs)}`}
				</p>
				<p>{t(isTakenBack ? 'booking.takeBackHint' : 'booking.releaseHint')}</p>
				<div class="dialog__actions">
					<a class="button button--quiet" href={back.href} data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button class="button button--danger-primary" type="submit">
						{t(isTakenBack ? 'booking.takeBack' : 'booking.release')}
					</button>
				</div>
			</DialogForm>
		</DialogFrame>
	);
}
