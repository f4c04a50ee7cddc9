import type { PersonLogin } from '../../../../gateway/services/own-access/person-logins.ts';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { Act } from '../operators/act-form.tsx';
import { type Handed, HandedOver, MailLine } from '../operators/operator-page.tsx';
import { StatePill } from '../operators/operators-page.tsx';
import type { MineAnswer } from './my-access-page.tsx';

export function personLoginHref(holderId: string): string {
	return `/holders/${encodeURIComponent(holderId)}/login`;
}

interface PersonLoginProps {
	readonly ui: Ui;
	readonly holderId: string;
	readonly login: PersonLogin | null;
	readonly answer?: MineAnswer | undefined;
	readonly handed?: Handed | undefined;
}

/** The login by which a person sees and does their own: given, given again, taken away. */
export function PersonLoginPage({ ui, holderId, login, answer, handed }: PersonLoginProps) {
	const { t, formats } = ui;
	const path = personLoginHref(holderId);
	const person = `/holders/${encodeURIComponent(holderId)}`;
	return (
		<Page
			ui={ui}
			title={t('login.person')}
			aside={login === null ? undefined : <StatePill ui={ui} state={login.state} />}
			back={{ href: person, label: ui.directory.faces.holders.title }}
		>
			<div class="mine">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{handed !== undefined && <HandedOver ui={ui} handed={handed} />}
				<section class="card" aria-label={t('login.person')}>
					{login === null ? (
						<>
							<p>{t('login.personNone')}</p>
							<Act {...{ ui, action: path, label: t('login.personInvite'), hint: t('login.personInviteHint') }} />
						</>
					) : (
						<>
							<p>
								<Untrusted ui={ui} text={ui.may('personalData:read') ? login.email : '•••'} />
							</p>
							<p class="muted">
								{login.lastLoginAtMs === null
									? t('operators.neverSignedIn')
									: t('operators.lastLogin', { at: formats.full(login.lastLoginAtMs) })}
							</p>
							{login.mail !== null && <MailLine ui={ui} mail={login.mail} />}
							{login.isSimple ? (
								<>
									<Act {...{ ui, action: path, label: t('login.personCode'), hint: t('login.personCodeHint') }} />
									<Act
										{...{ ui, action: `${path}/remove`, label: t('login.personRemove') }}
										hint={t('login.personRemoveHint')}
										sure
									/>
								</>
							) : (
								<p>{t('login.personNotSimple')}</p>
							)}
						</>
					)}
				</section>
			</div>
		</Page>
	);
}
