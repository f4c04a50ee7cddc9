import { parentPort, workerData } from 'node:worker_threads';
import { parseConfigInPlaceOf } from './configuration.ts';
import type { TextToParse } from './parse-config-beside.ts';

/** Parses one text and ends; see `parse-config-beside.ts`. */
const { file, text, present } = workerData as TextToParse;
parentPort?.postMessage(parseConfigInPlaceOf(file, text, present === undefined ? {} : { present }));
