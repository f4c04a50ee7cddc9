import type { KindUse } from '../../../../gateway/services/licensing/licence-grants.ts';
import type { LicenceOverview } from '../../../../gateway/services/licensing/licence-overview.ts';
import type { LicenceChange } from '../../../../gateway/services/licensing/licence-standing.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import type { Ui } from '../../ui.ts';
import { EXPORT_LINKS, LicenceExportStatus } from './export-status.tsx';
import { kindName } from './kind-words.ts';
import { LicenceHistory } from './licence-history.tsx';
import { LicencesFrame } from './licences-frame.tsx';

export interface TotalTabProps {
	readonly ui: Ui;
	readonly overview: LicenceOverview;
	readonly kinds: readonly KindUse[];
	/** Given and taken since a month ago, by kind. */
	readonly changed: ReadonlyMap<string, { readonly given: number; readonly taken: number }>;
	readonly history: readonly LicenceChange[];
	readonly operatorName: (operatorId: string) => string | null;
}

interface Line {
	readonly name: string;
	readonly used: number;
	readonly available: number;
	readonly changed: { readonly given: number; readonly taken: number } | undefined;
}

/** All licences together: how many are given, how many are free, what changed. */
export function TotalTab({ ui, overview, kinds, changed, history, operatorName }: TotalTabProps) {
	const { t, formats } = ui;
	const lines: readonly Line[] = [
		{ name: t('licences.operators'), ...overview.operators, changed: undefined },
		{ name: kindName(ui, 'camera'), ...overview.cameras, changed: changed.get('camera') },
		...kinds.map(({ kind, used, available }) => ({
			...{ name: kindName(ui, kind), used, available, changed: changed.get(kind) },
		})),
	];
	return (
		<LicencesFrame ui={ui} tab="total">
			<section class="card" aria-labelledby="total-title">
				<h2 class="card__title" id="total-title">
					{t('licences.total')}
				</h2>
				<div class="config-scroll">
					<table class="plain-table">
						<thead>
							<tr>
								<th scope="col">{t('licences.kind')}</th>
								{(['assigned', 'free', 'seats', 'changedLately'] as const).map((heading) => (
									<th scope="col" class="figures">
										{t(`licences.${heading}`)}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{lines.map(({ name, used, available, changed: { given, taken } = { given: 0, taken: 0 } }) => (
								<tr>
									<th scope="row">{name}</th>
									<td class="figures">{formats.number(used)}</td>
									<td class="figures">{formats.number(Math.max(0, available - used))}</td>
									<td class="figures">{formats.number(available)}</td>
									<td class="figures">{`+${formats.number(given)} −${formats.number(taken)}`}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</section>
			<p class="results-count" id={EXPORT_LINKS}>
				<ExportLinks ui={ui} path="/api/v1/licences/history/export" query={{}} />
			</p>
			<LicenceExportStatus ui={ui} list="licence-history" progress={undefined} />
			<LicenceHistory ui={ui} history={history} operatorName={operatorName} />
		</LicencesFrame>
	);
}
