import type { Ui } from '../ui.ts';

const REASONS = {
	topic: 'refused.topic',
	empty: 'refused.empty',
	contentType: 'refused.contentType',
	oversized: 'refused.oversized',
	malformed: 'refused.malformed',
	version: 'refused.version',
	type: 'refused.type',
	site: 'refused.site',
	gatewayEpoch: 'refused.gatewayEpoch',
	replayed: 'refused.replayed',
} as const;

/** What came from the broker and was not taken, counted. */
export function RefusedMessages({ ui, refused }: { ui: Ui; refused: Readonly<Record<string, number>> }) {
	const { t } = ui;
	const counted = Object.entries(refused).sort(([, a], [, b]) => b - a);
	return (
		<section class="card" aria-labelledby="refused-title">
			<h2 class="card__title" id="refused-title">
				{t('refused.title')}
			</h2>
			{counted.length === 0 ? (
				<p class="muted">{t('refused.none')}</p>
			) : (
				<>
					<p class="card__note">{t('refused.hint')}</p>
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('refused.reason')}</th>
								<th scope="col" class="figures">
									{t('refused.count')}
								</th>
							</tr>
						</thead>
						<tbody>
							{counted.map(([reason, count]) => (
								<tr>
									<th scope="row">{isKnown(reason) ? t(REASONS[reason]) : reason}</th>
									<td class="figures">{ui.formats.number(count)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</>
			)}
		</section>
	);
}

function isKnown(reason: string): reason is keyof typeof REASONS {
	return Object.hasOwn(REASONS, reason);
}
