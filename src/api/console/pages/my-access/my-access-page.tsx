import type { OwnCheck, OwnDecision, PersonAccess } from '../../../../gateway/services/own-access/own-access.ts';
import type { OwnBooking } from '../../../../gateway/services/own-access/own-bookings.ts';
import type { OwnCredential, OwnRight, OwnVehicle } from '../../../../gateway/services/own-access/own-rights.ts';
import type { OwnVisit } from '../../../../gateway/services/own-access/own-visits.ts';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { BookingPill, timeWords } from '../bookings/booking-views.tsx';
import { shortValidity, VisitStatePill } from '../visitors/visit-views.tsx';
import { MY_ACCESS_PATH, myAccessHref } from './my-access-paths.ts';
import { CarriedCard, CostsCard, OwnLog, Section } from './own-cards.tsx';
import { OwnRightCard } from './own-right-card.tsx';

export interface MineAnswer {
	readonly tone: 'good' | 'bad';
	readonly title: string;
}

export interface MyAccessProps {
	readonly ui: Ui;
	readonly standing: 'active' | 'inactive' | 'blocked';
	readonly rights: readonly OwnRight[];
	readonly credentials: readonly OwnCredential[];
	readonly vehicles: readonly OwnVehicle[];
	readonly bookings: readonly OwnBooking[];
	readonly visits: readonly OwnVisit[];
	readonly charges: ReturnType<PersonAccess['charges']>;
	readonly log: readonly OwnDecision[];
	readonly mayBook: boolean;
	readonly mayInvite: boolean;
	readonly lanes: readonly { readonly id: string; readonly name: string }[];
	/** What was asked, and the answer. */
	readonly asked: { readonly laneId: string; readonly laneName: string; readonly check: OwnCheck } | undefined;
	readonly answer: MineAnswer | undefined;
}

/** All that is one's own, on one page that a phone shows well; made for who never saw the console. */
export function MyAccessPage(props: MyAccessProps) {
	const { ui, standing, rights, answer, mayBook } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('mine.title')}>
			<div class="mine">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{standing !== 'active' && (
					<Notice tone="bad" title={t(`mine.standing.${standing}`)}>
						<p>{t('mine.advice.askReception')}</p>
					</Notice>
				)}
				<AskCard {...props} />
				<h2>{t('mine.rights')}</h2>
				{rights.length === 0 && <p class="muted">{t('mine.noRights')}</p>}
				{rights.map((right) => (
					<OwnRightCard ui={ui} right={right} mayBook={mayBook} />
				))}
				<BookingsCard {...props} />
				<GuestsCard {...props} />
				<CarriedCard {...props} />
				<CostsCard {...props} />
				<Section id="log" title={t('mine.log')}>
					<OwnLog ui={ui} items={props.log} />
					{props.log.length > 0 && (
						<p>
							<a href={myAccessHref('log')}>{t('mine.logMore')}</a>
						</p>
					)}
				</Section>
			</div>
		</Page>
	);
}

/** Where nothing can be shown, why and what to do. */
export function NobodyPage({ ui, state }: { ui: Ui; state: 'none' | 'gone' }) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('mine.title')}>
			<div class="mine">
				<Notice tone="warning" title={t(`mine.${state}`)}>
					<p>{t(`mine.${state}Hint`)}</p>
				</Notice>
			</div>
		</Page>
	);
}

function AskCard({ ui, lanes, asked }: MyAccessProps) {
	const { t } = ui;
	if (lanes.length === 0) return null;
	return (
		<Section id="ask" title={t('mine.ask')}>
			<form class="mine-ask" method="get" action={MY_ACCESS_PATH}>
				<Select
					name="lane"
					label={t('mine.askLane')}
					options={lanes.map(({ id, name }) => ({ value: id, label: name }))}
					selected={asked?.laneId}
				/>
				<button class="button" type="submit">
					{t('mine.askNow')}
				</button>
			</form>
			{asked !== undefined && <Answered ui={ui} lane={asked.laneName} check={asked.check} />}
		</Section>
	);
}

