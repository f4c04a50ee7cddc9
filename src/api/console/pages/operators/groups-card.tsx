import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { groupHref } from './operators-frame.tsx';

/** The groups an operator is in. */
export function GroupsCard({ ui, operator: { groups } }: { ui: Ui; operator: OperatorView }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="groups-title">
			<h2 class="card__title" id="groups-title">
				{t('groups.ofOperator')}
			</h2>
			{groups.length === 0 && <p class="muted">{t('groups.ofNobody')}</p>}
			<ul>
				{groups.map(({ id, name }) => (
					<li>
						<a href={groupHref(id)}>
							<Untrusted ui={ui} text={name} />
						</a>
					</li>
				))}
			</ul>
		</section>
	);
}
