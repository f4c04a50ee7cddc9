import type { Language } from '../reason-texts/reason-text.ts';
import { dutch } from './dutch.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import type { Term, TermTexts } from './terms.ts';

const TEXTS: Readonly<Record<Language, TermTexts>> = { en: english, fr: french, nl: dutch };

/** A word of Parkgate in the reader's language. */
export function termText(term: Term, language: Language): { readonly name: string; readonly meaning: string } {
	const [name, meaning] = TEXTS[language][term];
	return { name, meaning };
}
