import type { DeadLetters } from '../../../gateway/services/sync-status.ts';
import { Notice } from '../components/notice.tsx';
import { Moment, SystemWords } from '../components/text.tsx';
import type { Ui } from '../ui.ts';

const WHY = {
	invalidData: 'sync.deadInvalid',
	malformed: 'sync.deadInvalid',
	oversized: 'sync.deadTooLarge',
	tooLarge: 'sync.deadTooLarge',
} as const;

/** Events that central could not use; nothing of them is lost here. */
export function DeadLetterList({ ui, letters: { count, newest } }: { ui: Ui; letters: DeadLetters }) {
	const { t } = ui;
	if (count === 0) return null;
	return (
		<section class="card" aria-labelledby="dead-letters-title">
			<h2 class="card__title" id="dead-letters-title">
				{t('sync.deadLetters')}
			</h2>
			<Notice tone="warning" title={t('sync.deadCount', { count })}>
				<p>{t('sync.deadHint')}</p>
			</Notice>
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('sync.deadAt')}</th>
						<th scope="col" class="figures">
							{t('sync.deadSeq')}
						</th>
						<th scope="col">{t('sync.deadType')}</th>
						<th scope="col">{t('sync.deadWhy')}</th>
					</tr>
				</thead>
				<tbody>
					{newest.map(({ gatewayEpoch, seq, code, atMs, type }) => (
						<tr>
							<td>
								<Moment ui={ui} atMs={atMs} />
							</td>
							<td class="figures" title={gatewayEpoch}>
								{ui.formats.number(seq)}
							</td>
							<td>{type === null ? t('sync.deadErased') : <SystemWords ui={ui} text={type} />}</td>
							<td>
								{Object.hasOwn(WHY, code) ? t(WHY[code as keyof typeof WHY]) : <SystemWords ui={ui} text={code} />}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
