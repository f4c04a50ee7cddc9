import type { RightStanding, RightStandings } from '../../../../gateway/services/stays/right-standing.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Moment } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { creditsPath } from './payment-paths.ts';
import { Wallet } from './standing-card.tsx';

/** What was typed, and what is wrong with it. */
export interface AdjustForm {
	readonly amount: string;
	readonly way: 'add' | 'take';
	readonly reason: string;
	readonly errors: { readonly amount?: string; readonly reason?: string };
}

export interface CreditsProps {
	readonly ui: Ui;
	readonly rightId: string;
	/** Whose it is, and what it grants. */
	readonly name: string;
	readonly wallet: NonNullable<RightStanding['wallet']>;
	/** Newest first. */
	readonly lines: ReturnType<RightStandings['ledger']>;
	/** Older ones come before this line; null: there are none. */
	readonly olderThan: number | null;
	readonly mayAdjust: boolean;
	readonly form: AdjustForm;
	/** Names this form: sent twice, it changes the wallet once. */
	readonly formKey: string;
	readonly isDone: boolean;
}

export const REASON_LENGTH = 200;
export const MOST_ADJUSTED = 1_000_000;

/** The wallet of one right: what was added and taken, and adding or taking by hand. */
export function CreditsPage(props: CreditsProps) {
	const { ui, rightId, name, wallet, isDone } = props;
	const { t } = ui;
	return (
		<Page
			ui={ui}
			title={t('payment.ledger')}
			back={{ href: `/rights/${encodeURIComponent(rightId)}`, label: plainUntrusted(name) }}
		>
			{isDone && <Notice tone="good" title={t('payment.adjusted')} announce />}
			<div class="detail">
				<div class="detail__main">
					<Lines {...props} />
				</div>
				<div class="detail__side">
					<section class="card" aria-labelledby="wallet-title">
						<h2 class="card__title" id="wallet-title">
							{t('payment.credits')}
						</h2>
						<Wallet ui={ui} wallet={wallet} />
					</section>
					{props.mayAdjust && <AdjustCard {...props} />}
				</div>
			</div>
		</Page>
	);
}

function Lines({ ui, rightId, lines, olderThan }: CreditsProps) {
	const { t, formats } = ui;
	return (
		<section class="card" aria-labelledby="lines-title">
			<h2 class="card__title" id="lines-title">
				{t('payment.ledger')}
			</h2>
			{lines.length === 0 ? (
				<p class="muted">{t('payment.noLines')}</p>
			) : (
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('payment.when')}</th>
							<th scope="col">{t('payment.what')}</th>
							<th scope="col" class="figures">
								{t('payment.amount')}
							</th>
							<th scope="col" class="figures">
								{t('payment.after')}
							</th>
						</tr>
					</thead>
					<tbody>
						{lines.map(({ line, atMs, kind, amount, balance }) => (
							<tr data-line={line}>
								<td>
									<Moment ui={ui} atMs={atMs} />
								</td>
								<td>{t(`payment.line.${kind}`)}</td>
								<td class="figures">{amount > 0 ? `+${formats.number(amount)}` : formats.number(amount)}</td>
								<td class="figures">{formats.number(balance)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			<PagesNav
				ui={ui}
				order="time"
				next={olderThan === null ? undefined : `${creditsPath(rightId)}?before=${olderThan}`}
			/>
		</section>
	);
}

function AdjustCard({ ui, rightId, form, formKey }: CreditsProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="adjust-title">
			<h2 class="card__title" id="adjust-title">
				{t('payment.adjust')}
			</h2>
			<form class="form" method="post" action={creditsPath(rightId)}>
				<CsrfField ui={ui} />
				<input type="hidden" name="key" value={formKey} />
				<Select
					name="way"
					label={t('payment.way')}
					options={[
						{ value: 'add', label: t('payment.add') },
						{ value: 'take', label: t('payment.take') },
					]}
					selected={form.way}
				/>
				<Field
					name="amount"
					label={t('payment.howMany')}
					value={form.amount}
					error={form.errors.amount}
					inputMode="numeric"
					maxLength={9}
				/>
				<Field
					name="reason"
					label={t('payment.reason')}
					hint={t('payment.reasonHint')}
					value={form.reason}
					error={form.errors.reason}
					maxLength={REASON_LENGTH}
				/>
				<button class="button button--primary" type="submit">
					{t('payment.adjust')}
				</button>
			</form>
		</section>
	);
}
