import { Notice } from '../components/notice.tsx';
import type { PageUi } from '../page-ui.ts';
import { plainUntrusted } from '../untrusted-text.ts';
import { CsrfField } from './account-menu.tsx';

/** Says on every page that it is seen with somebody else's permissions, and ends that. */
export function ViewingBanner({ ui }: { readonly ui: PageUi }) {
	const viewing = ui.login?.viewing;
	if (viewing === undefined) return null;
	const { t, formats } = ui;
	const name = plainUntrusted(viewing.name);
	return (
		<Notice tone="warning" title={t('groups.viewAs.banner', { name, at: formats.full(viewing.endsAtMs) })}>
			<form method="post" action="/view-as/end">
				<CsrfField ui={ui} />
				<button class="button" type="submit">
					{t('groups.viewAs.end')}
				</button>
			</form>
		</Notice>
	);
}
