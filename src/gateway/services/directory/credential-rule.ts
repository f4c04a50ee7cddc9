import { LIMITS } from '../../core/limits.ts';
import { parseTag } from '../../core/tag.ts';
import type { RowRule } from './row-checks.ts';

const PIN = new RegExp(`^\\d{${LIMITS.pinDigitsFewest},${LIMITS.pinDigitsMost}}$`);

/** Values are matched as they stand: one that no reader and no keypad ever tells would silently open nothing. */
export const credentialRule: RowRule = ({ before, after }) => {
	const value = String(after?.['value']);
	if (after === null || (before?.['value'] === value && before['kind'] === after['kind'])) return [];
	switch (after['kind']) {
		case 'tag': {
			const tag = parseTag(value);
			if (tag === value) return [];
			const mend = `Send ${tag ?? 'hexadecimal digits, two a byte, such as 0F0368568B, or bits such as 26:9ADDDF00'}.`;
			return [problem('tag', 'is not written as readers tell tags', mend)];
		}
		case 'pin': {
			const digits = `${LIMITS.pinDigitsFewest} to ${LIMITS.pinDigitsMost} digits`;
			return PIN.test(value) ? [] : [problem('pin', `is no PIN of ${digits}`, `Send ${digits}.`)];
		}
		default:
			return [];
	}
};

function problem(because: 'tag' | 'pin', text: string, mend: string) {
	return { field: 'value', code: 'invalid', problem: text, detail: { because, mend } } as const;
}
