import type { OwnVisit } from '../../../../gateway/services/own-access/own-visits.ts';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { QrCode } from '../visitors/qr-code.tsx';
import { shortValidity, VisitStatePill } from '../visitors/visit-views.tsx';
import { MY_ACCESS_PATH, myAccessHref } from './my-access-paths.ts';

/** A guest one invited: what to send them, and the end of it. */
export function GuestPage({ ui, visit, isNew }: { ui: Ui; visit: OwnVisit; isNew: boolean }) {
	const { t } = ui;
	const { credential, state } = visit;
	const isOpen = state === 'coming' || state === 'now';
	return (
		<Page
			ui={ui}
			title={plainUntrusted(visit.name)}
			aside={<VisitStatePill ui={ui} state={state} />}
			back={{ href: MY_ACCESS_PATH, label: t('mine.title') }}
		>
			<div class="mine">
				{isNew && <Notice tone="good" title={t('mine.done')} announce />}
				<section class="card" aria-label={plainUntrusted(visit.name)}>
					<p>{shortValidity(ui, visit)}</p>
					{isOpen && credential?.kind === 'qr' && (
						<>
							<p>{t('mine.guestCode')}</p>
							<QrCode text={credential.value} label={t('mine.kind.qr')} />
							<p>
								<code>{credential.value}</code>
							</p>
						</>
					)}
					{isOpen && credential?.kind === 'plate' && (
						<p>
							<Untrusted ui={ui} text={t('mine.guestPlateWords', { plate: credential.label ?? credential.value })} />
						</p>
					)}
					{isOpen && (
						<form method="post" action={`${myAccessHref('guests', visit.id)}/end`}>
							<CsrfField ui={ui} />
							<button class="button button--danger" type="submit">
								{t('mine.guestEnd')}
							</button>
						</form>
					)}
				</section>
			</div>
		</Page>
	);
}
