/** What a configuration would change for one part of the site. */
export interface ConfigurationChange {
	readonly part: 'lane' | 'device' | 'park' | 'area' | 'setting';
	/** Of the part; of a setting its section. */
	readonly id: string;
	/** `rewired`: other devices, inputs, outputs or places; `changed`: only how it behaves. */
	readonly change: 'added' | 'removed' | 'rewired' | 'changed';
	/** Of a part that is in both; never their values. */
	readonly fields: readonly string[];
}

/** Something wrong or doubtful in a configuration; never holds a secret's value. */
export interface ConfigurationProblem {
	readonly severity: 'error' | 'warning';
	/** From 1; null where there is no text to point at. */
	readonly line: number | null;
	readonly column: number | null;
	/** Such as `devices[0].port`; empty: the whole document. */
	readonly path: string;
	/** All of it: `gateway.yaml:12:5: devices[0].port: found …, expected …. Do ….` */
	readonly text: string;
	readonly fix: string;
}

/** What `check-config` would say of a text, and what would change with it. */
export type CheckedConfiguration =
	| {
			readonly result: 'valid';
			readonly changes: readonly ConfigurationChange[];
			readonly warnings: readonly ConfigurationProblem[];
	  }
	| { readonly result: 'invalid'; readonly problems: readonly ConfigurationProblem[] };

/** `lane L1 rewired (barrier, loops.arming)`. */
export function changeInWords({ part, id, change, fields }: ConfigurationChange): string {
	return `${part} ${id} ${change}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`;
}
