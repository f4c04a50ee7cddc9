import type { RightStanding } from '../../../../gateway/services/stays/right-standing.ts';
import type { Ui } from '../../ui.ts';
import { creditsPath } from './payment-paths.ts';

/** What a right has left here and now: uses of its period, credits of its wallet, stays at once (X5). */
export function StandingCard({ ui, standing }: { ui: Ui; standing: RightStanding }) {
	const { t } = ui;
	const { rightId, uses, wallet, stays } = standing;
	return (
		<section class="card" aria-labelledby="standing-title">
			<h2 class="card__title" id="standing-title">
				{t('payment.left')}
			</h2>
			<dl class="pairs">
				{uses !== null && (
					<div>
						<dt>{t('payment.uses')}</dt>
						<dd>
							<p>{t('payment.usesLeft', { count: uses.left, allowed: uses.allowed })}</p>
							<Period ui={ui} period={uses} />
							{uses.held > 0 && <p class="muted">{t('payment.held', { count: uses.held })}</p>}
						</dd>
					</div>
				)}
				{wallet !== null && (
					<div>
						<dt>{t('payment.credits')}</dt>
						<dd>
							<Wallet ui={ui} wallet={wallet} />
							<p>
								<a id="credits" href={creditsPath(rightId)}>
									{t('payment.ledgerLink')}
								</a>
							</p>
						</dd>
					</div>
				)}
				<div>
					<dt>{t('payment.stays')}</dt>
					<dd>{t('payment.staysOpen', { open: stays.open, allowed: stays.allowed })}</dd>
				</div>
			</dl>
		</section>
	);
}

function Period({ ui, period }: { ui: Ui; period: { readonly fromMs: number | null; readonly toMs: number | null } }) {
	const { fromMs, toMs } = period;
	if (fromMs === null || toMs === null) return null;
	const [from, to] = [ui.formats.minute(fromMs), ui.formats.minute(toMs)];
	return <p class="muted">{ui.t('payment.period', { from, to })}</p>;
}

/** Its balance, what is held of it, and what a stay takes. */
export function Wallet({ ui, wallet }: { ui: Ui; wallet: NonNullable<RightStanding['wallet']> }) {
	const { t, directory } = ui;
	const { balance, held, cost, mayOverdraw, refillAmount, refillPeriod } = wallet;
	const label = (field: string) => directory.field('rightSpecifications', field).label;
	return (
		<>
			<p>
				<strong>{t('payment.balance', { count: balance })}</strong>
			</p>
			{held > 0 && <p class="muted">{t('payment.held', { count: held })}</p>}
			<p class="muted">
				{t('payment.cost', { count: cost })}
				{mayOverdraw && ` ${t('payment.mayOverdraw')}`}
			</p>
			{refillPeriod !== null && refillAmount > 0 && (
				<p class="muted">
					{`${label('refillAmount')}: ${ui.formats.number(refillAmount)} · ${label('refillPeriod')}: `}
					{directory.choice('rightSpecifications', 'refillPeriod', refillPeriod).label}
				</p>
			)}
		</>
	);
}