function Answered({ ui, lane, check }: { ui: Ui; lane: string; check: OwnCheck }) {
	const { t } = ui;
	if (check.result === 'granted') return <Notice tone="good" title={t('mine.granted', { lane })} announce />;
	if (check.result === 'nothingCarried') return <Notice tone="bad" title={t('mine.nothingCarried')} announce />;
	return (
		<Notice tone="bad" title={t('mine.refused', { lane })} announce>
			<p>{ui.reason(check.because).cause}</p>
			<p>{t(`mine.advice.${check.advice}`)}</p>
		</Notice>
	);
}

function BookingsCard({ ui, bookings, rights, mayBook }: MyAccessProps) {
	const { t } = ui;
	const isUsual = rights.some(({ isBookable, keepsPlace }) => isBookable || keepsPlace);
	if (bookings.length === 0 && !isUsual && !mayBook) return null;
	return (
		<Section id="bookings" title={t('mine.bookings')}>
			{bookings.length === 0 && <p class="muted">{t('mine.noBookings')}</p>}
			<ul class="mine-list">
				{bookings.map((booking) => (
					<BookingRow ui={ui} booking={booking} mayBook={mayBook} />
				))}
			</ul>
			{mayBook && (
				<p>
					<a class="button button--primary" href={myAccessHref('book')}>
						<Icon name="plus" />
						{t('mine.book')}
					</a>
				</p>
			)}
		</Section>
	);
}

function BookingRow({ ui, booking, mayBook }: { ui: Ui; booking: OwnBooking; mayBook: boolean }) {
	const { t, formats } = ui;
	const { id, kind, startMs, endMs, state, note, vehicleName, areaIds, spaceId } = booking;
	const isNow = state === 'in' || state === 'overdue';
	const mayMove = mayBook && kind === 'booking' && (isNow || (state === 'planned' && endMs > ui.nowMs));
	const areas = areaIds.map((areaId) => ui.areaName(areaId)).join(', ');
	const where = spaceId === null ? areas : `${areas}, ${ui.placeName(spaceId)}`;
	const place = kind === 'release' ? t('mine.givenUp') : where;
	return (
		<li class="mine-list__row">
			<span>
				<strong>{`${formats.day(startMs)}, ${timeWords(ui, startMs, endMs)}`}</strong>
				<br />
				<span class="muted">
					<Untrusted ui={ui} text={[place, vehicleName, note].filter((text) => text !== null).join(' · ')} />
				</span>
			</span>
			<span class="mine-list__act">
				{kind === 'booking' && <BookingPill ui={ui} state={state} />}
				{mayMove && (
					<a class="button" href={`${myAccessHref('bookings', id)}/move`}>
						{t(isNow ? 'mine.moveEnd' : 'mine.move')}
						<span class="visually-hidden"> {formats.minute(startMs)}</span>
					</a>
				)}
				{state === 'planned' && endMs > ui.nowMs && (
					<form method="post" action={`${myAccessHref('bookings', id)}/release`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t(kind === 'release' ? 'mine.takeBack' : 'mine.release')}
							<span class="visually-hidden"> {formats.minute(startMs)}</span>
						</button>
					</form>
				)}
			</span>
		</li>
	);
}

function GuestsCard({ ui, visits, mayInvite }: MyAccessProps) {
	const { t } = ui;
	if (visits.length === 0 && !mayInvite) return null;
	return (
		<Section id="guests" title={t('mine.guests')}>
			{visits.length === 0 && <p class="muted">{t('mine.noGuests')}</p>}
			<ul class="mine-list">
				{visits.map((visit) => (
					<li class="mine-list__row">
						<span>
							<a href={myAccessHref('guests', visit.id)}>
								<Untrusted ui={ui} text={visit.name} />
							</a>
							<br />
							<span class="muted">{shortValidity(ui, visit)}</span>
						</span>
						<VisitStatePill ui={ui} state={visit.state} />
					</li>
				))}
			</ul>
			{mayInvite && (
				<p>
					<a class="button button--primary" href={myAccessHref('invite')}>
						<Icon name="plus" />
						{t('mine.invite')}
					</a>
				</p>
			)}
		</Section>
	);
}
