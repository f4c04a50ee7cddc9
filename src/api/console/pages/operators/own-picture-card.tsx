import { LIMITS } from '../../../../gateway/core/limits.ts';
import { FileField } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

/** One's own picture: given, replaced, taken away. */
export function OwnPictureCard({ ui, path }: { ui: Ui; path: string }) {
	const { t, pictureHref } = ui;
	return (
		<section class="card card--form" aria-labelledby="picture-title">
			<h2 class="card__title" id="picture-title">
				{t('account.picture')}
			</h2>
			{pictureHref !== undefined && (
				<img class="account__badge account__badge--large" src={pictureHref} alt={t('account.picture')} />
			)}
			<form class="stack" method="post" action={path} enctype="multipart/form-data">
				<CsrfField ui={ui} />
				<FileField
					name="picture"
					label={t('account.pictureFile')}
					accept="image/jpeg,image/png"
					hint={t('account.pictureHint', { megabytes: LIMITS.portraitBytes / 1_048_576 })}
				/>
				<button class="button" type="submit">
					{t('account.pictureSet')}
				</button>
			</form>
			{pictureHref !== undefined && (
				<form method="post" action={`${path}/remove`}>
					<CsrfField ui={ui} />
					<button class="button button--quiet" type="submit">
						{t('account.pictureRemove')}
					</button>
				</form>
			)}
		</section>
	);
}
