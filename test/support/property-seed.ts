import process from 'node:process';
import fc from 'fast-check';

/**
 * Loaded before every test file: properties draw the same values in every run, so that a run that fails tells of a change.
 * `npm run soak` draws others each time.
 */
fc.configureGlobal({ seed: Number(process.env['PARKGATE_PROPERTY_SEED'] ?? 1) });
