import type { Child } from 'hono/jsx';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { OwnRight, OwnRightState } from '../../../../gateway/services/own-access/own-rights.ts';
import { Pill, type Status } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { SpecialDays, WeekSummary } from '../directory/week-words.tsx';
import { Wallet } from '../payment/standing-card.tsx';
import { myAccessHref } from './my-access-paths.ts';

const STATES: Readonly<Record<OwnRightState, Status>> = {
	valid: { tone: 'good', icon: 'check', label: 'mine.right.valid' },
	notStarted: { tone: 'active', icon: 'clock', label: 'mine.right.notStarted' },
	ended: { tone: 'quiet', icon: 'dash', label: 'mine.right.ended' },
	suspended: { tone: 'bad', icon: 'stop', label: 'mine.right.suspended' },
};

/** One right in plain words: where, when, until when, and what is left. */
export function OwnRightCard({ ui, right, mayBook }: { ui: Ui; right: OwnRight; mayBook: boolean }) {
	const { t } = ui;
	const { tone, icon, label } = STATES[right.state];
	const { areaIds, spaceId, sharedPlaces, uses, wallet } = right;
	return (
		<section class="card mine-right" aria-label={right.name}>
			<div class="mine-right__head">
				<h3>
					<Untrusted ui={ui} text={right.name} />
				</h3>
				<Pill tone={tone} icon={icon}>
					{t(label)}
				</Pill>
			</div>
			<dl class="pairs">
				<Pair label={t('mine.where')}>
					{areaIds.length === 0 ? t('mine.everywhere') : areaIds.map((id) => ui.areaName(id)).join(', ')}
				</Pair>
				<Pair label={t('mine.when')}>
					<When ui={ui} right={right} />
				</Pair>
				<Pair label={t('mine.until')}>{validityOf(ui, right)}</Pair>
				{spaceId !== null && <Pair label={t('mine.mySpace')}>{ui.placeName(spaceId)}</Pair>}
				{sharedPlaces !== null && (
					<Pair label={t('mine.shared')}>
						<Untrusted ui={ui} text={sharedWords(ui, sharedPlaces)} />
					</Pair>
				)}
				{uses !== null && (
					<Pair label={t('payment.uses')}>
						{t('payment.usesLeft', { count: uses.left, allowed: uses.allowed })}
						{uses.toMs !== null && <p class="muted">{`${t('mine.until')} ${ui.formats.minute(uses.toMs)}`}</p>}
					</Pair>
				)}
				{wallet !== null && (
					<Pair label={t('payment.credits')}>
						<Wallet ui={ui} wallet={wallet} />
					</Pair>
				)}
			</dl>
			<Ledger ui={ui} right={right} />
			{right.state === 'valid' && (
				<p class="row-actions">
					{right.isBookable && mayBook && (
						<a class="button" href={`${myAccessHref('book')}?right=${encodeURIComponent(right.id)}`}>
							{t('mine.book')}
						</a>
					)}
					{right.keepsPlace && (
						<a class="button" href={`${myAccessHref('give-up')}?right=${encodeURIComponent(right.id)}`}>
							{t('mine.giveUp')}
						</a>
					)}
				</p>
			)}
		</section>
	);
}

function Pair({ label, children }: { label: string; children?: Child }) {
	return (
		<div>
			<dt>{label}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function When({ ui, right: { schedule } }: { ui: Ui; right: OwnRight }) {
	if (schedule === null) return <>{ui.t('mine.always')}</>;
	return (
		<>
			<WeekSummary ui={ui} periods={schedule.periods} />
			{schedule.specialDays.length > 0 && <SpecialDays ui={ui} days={schedule.specialDays} />}
		</>
	);
}

function validityOf({ t, formats }: Ui, { state, validFromMs, validToMs }: OwnRight): string {
	const until = validToMs === null ? t('mine.withoutEnd') : formats.minute(validToMs);
	if (state !== 'notStarted' || validFromMs === null) return until;
	return `${t('mine.fromOn', { at: formats.minute(validFromMs) })} – ${until}`;
}

function sharedWords({ t, formats }: Ui, { name, capacity, others }: NonNullable<OwnRight['sharedPlaces']>): string {
	const count = Math.min(others, LIMITS.ownSharersCounted);
	return t('mine.sharedBy', { name, places: formats.number(capacity), count });
}

function Ledger({ ui, right: { ledger } }: { ui: Ui; right: OwnRight }) {
	const { t, formats } = ui;
	if (ledger.length === 0) return null;
	return (
		<details>
			<summary>{t('payment.ledgerLink')}</summary>
			<ul class="mine-list">
				{ledger.map(({ kind, amount, atMs }) => (
					<li class="mine-list__row">
						<span>
							{t(`payment.line.${kind}`)}
							<span class="muted"> {formats.minute(atMs)}</span>
						</span>
						<span class="figures">{formats.number(amount)}</span>
					</li>
				))}
			</ul>
		</details>
	);
}
