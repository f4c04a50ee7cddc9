import { hash } from 'node:crypto';
import { createJournalChain } from '../core/journal-chain.ts';

/** The chain of `core/journal-chain.ts` with this machine's SHA-256. */
export const { chainStart, commitmentOf, nextChain } = createJournalChain((bytes) => hash('sha256', bytes, 'buffer'));
