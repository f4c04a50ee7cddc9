import type { ImageArea } from '../../../../gateway/core/evidence.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { EvidenceItem } from '../../../../gateway/services/evidence/evidence.ts';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { pictureHref } from './moderation-paths.ts';

/** What was typed, and what is wrong with it. */
export interface PictureForms {
	readonly until: string;
	readonly holdReason: string;
	readonly deleteReason: string;
	readonly errors: Readonly<Partial<Record<'area' | 'until' | 'holdReason' | 'deleteReason' | 'sure', string>>>;
}

export const EMPTY_FORMS: PictureForms = { until: '', holdReason: '', deleteReason: '', errors: {} };

interface FormProps {
	readonly ui: Ui;
	readonly item: EvidenceItem;
	readonly forms: PictureForms;
}

const SIDES = ['x', 'y', 'width', 'height'] as const;

/** Of a part, in hundredths of the picture; or of the whole. */
export function BlurForm({ ui, item, forms }: FormProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="blur-title">
			<h2 class="card__title" id="blur-title">
				{t('moderation.blur')}
			</h2>
			<p class="muted">{t('moderation.blurHint')}</p>
			<form class="moderation__form" method="post" action={pictureHref(item.image.id, 'blur')}>
				<CsrfField ui={ui} />
				<fieldset class="moderation__area" data-area-fields>
					<legend class="field__label">{t('moderation.area')}</legend>
					{SIDES.map((side) => (
						<label class="field">
							<span class="field__label">{t(`moderation.side.${side}`)}</span>
							<span class="field__frame">
								<input
									class="field__input"
									type="number"
									name={side}
									min="0"
									max="100"
									step="0.1"
									value={side === 'x' || side === 'y' ? '40' : '20'}
									inputmode="decimal"
								/>
								<span class="muted" aria-hidden="true">
									%
								</span>
							</span>
						</label>
					))}
				</fieldset>
				<FieldError id="area-error" error={forms.errors.area} />
				<div class="moderation__acts">
					<button class="button button--thumb" type="submit" name="what" value="area">
						<Icon name="eye" />
						{t('moderation.blurArea')}
					</button>
					<button class="button button--thumb" type="submit" name="what" value="whole">
						{t('moderation.blurWhole')}
					</button>
				</div>
			</form>
		</section>
	);
}

export function HoldForm({ ui, item, forms }: FormProps) {
	const { t } = ui;
	return (
		<details
			class="card moderation__more"
			open={forms.errors.until !== undefined || forms.errors.holdReason !== undefined}
		>
			<summary>{t('moderation.hold')}</summary>
			<p class="muted">{t('moderation.holdHint')}</p>
			<form class="moderation__form" method="post" action={pictureHref(item.image.id, 'hold')}>
				<CsrfField ui={ui} />
				<Field
					name="until"
					type="datetime-local"
					label={t('privacy.until')}
					value={forms.until}
					error={forms.errors.until}
				/>
				<Field
					name="reason"
					id="hold-reason"
					label={t('privacy.reason')}
					value={forms.holdReason}
					error={forms.errors.holdReason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
				/>
				<button class="button button--thumb" type="submit">
					<Icon name="lock" />
					{t('moderation.hold')}
				</button>
			</form>
		</details>
	);
}

export function ReleaseForm({ ui, item }: Omit<FormProps, 'forms'>) {
	const { t } = ui;
	return (
		<form class="card moderation__form" method="post" action={pictureHref(item.image.id, 'release')}>
			<CsrfField ui={ui} />
			<p class="muted">{t('moderation.releaseHint')}</p>
			<button class="button button--thumb" type="submit">
				<Icon name="undo" />
				{t('moderation.release')}
			</button>
		</form>
	);
}

export function DeleteForm({ ui, item, forms }: FormProps) {
	const { t } = ui;
	const { deleteReason, sure } = forms.errors;
	return (
		<details class="card moderation__more" open={deleteReason !== undefined || sure !== undefined}>
			<summary>{t('moderation.delete')}</summary>
			<p class="muted">{t('moderation.deleteHint')}</p>
			<form class="moderation__form" method="post" action={pictureHref(item.image.id, 'delete')}>
				<CsrfField ui={ui} />
				<Field
					name="reason"
					id="delete-reason"
					label={t('privacy.reason')}
					value={forms.deleteReason}
					error={deleteReason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
				/>
				<label class="check">
					<input type="checkbox" name="sure" value="yes" />
					<span>{t('moderation.sure')}</span>
				</label>
				<FieldError id="sure-error" error={sure} />
				<button class="button button--danger button--thumb" type="submit">
					<Icon name="trash" />
					{t('moderation.delete')}
				</button>
			</form>
		</details>
	);
}

/** null: the whole; undefined: numbers that are no part of a picture. */
export function parseArea(fields: Readonly<Record<string, unknown>>): ImageArea | null | undefined {
	if (fields['what'] === 'whole') return null;
	const [x = NaN, y = NaN, width = NaN, height = NaN] = SIDES.map((side) => {
		const text = fields[side];
		return typeof text === 'string' && text.trim() !== '' ? Number(text.replace(',', '.')) / 100 : Number.NaN;
	});
	const isPart = [x, y, width, height].every((value) => value >= 0 && value <= 1) && width > 0 && height > 0;
	return isPart ? { x, y, width, height } : undefined;
}
