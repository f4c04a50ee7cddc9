import type { IconName } from '../../components/icon.tsx';
import type { Tone } from '../../components/status.tsx';

/** What a state of a row means to the reader; other choices are plain words. */
const TONES: Readonly<Record<string, { readonly tone: Tone; readonly icon: IconName }>> = {
	active: { tone: 'good', icon: 'check' },
	inactive: { tone: 'quiet', icon: 'dash' },
	blocked: { tone: 'bad', icon: 'stop' },
	disabled: { tone: 'quiet', icon: 'dash' },
	lost: { tone: 'warning', icon: 'question' },
	stolen: { tone: 'bad', icon: 'stop' },
	suspended: { tone: 'warning', icon: 'dash' },
	planned: { tone: 'active', icon: 'clock' },
	released: { tone: 'quiet', icon: 'dash' },
};

/** The field that says whether a row acts. */
export function isStateField(field: string): boolean {
	return field === 'status' || field === 'state';
}

export function toneOf(value: string): { readonly tone: Tone; readonly icon: IconName } {
	return TONES[value] ?? { tone: 'quiet', icon: 'dash' };
}
