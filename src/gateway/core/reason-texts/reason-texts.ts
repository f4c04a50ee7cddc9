import type { ReasonCode } from '../reason.ts';

/** Per reason: cause, advice. */
export type ReasonTexts = Readonly<Record<ReasonCode, readonly [cause: string, advice: string]>>;
