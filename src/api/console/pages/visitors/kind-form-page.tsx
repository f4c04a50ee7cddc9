import { Field, FieldError } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { newKindHref, VISITORS_PATH } from './visitor-paths.ts';

const NAME_LENGTH = 200;
const MOST_USES = 100_000;

export interface KindFormState {
	readonly name: string;
	readonly areaIds: readonly string[];
	readonly uses: string;
	readonly decision: string;
	readonly errors: { readonly name?: string; readonly uses?: string; readonly form?: string };
}

/** One field each: of several of one name a form keeps the last. */
const areaField = (areaId: string) => `area.${areaId}`;

/** @returns the kind of visit, or the form with its errors. */
export function parseKindForm(
	fields: Readonly<Record<string, unknown>>,
	{ t, site }: Ui,
):
	| { readonly kind: { readonly name: string; readonly areaIds: string[]; readonly useLimit: number | null } }
	| { readonly form: KindFormState } {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
	const [name, uses] = [text('name'), text('uses').slice(0, 12)];
	const areaIds = site.areas.map(({ id }) => id).filter((id) => fields[areaField(id)] !== undefined);
	const useLimit = uses === '' ? null : Number(uses);
	const isCount = useLimit === null || (/^\d+$/.test(uses) && useLimit >= 1 && useLimit <= MOST_USES);
	const errors = {
		...(name === '' && { name: t('form.required') }),
		...(name.length > NAME_LENGTH && { name: t('form.tooLong', { maximum: NAME_LENGTH }) }),
		...(!isCount && { uses: t('visitor.kindUsesBad') }),
	};
	if (Object.keys(errors).length > 0) {
		return {
			form: { name: name.slice(0, NAME_LENGTH), areaIds, uses, decision: text('decision').slice(0, 64), errors },
		};
	}
	return { kind: { name, areaIds, useLimit } };
}

/** Says what visitors may: the one thing a site needs before its first visitor. */
export function KindFormPage({ ui, form }: { ui: Ui; form: KindFormState }) {
	const { t, site } = ui;
	return (
		<Page ui={ui} title={t('visitor.kindTitle')} back={{ href: VISITORS_PATH, label: t('visitor.title') }}>
			<form class="card visit-form" method="post" action={newKindHref()}>
				<CsrfField ui={ui} />
				<input type="hidden" name="decision" value={form.decision} />
				<p class="muted">{t('visitor.noSpecificationHint')}</p>
				<FieldError id="form-error" error={form.errors.form} />
				<Field
					name="name"
					label={t('visitor.kindName')}
					value={form.name}
					error={form.errors.name}
					maxLength={NAME_LENGTH}
					autocomplete="off"
					required
				/>
				<fieldset class="field">
					<legend class="field__label">{t('visitor.kindAreas')}</legend>
					<div class="options">
						{site.areas.map(({ id, name }) => (
							<label class="option">
								<input type="checkbox" name={areaField(id)} value="yes" checked={form.areaIds.includes(id)} />
								<span>{name}</span>
							</label>
						))}
					</div>
					<p class="field__hint">{t('visitor.kindAreasHint')}</p>
				</fieldset>
				<Field
					name="uses"
					label={t('visitor.kindUses')}
					hint={t('visitor.kindUsesHint')}
					value={form.uses}
					error={form.errors.uses}
					inputMode="numeric"
					maxLength={6}
					autocomplete="off"
				/>
				<div class="dialog__actions">
					<a class="button button--quiet" href={VISITORS_PATH}>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						{t('visitor.kindSubmit')}
					</button>
				</div>
			</form>
		</Page>
	);
}
