import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import type { SeatSwap } from '../../../../gateway/services/operators/seat-swaps.ts';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { operatorHref } from './operators-frame.tsx';

/** The first click of a swap: whose seat is given away; the second says to whom. */
export function SwapLink({ ui, path, operator }: { ui: Ui; path: string; operator: OperatorView }) {
	return (
		<a class="button" href={`${path}?${new URLSearchParams({ swap: operator.id, state: 'inactive' })}`}>
			{ui.t('operators.swap')}
			<span class="visually-hidden">
				{' '}
				<Untrusted ui={ui} text={operator.name} />
			</span>
		</a>
	);
}

export function SwapNotice({ ui, path, from }: { ui: Ui; path: string; from: OperatorView }) {
	return (
		<Notice tone="active" title={ui.t('operators.swapFrom', { name: from.name })}>
			<a href={path}>{ui.t('operators.swapNot')}</a>
		</Notice>
	);
}

export function SwapButton({ ui, from, to }: { ui: Ui; from: OperatorView; to: OperatorView }) {
	return (
		<form method="post" action={`${operatorHref(from.id)}/swap`}>
			<CsrfField ui={ui} />
			<input type="hidden" name="to" value={to.id} />
			<button class="button button--primary" type="submit">
				{ui.t('operators.swapTo')}
				<span class="visually-hidden">
					{' '}
					<Untrusted ui={ui} text={to.name} />
				</span>
			</button>
		</form>
	);
}

/** Who gave a seat to whom, the last first. */
export function SeatHistory({ ui, swaps }: { ui: Ui; swaps: readonly SeatSwap[] }) {
	if (swaps.length === 0) return null;
	const { t } = ui;
	return (
		<details class="card">
			<summary>{t('operators.swaps')}</summary>
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('operators.swapAt')}</th>
						<th scope="col">{t('operators.swapGave')}</th>
						<th scope="col">{t('operators.swapTook')}</th>
						<th scope="col">{t('operators.swapBy')}</th>
					</tr>
				</thead>
				<tbody>
					{swaps.map(({ atMs, from, to, by }) => (
						<tr>
							<td>
								<Moment ui={ui} atMs={atMs} />
							</td>
							{[from, to, by].map((who) => (
								<td>{who === null ? '–' : <Untrusted ui={ui} text={who.name ?? who.id} />}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);
}
