import type { ReasonCode } from '../reason.ts';
import { dutch } from './dutch.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import type { ReasonTexts } from './reason-texts.ts';

export type Language = 'en' | 'fr' | 'nl';

/** What a receptionist tells the person at the barrier, and what can be done about it. */
export interface ReasonText {
	readonly cause: string;
	readonly advice: string;
}

const TEXTS: Readonly<Record<Language, ReasonTexts>> = { en: english, fr: french, nl: dutch };

export function reasonText(code: ReasonCode, language: Language): ReasonText {
	const [cause, advice] = TEXTS[language][code];
	return { cause, advice };
}
