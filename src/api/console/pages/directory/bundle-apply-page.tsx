import type { BundlePreview } from '../../../../gateway/services/directory/apply-bundle.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';

interface BundleApplyProps {
	readonly ui: Ui;
	readonly id: string;
	readonly name: string;
	readonly preview: BundlePreview;
	/** Specification id → its name. */
	readonly specifications: ReadonlyMap<string, string>;
	/** Why it stopped half-way, and after how many people. */
	readonly stopped: { readonly holders: number; readonly problems: readonly string[] } | undefined;
}

/** Who would gain and lose what if a changed bundle reached back, asked before it does (X10). */
export function BundleApplyPage({ ui, id, name, preview, specifications, stopped }: BundleApplyProps) {
	const { t } = ui;
	const path = `/bundles/${encodeURIComponent(id)}`;
	const { holders, gains, loses, changes } = preview;
	const names = (ids: readonly string[]) => ids.map((one) => specifications.get(one) ?? one).join(', ');
	return (
		<Page
			ui={ui}
			title={t('bundle.applyTitle', { name: plainUntrusted(name) })}
			back={{ href: path, label: plainUntrusted(name) }}
		>
			<div class="bundle-apply">
				{stopped !== undefined && (
					<Notice tone="bad" title={t('bundle.stopped', { count: stopped.holders })} announce>
						{stopped.problems.map((problem) => (
							<p>{problem}</p>
						))}
					</Notice>
				)}
				{holders === 0 ? (
					<EmptyState icon="check" title={t('bundle.nothing')} hint={t('bundle.applyHint')} />
				) : (
					<section class="card" aria-label={t('bundle.who')}>
						<p>{t('bundle.applyHint')}</p>
						<p>
							<strong>{t('bundle.affected', { count: holders })}</strong>
							{`: ${t('bundle.gains', { count: gains })}, ${t('bundle.loses', { count: loses })}`}
						</p>
						<ul class="bundle-apply__people">
							{changes.map((change) => (
								<li class="bundle-apply__person">
									<strong>
										<Untrusted ui={ui} text={change.holderName} />
									</strong>
									{change.gains.length > 0 && (
										<span>
											<Icon name="plus" size="small" /> {t('bundle.gain')}:{' '}
											<Untrusted ui={ui} text={names(change.gains)} />
										</span>
									)}
									{change.loses.length > 0 && (
										<span>
											<Icon name="dash" size="small" /> {t('bundle.lose')}:{' '}
											<Untrusted ui={ui} text={names(change.loses)} />
										</span>
									)}
								</li>
							))}
						</ul>
						{holders > changes.length && <p>{t('bundle.moreChanges', { count: holders - changes.length })}</p>}
						<form class="dialog__actions" method="post" action={`${path}/apply`}>
							<CsrfField ui={ui} />
							<a class="button button--quiet" href={path}>
								{t('app.cancel')}
							</a>
							<button class="button button--primary" type="submit">
								{t('bundle.applySubmit')}
							</button>
						</form>
					</section>
				)}
			</div>
		</Page>
	);
}
