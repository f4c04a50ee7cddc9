import { CSRF_FIELD } from '../../http/login-context.ts';
import { LANGUAGE_NAMES, LANGUAGES, type LabelKey } from '../catalogue/translator.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import type { PageUi } from '../page-ui.ts';
import { THEMES, type Theme } from '../preferences.ts';
import { roleWords } from '../role-words.ts';
import { plainUntrusted } from '../untrusted-text.ts';

/** The proof that our own page made the request, for every form of someone who is signed in. */
export function CsrfField({ ui }: { ui: PageUi }) {
	return ui.login === null ? null : <input type="hidden" name={CSRF_FIELD} value={ui.login.csrf} />;
}

/** Who is signed in, language, appearance, the way out. */
export function AccountMenu({ ui }: { ui: PageUi }) {
	const operator = ui.login?.operator;
	if (operator === undefined) return null;
	const name = plainUntrusted(operator.name);
	return (
		<details class="account" data-menu>
			<summary class="account__summary" aria-label={ui.t('account.signedInAs', { name })}>
				<Badge name={name} picture={ui.pictureHref} />
				<span class="account__who">
					<bdi class="account__name">{name}</bdi>
					<span class="account__role">{roleWords(ui, operator.roles)}</span>
				</span>
				<Icon name="chevron-down" size="small" />
			</summary>
			<div class="account__panel">
				<p class="account__signed-in">
					<bdi>{ui.t('account.signedInAs', { name })}</bdi>
					<span class="muted">{roleWords(ui, operator.roles)}</span>
				</p>
				<PreferenceForms ui={ui} />
				{ui.accountHref !== undefined && (
					<a class="button button--quiet button--wide" href={ui.accountHref}>
						<Icon name="person" />
						{ui.t('operators.account')}
					</a>
				)}
				<form method="post" action="/logout">
					<CsrfField ui={ui} />
					<button class="button button--quiet button--wide" type="submit">
						<Icon name="sign-out" />
						{ui.t('account.signOut')}
					</button>
				</form>
			</div>
		</details>
	);
}

/** Somebody's picture, or the letters their name begins with; their name stands beside it. */
export function Badge({ name, picture }: { name: string; picture: string | undefined }) {
	return picture === undefined ? (
		<span class="account__badge" aria-hidden="true">
			{initials(name)}
		</span>
	) : (
		<img class="account__badge" src={picture} alt="" width="32" height="32" />
	);
}

const THEME_LOOKS: Readonly<Record<Theme, { readonly label: LabelKey; readonly icon: IconName }>> = {
	auto: { label: 'theme.auto', icon: 'contrast' },
	light: { label: 'theme.light', icon: 'sun' },
	dark: { label: 'theme.dark', icon: 'moon' },
};

/** Language and appearance; each choice is a button of a plain form, so that it works without scripts. */
export function PreferenceForms({ ui }: { ui: PageUi }) {
	return (
		<div class="preferences">
			<form method="post" action={ui.login === null ? '/preferences/language' : '/account/language'}>
				<fieldset class="choice">
					<legend>{ui.t('account.language')}</legend>
					<CsrfField ui={ui} />
					<input type="hidden" name="back" value={ui.here} />
					<div class="choice__options">
						{LANGUAGES.map((language) => (
							<button
								type="submit"
								name="language"
								value={language}
								lang={language}
								class="choice__option"
								aria-pressed={language === ui.language ? 'true' : 'false'}
							>
								{LANGUAGE_NAMES[language]}
							</button>
						))}
					</div>
				</fieldset>
			</form>
			<form method="post" action="/preferences/theme">
				<fieldset class="choice">
					<legend>{ui.t('account.appearance')}</legend>
					<input type="hidden" name="back" value={ui.here} />
					<div class="choice__options">
						{THEMES.map((theme) => (
							<button
								type="submit"
								name="theme"
								value={theme}
								class="choice__option"
								aria-pressed={theme === ui.theme ? 'true' : 'false'}
							>
								<Icon name={THEME_LOOKS[theme].icon} size="small" />
								{ui.t(THEME_LOOKS[theme].label)}
							</button>
						))}
					</div>
				</fieldset>
			</form>
		</div>
	);
}

function initials(name: string): string {
	const words = name.split(/\s+/).filter((word) => word !== '');
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
		(word) => Array.from(word ?? '')[0] ?? '',
	);
	return letters.join('').toLocaleUpperCase();
}
