import type { Visit, VisitSpecification, VisitState } from '../../../../gateway/services/visitors/visit.ts';
import { type Language, LOCALES } from '../../catalogue/translator.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Pill, type Status } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

const STATES: Readonly<Record<VisitState, Status>> = {
	coming: { tone: 'active', icon: 'clock', label: 'visitor.state.coming' },
	now: { tone: 'good', icon: 'check', label: 'visitor.state.now' },
	over: { tone: 'quiet', icon: 'dash', label: 'visitor.state.over' },
	blocked: { tone: 'bad', icon: 'stop', label: 'visitor.state.blocked' },
};

export function VisitStatePill({ ui, state }: { ui: Ui; state: VisitState }) {
	const { tone, icon, label } = STATES[state];
	return (
		<Pill tone={tone} icon={icon}>
			{ui.t(label)}
		</Pill>
	);
}

export const CREDENTIAL_ICONS = { plate: 'plate', tag: 'tag', qr: 'qr', pin: 'lock' } as const satisfies Readonly<
	Record<string, IconName>
>;

/** What opens is never shown of codes. */
export function CredentialLine({ ui, credential }: { ui: Ui; credential: Visit['credential'] }) {
	const { t } = ui;
	if (credential === null) return <span class="muted">{t('visitor.noCredential')}</span>;
	const { kind, value, label } = credential;
	const isSecret = kind === 'qr' || kind === 'pin';
	const shown = label ?? (isSecret ? null : value);
	return (
		<span class="carried-by">
			<Icon name={CREDENTIAL_ICONS[kind]} size="small" />
			<span class="visually-hidden">{t(`visitor.kind.${kind}`)}</span>
			{shown === null ? (
				<span>{t(`visitor.kind.${kind}`)}</span>
			) : (
				<span class="subject">
					<Untrusted ui={ui} text={shown} />
				</span>
			)}
		</span>
	);
}

/** In words and the site's time: `Tuesday 16 June 2026, 09:00–18:00`. */
export function validityWords(
	{ validFromMs, validToMs }: Pick<Visit, 'validFromMs' | 'validToMs'>,
	{ language, timeZone, always }: { readonly language: Language; readonly timeZone: string; readonly always: string },
): string {
	const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'full', timeStyle: 'short', timeZone });
	if (validToMs === null) return validFromMs === null ? always : `${format.format(validFromMs)} – ${always}`;
	return validFromMs === null ? `– ${format.format(validToMs)}` : format.formatRange(validFromMs, validToMs);
}

/** The same, short: the day only where it differs. */
export function shortValidity(ui: Ui, { validFromMs, validToMs }: Pick<Visit, 'validFromMs' | 'validToMs'>): string {
	const format = new Intl.DateTimeFormat(LOCALES[ui.language], {
		...{ timeZone: ui.site.timeZone, hourCycle: 'h23' },
		...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
	});
	if (validToMs === null) {
		return validFromMs === null
			? ui.t('visitor.always')
			: `${format.format(validFromMs)} – ${ui.t('visitor.always').toLocaleLowerCase(LOCALES[ui.language])}`;
	}
	return validFromMs === null ? `– ${format.format(validToMs)}` : format.formatRange(validFromMs, validToMs);
}

/** Where a kind of visit leads, and how often. */
export function allowedWords(ui: Ui, { areaIds, useLimit }: Pick<VisitSpecification, 'areaIds' | 'useLimit'>): string {
	const { t } = ui;
	const areas = areaIds.length === 0 ? t('visitor.everywhere') : areaIds.map((id) => ui.areaName(id)).join(', ');
	const uses = useLimit === null ? t('visitor.anyTimes') : t('visitor.times', { count: useLimit });
	return t('visitor.allows', { areas, uses });
}
