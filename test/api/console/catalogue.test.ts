import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/api/console/catalogue/message.ts';
import { ruleName } from '../../../src/api/console/catalogue/rules/rule-names.ts';
import { CATALOGUES, createTranslate, LANGUAGES } from '../../../src/api/console/catalogue/translator.ts';
import { REASONS } from '../../../src/gateway/core/reason.ts';

const entries = (language: (typeof LANGUAGES)[number]): Readonly<Record<string, Message>> => CATALOGUES[language];
const forms = (message: Message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('every word of the console', () => {
	test.each(LANGUAGES)('is there in %s, for the same keys and with the same placeholders', (language) => {
		const english = entries('en');
		const other = entries(language);
		expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort());
		for (const [key, message] of Object.entries(english)) {
			const translated = other[key] ?? '';
			const expected = placeholders(forms(message).at(-1) ?? '');
			for (const form of forms(translated)) {
				expect(form.trim(), `${language} ${key}`).not.toBe('');
				expect(placeholders(form), `${language} ${key}`).toEqual(expected);
			}
		}
	});

	test.each(LANGUAGES)('names every rule in %s', (language) => {
		for (const code of REASONS) expect(ruleName(code, language), code).toMatch(/^\p{Lu}.{5,}[^.]$/u);
	});

	test('is no longer English where it is French or Dutch', () => {
		// One word alone may be the same in both ("Version {version}"); a sentence is not.
		const isSentence = (message: Message) =>
			/\S\s+\S/.test(
				forms(message)
					.join(' ')
					.replaceAll(/\{\w+\}/g, ''),
			);
		const same = Object.entries(entries('en')).filter(
			([key, message]) => isSentence(message) && entries('fr')[key] === message,
		);
		expect(same).toEqual([]);
	});
});

describe('a message with a number', () => {
	test('chooses its plural as the language does: French says zero in the singular', () => {
		expect(createTranslate('en')('live.problems', { count: 0 })).toBe('0 problems');
		expect(createTranslate('fr')('live.problems', { count: 0 })).toBe('0 problème');
		expect(createTranslate('nl')('live.problems', { count: 1 })).toBe('1 probleem');
	});

	test('writes the number as it is written there', () => {
		expect(createTranslate('en')('sync.events', { count: 12_345 })).toBe('12,345 events');
		expect(createTranslate('nl')('sync.events', { count: 12_345 })).toBe('12.345 gebeurtenissen');
	});

	test('fills a value in once: braces within a value stay what they are', () => {
		expect(createTranslate('en')('vend.title', { lane: '{lane} $& North' })).toBe(
			'Open the barrier of {lane} $& North',
		);
	});
});
