import type { ImportMapping } from '../../../../gateway/services/imports/import-mappings.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { MAPPINGS_PATH } from './import-paths.ts';

/** What may come of saving a mapping: done, or why it was not. */
export const SAVED = [
	'saved',
	'replaced',
	'removed',
	'notFound',
	'changed',
	'nameTaken',
	'tooMany',
	'noColumns',
	'unknownField',
	'twice',
	'notAMapping',
] as const;
export type SavedMapping = (typeof SAVED)[number];

export function SavedNotice({ ui, saved }: { readonly ui: Ui; readonly saved: SavedMapping | undefined }) {
	if (saved === undefined) return null;
	const isGood = saved === 'saved' || saved === 'replaced' || saved === 'removed';
	return <Notice tone={isGood ? 'good' : 'bad'} title={ui.t(`mapping.${saved}`)} announce />;
}

/** Saved mappings whose columns are all in the file: one press takes one. */
export function FittingMappings(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly fitting: readonly ImportMapping[];
}) {
	const { ui, action, fitting } = props;
	if (fitting.length === 0) return null;
	return (
		<form class="import-fitting" method="post" action={action}>
			<CsrfField ui={ui} />
			<p class="field__label">{ui.t('mapping.fitting')}</p>
			<p class="import-fitting__names">
				{fitting.map(({ id, name }) => (
					<button class="button" type="submit" name="saved" value={id}>
						<Icon name="check" size="small" />
						<Untrusted ui={ui} text={name} />
					</button>
				))}
			</p>
		</form>
	);
}

/** Keeps the columns as they are taken now, for the next file of this kind. */
export function SaveMapping({ ui, action }: { readonly ui: Ui; readonly action: string }) {
	const { t } = ui;
	return (
		<form class="import-save" method="post" action={action}>
			<CsrfField ui={ui} />
			<Field
				name="name"
				id="mapping-name"
				label={t('mapping.name')}
				hint={t('mapping.nameHint')}
				maxLength={100}
				required
			/>
			<div class="dialog__actions">
				<a class="button button--quiet" href={MAPPINGS_PATH}>
					{t('mapping.title')}
				</a>
				<button class="button" type="submit">
					{t('mapping.save')}
				</button>
			</div>
		</form>
	);
}
