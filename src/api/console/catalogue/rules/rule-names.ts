import type { ReasonCode } from '../../../../gateway/core/reason.ts';
import type { Language } from '../translator.ts';
import { ruleNamesEn } from './en.ts';
import { ruleNamesFr } from './fr.ts';
import { ruleNamesNl } from './nl.ts';

const NAMES: Readonly<Record<Language, Readonly<Record<ReasonCode, string>>>> = {
	en: ruleNamesEn,
	fr: ruleNamesFr,
	nl: ruleNamesNl,
};

export function ruleName(rule: ReasonCode, language: Language): string {
	return NAMES[language][rule];
}
