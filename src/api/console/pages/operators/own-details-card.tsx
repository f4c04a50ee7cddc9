import type { OwnDetails } from '../../../../gateway/services/operators/own-account.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../catalogue/translator.ts';
import { Field, Select } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { roleWords } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';

/** Who one is here, and how pages are written for one. */
export function OwnDetailsCard({ ui, details, path }: { ui: Ui; details: OwnDetails; path: string }) {
	const { t } = ui;
	const timeFormats = ['24h', '12h'] as const;
	return (
		<section class="card card--form" aria-labelledby="details-title">
			<h2 class="card__title" id="details-title">
				{t('account.details')}
			</h2>
			<p class="card__note">
				<bdi>{details.email}</bdi>
				{` · ${roleWords(ui, ui.login?.operator.roles ?? [])}`}
			</p>
			<form class="stack" method="post" action={path}>
				<CsrfField ui={ui} />
				<input type="hidden" name="version" value={String(details.version)} />
				<Field
					{...{ name: 'name', label: t('operators.name'), value: details.name, maxLength: 200 }}
					autocomplete="name"
					required
				/>
				<Field
					{...{ name: 'phone', label: t('account.phone'), value: details.phone ?? '', maxLength: 40 }}
					autocomplete="tel"
				/>
				<Select
					name="language"
					label={t('account.language')}
					options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
					selected={details.language ?? ui.language}
				/>
				<Select
					name="timeFormat"
					label={t('account.timeFormat')}
					options={timeFormats.map((value) => ({ value, label: t(`account.timeFormat.${value}`) }))}
					selected={details.timeFormat ?? '24h'}
				/>
				<button class="button" type="submit">
					{t('operators.save')}
				</button>
			</form>
		</section>
	);
}
