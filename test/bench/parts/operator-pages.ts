import type { Part } from '../figure.ts';
import { loadJsx } from '../load-jsx.ts';

/** Pages of the console among 100,000 operators in 10,000 groups, as the HTTP face answers them, rendered. */
export const operatorPages: Part = {
	name: 'operator-pages',
	limitS: 300,
	async run() {
		loadJsx();
		const { measureOperatorPages } = await import('../measure-operator-pages.ts');
		return measureOperatorPages();
	},
};
