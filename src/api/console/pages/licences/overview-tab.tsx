import type { LicenceOverview } from '../../../../gateway/services/licensing/licence-overview.ts';
import type { LicenceChange } from '../../../../gateway/services/licensing/licence-standing.ts';
import { FieldError } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { LicenceHistory } from './licence-history.tsx';
import { LICENCES_PATH, type LicenceAnswer, LicencesFrame } from './licences-frame.tsx';
import { ProductLicenceCard } from './product-licence-card.tsx';

export interface OverviewTabProps {
	readonly ui: Ui;
	readonly overview: LicenceOverview;
	/** The newest first. */
	readonly history: readonly LicenceChange[];
	readonly operatorName: (operatorId: string) => string | null;
	readonly answer?: LicenceAnswer | undefined;
	/** What was sent and refused. */
	readonly document?: string | undefined;
}

/** What the gateway may do, by which licence, and what changed last. */
export function OverviewTab(props: OverviewTabProps) {
	const { ui, overview, answer, history, operatorName } = props;
	return (
		<LicencesFrame ui={ui} tab="overview" answer={answer}>
			<ProductLicenceCard ui={ui} overview={overview} />
			{ui.may('licences:write') && <InstallForm {...props} />}
			<LicenceHistory ui={ui} history={history} operatorName={operatorName} />
		</LicencesFrame>
	);
}

function InstallForm({ ui, document, answer }: OverviewTabProps) {
	const { t } = ui;
	const isRefused = document !== undefined;
	return (
		<section class="card" aria-labelledby="install-title">
			<h2 class="card__title" id="install-title">
				{t('licences.install')}
			</h2>
			<form method="post" action={LICENCES_PATH}>
				<CsrfField ui={ui} />
				<div class="field">
					<label class="field__label" for="document">
						{t('licences.document')}
					</label>
					<div class="field__frame">
						<textarea
							class="field__input field__text"
							id="document"
							name="document"
							rows={5}
							required
							spellcheck={false}
							autocomplete="off"
							aria-describedby={isRefused ? 'document-error' : 'document-hint'}
							aria-invalid={isRefused ? 'true' : undefined}
						>
							{document}
						</textarea>
					</div>
					<p class="field__hint" id="document-hint">
						{t('licences.documentHint')}
					</p>
					<FieldError id="document-error" error={isRefused ? answer?.detail : undefined} />
				</div>
				<div class="dialog__actions">
					<button class="button button--primary" type="submit">
						{t('licences.installButton')}
					</button>
				</div>
			</form>
		</section>
	);
}
