import type { Language } from '../../../gateway/core/reason-texts/reason-text.ts';
import { accountEn } from './account/en.ts';
import { accountFr } from './account/fr.ts';
import { accountNl } from './account/nl.ts';
import { activityEn } from './activity/en.ts';
import { activityFr } from './activity/fr.ts';
import { activityNl } from './activity/nl.ts';
import { analyticsEn } from './analytics/en.ts';
import { analyticsFr } from './analytics/fr.ts';
import { analyticsNl } from './analytics/nl.ts';
import { bookingsEn } from './bookings/en.ts';
import { bookingsFr } from './bookings/fr.ts';
import { bookingsNl } from './bookings/nl.ts';
import { configurationEn } from './configuration/en.ts';
import { configurationFr } from './configuration/fr.ts';
import { configurationNl } from './configuration/nl.ts';
import { connectorsEn } from './connectors/en.ts';
import { connectorsFr } from './connectors/fr.ts';
import { connectorsNl } from './connectors/nl.ts';
import { controlEn } from './control/en.ts';
import { controlFr } from './control/fr.ts';
import { controlNl } from './control/nl.ts';
import { countingEn } from './counting/en.ts';
import { countingFr } from './counting/fr.ts';
import { countingNl } from './counting/nl.ts';
import { credentialsOfOperatorsEn } from './credentials/en.ts';
import { credentialsOfOperatorsFr } from './credentials/fr.ts';
import { credentialsOfOperatorsNl } from './credentials/nl.ts';
import { directoryPagesEn } from './directory/en.ts';
import { directoryPagesFr } from './directory/fr.ts';
import { directoryPagesNl } from './directory/nl.ts';
import { equipmentEn } from './equipment/en.ts';
import { equipmentFr } from './equipment/fr.ts';
import { equipmentNl } from './equipment/nl.ts';
import { explainEn } from './explain/en.ts';
import { explainFr } from './explain/fr.ts';
import { explainNl } from './explain/nl.ts';
import { fieldEn } from './field/en.ts';
import { fieldFr } from './field/fr.ts';
import { fieldNl } from './field/nl.ts';
import { fleetEn } from './fleet/en.ts';
import { fleetFr } from './fleet/fr.ts';
import { fleetNl } from './fleet/nl.ts';
import { glossaryEn } from './glossary/en.ts';
import { glossaryFr } from './glossary/fr.ts';
import { glossaryNl } from './glossary/nl.ts';
import { handOverEn } from './hand-over/en.ts';
import { handOverFr } from './hand-over/fr.ts';
import { handOverNl } from './hand-over/nl.ts';
import { importsEn } from './imports/en.ts';
import { importsFr } from './imports/fr.ts';
import { importsNl } from './imports/nl.ts';
import { licencesEn } from './licences/en.ts';
import { licencesFr } from './licences/fr.ts';
import { licencesNl } from './licences/nl.ts';
import { linkTestEn } from './link-test/en.ts';
import { linkTestFr } from './link-test/fr.ts';
import { linkTestNl } from './link-test/nl.ts';
import { liveEn } from './live/en.ts';
import { liveFr } from './live/fr.ts';
import { liveNl } from './live/nl.ts';
import { logEn } from './log/en.ts';
import { logFr } from './log/fr.ts';
import { logNl } from './log/nl.ts';
import { maintenanceEn } from './maintenance/en.ts';
import { maintenanceFr } from './maintenance/fr.ts';
import { maintenanceNl } from './maintenance/nl.ts';
import { marketingEn } from './marketing/en.ts';
import { marketingFr } from './marketing/fr.ts';
import { marketingNl } from './marketing/nl.ts';
import type { Message, Placeholders, Translated } from './message.ts';
import { moderationEn } from './moderation/en.ts';
import { moderationFr } from './moderation/fr.ts';
import { moderationNl } from './moderation/nl.ts';
import { myAccessEn } from './my-access/en.ts';
import { myAccessFr } from './my-access/fr.ts';
import { myAccessNl } from './my-access/nl.ts';
import { operatorGroupsEn } from './operator-groups/en.ts';
import { operatorGroupsFr } from './operator-groups/fr.ts';
import { operatorGroupsNl } from './operator-groups/nl.ts';
import { operatorsEn } from './operators/en.ts';
import { operatorsFr } from './operators/fr.ts';
import { operatorsNl } from './operators/nl.ts';
import { paymentEn } from './payment/en.ts';
import { paymentFr } from './payment/fr.ts';
import { paymentNl } from './payment/nl.ts';
import { permissionsEn } from './permissions/en.ts';
import { permissionsFr } from './permissions/fr.ts';
import { permissionsNl } from './permissions/nl.ts';
import { privacyEn } from './privacy/en.ts';
import { privacyFr } from './privacy/fr.ts';
import { privacyNl } from './privacy/nl.ts';
import { shellEn } from './shell/en.ts';
import { shellFr } from './shell/fr.ts';
import { shellNl } from './shell/nl.ts';
import { startEn } from './start/en.ts';
import { startFr } from './start/fr.ts';
import { startNl } from './start/nl.ts';
import { visitorsEn } from './visitors/en.ts';
import { visitorsFr } from './visitors/fr.ts';
import { visitorsNl } from './visitors/nl.ts';

