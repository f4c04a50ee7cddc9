import { parentPort } from 'node:worker_threads';
import { serveThread } from '../../store/thread-server.ts';
import type { PdfCommands } from './pdf-messages.ts';
import { printHandOver } from './print-hand-over.ts';

if (parentPort !== null) serveThread<PdfCommands>(parentPort, { handOver: printHandOver, close: () => null });
