/** A text that depends on a number called `count`. */
export type Plural = { readonly one: string; readonly other: string };
export type Message = string | Plural;

/** What another language must bring for an English catalogue: the same keys, a plural where English has one. */
export type Translated<English extends Readonly<Record<string, Message>>> = {
	readonly [K in keyof English]: English[K] extends string ? string : Plural;
};

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
/** The `{placeholders}` of a message. */
export type Placeholders<M> = M extends string
	? NamesIn<M>
	: M extends { readonly other: infer Other extends string }
		? NamesIn<Other>
		: never;
