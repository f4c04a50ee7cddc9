import { LIMITS } from '../../../../gateway/core/limits.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { FrontPage } from '../../layout/front-page.tsx';
import type { Ui } from '../../ui.ts';
import { RevealButton } from './entrance-pages.tsx';

export const ACTIVATE_PATH = '/activate';

interface ActivatePageProps {
	readonly ui: Ui;
	readonly code: string;
	/** Whose code it is; null: it has to be typed first, or is nobody's. */
	readonly email: string | null;
	readonly problem?: string;
	/** What is wrong with the password. */
	readonly weak?: string;
}

/** Whoever was invited, or forgot their password, chooses one with the code that they were handed. */
export function ActivatePage({ ui, code, email, problem, weak }: ActivatePageProps) {
	const { t } = ui;
	return (
		<FrontPage ui={ui} title={t('activate.title')}>
			<p class="front__intro">
				{t('activate.intro')}
				{email !== null && (
					<>
						{' '}
						<strong>
							<Untrusted ui={ui} text={email} />
						</strong>
					</>
				)}
			</p>
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			<form class="stack" method="post" action={ACTIVATE_PATH}>
				<Field
					name="code"
					label={t('activate.code')}
					value={code}
					autocomplete="off"
					spellcheck={false}
					required
					maxLength={64}
					autofocus={code === ''}
				/>
				<Field
					name="password"
					type="password"
					label={t('activate.password')}
					hint={t('claim.passwordHint', { minimum: LIMITS.passwordMinimum })}
					error={weak}
					autocomplete="new-password"
					required
					minLength={LIMITS.passwordMinimum}
					maxLength={LIMITS.passwordLength}
					autofocus={code !== ''}
				>
					<RevealButton ui={ui} />
				</Field>
				<button class="button button--primary button--wide" type="submit">
					{t('activate.submit')}
				</button>
			</form>
		</FrontPage>
	);
}