export type { Language };
export const LANGUAGES: readonly Language[] = ['en', 'fr', 'nl'];

/** How each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français', nl: 'Nederlands' };

/** Dates and numbers as they are written around the site. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-BE', nl: 'nl-BE' };

/** English is what the others are measured against: a key they lack, or have too much, is a type error. */
const en = {
	...shellEn,
	...directoryPagesEn,
	...visitorsEn,
	...fieldEn,
	...bookingsEn,
	...startEn,
	...importsEn,
	...connectorsEn,
	...liveEn,
	...logEn,
	...equipmentEn,
	...linkTestEn,
	...controlEn,
	...countingEn,
	...explainEn,
	...glossaryEn,
	...paymentEn,
	...privacyEn,
	...operatorsEn,
	...permissionsEn,
	...accountEn,
	...myAccessEn,
	...credentialsOfOperatorsEn,
	...operatorGroupsEn,
	...licencesEn,
	...moderationEn,
	...handOverEn,
	...activityEn,
	...analyticsEn,
	...marketingEn,
	...configurationEn,
	...maintenanceEn,
	...fleetEn,
} as const;
type English = typeof en;

export const CATALOGUES: Readonly<Record<Language, Translated<English>>> = {
	en,
	fr: {
		...shellFr,
		...directoryPagesFr,
		...visitorsFr,
		...fieldFr,
		...bookingsFr,
		...startFr,
		...importsFr,
		...connectorsFr,
		...liveFr,
		...logFr,
		...equipmentFr,
		...linkTestFr,
		...controlFr,
		...countingFr,
		...explainFr,
		...glossaryFr,
		...paymentFr,
		...privacyFr,
		...operatorsFr,
		...permissionsFr,
		...accountFr,
		...myAccessFr,
		...credentialsOfOperatorsFr,
		...operatorGroupsFr,
		...licencesFr,
		...moderationFr,
		...handOverFr,
		...activityFr,
		...analyticsFr,
		...marketingFr,
		...configurationFr,
		...maintenanceFr,
		...fleetFr,
	},
	nl: {
		...shellNl,
		...directoryPagesNl,
		...visitorsNl,
		...fieldNl,
		...bookingsNl,
		...startNl,
		...importsNl,
		...connectorsNl,
		...liveNl,
		...logNl,
		...equipmentNl,
		...linkTestNl,
		...controlNl,
		...countingNl,
		...explainNl,
		...glossaryNl,
		...paymentNl,
		...privacyNl,
		...operatorsNl,
		...permissionsNl,
		...accountNl,
		...myAccessNl,
		...credentialsOfOperatorsNl,
		...operatorGroupsNl,
		...licencesNl,
		...moderationNl,
		...handOverNl,
		...activityNl,
		...analyticsNl,
		...marketingNl,
		...configurationNl,
		...maintenanceNl,
		...fleetNl,
	},
};

export type MessageKey = keyof English;

type Values<K extends MessageKey> = [Placeholders<English[K]>] extends [never]
	? []
	: [Readonly<Record<Placeholders<English[K]>, string | number>>];

/** Keys of messages without placeholders: what tables of labels name. */
export type LabelKey = {
	[K in MessageKey]: [Placeholders<English[K]>] extends [never] ? K : never;
}[MessageKey];

/** Looks a message up and fills it in; a plural is chosen by `count`. The result is text: it is escaped where it is put on a page. */
export type Translate = <K extends MessageKey>(key: K, ...values: Values<K>) => string;

export function createTranslate(language: Language): Translate {
	const catalogue = CATALOGUES[language];
	const plurals = new Intl.PluralRules(LOCALES[language]);
	const numbers = new Intl.NumberFormat(LOCALES[language]);
	return (key, ...[values]) => {
		const filled: Readonly<Record<string, string | number>> = values ?? {};
		const message: Message = catalogue[key];
		const template = typeof message === 'string' ? message : message[pluralForm(plurals, filled['count'])];
		return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
			const value = filled[name] ?? placeholder;
			return typeof value === 'number' ? numbers.format(value) : value;
		});
	};
}

/** French has a third form for millions; it reads like the plural. */
function pluralForm(plurals: Intl.PluralRules, count: string | number | undefined): 'one' | 'other' {
	return plurals.select(Number(count ?? 0)) === 'one' ? 'one' : 'other';
}
