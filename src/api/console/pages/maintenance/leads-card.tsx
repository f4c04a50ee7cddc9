import type { Lead } from '../../../../gateway/services/marketing/leads.ts';
import { Icon } from '../../components/icon.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { LeadPill } from '../marketing/leads-page.tsx';
import { LEADS_PATH, leadHref, queryText } from '../marketing/marketing-paths.ts';

interface LeadsCardProps {
	readonly ui: Ui;
	readonly number: number;
	/** As the reader may see them. */
	readonly leads: readonly Lead[];
}

/** Who asked to be contacted while the work was done, and one more. */
export function LeadsCard({ ui, number, leads }: LeadsCardProps) {
	const { t } = ui;
	const mayWrite = ui.may('leads:write');
	if (!ui.may('leads:read') || (leads.length === 0 && !mayWrite)) return null;
	return (
		<section class="card" aria-labelledby="leads-title">
			<h2 class="card__title" id="leads-title">
				{t('lead.title')}
			</h2>
			<ul class="mine-list">
				{leads.map((lead) => (
					<li class="mine-list__row">
						<span>
							<a href={leadHref(lead.id)}>
								<Untrusted ui={ui} text={lead.name} />
							</a>
							<br />
							<span class="muted">
								<Moment ui={ui} atMs={lead.createdAtMs} />
							</span>
						</span>
						<LeadPill ui={ui} state={lead.state} />
					</li>
				))}
			</ul>
			{mayWrite && (
				<a class="button" href={`${LEADS_PATH}/new${queryText({ intervention: String(number) })}`}>
					<Icon name="plus" size="small" />
					{t('lead.make')}
				</a>
			)}
		</section>
	);
}
