import { setImmediate as turn } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../core/gateway-error.ts';
import { createDirectoryFile, type DirectoryFile, followDelta, openDirectoryFile } from './directory-file.ts';
import type {
	DirectoryAsk,
	DirectoryCommand,
	DirectoryCommands,
	DirectoryReply,
	DirectoryWorkerData,
	SealAnswer,
} from './directory-messages.ts';
import { createDirectoryRepair } from './directory-repair.ts';
import { createDirectoryStaging, type DirectoryStaging, removeDatabase } from './directory-staging.ts';
import type { DirectoryWriter } from './directory-writer.ts';

type Ask<C extends DirectoryCommand> = DirectoryCommands[C]['ask'];
type Answer<C extends DirectoryCommand> = DirectoryCommands[C]['answer'];
type Handlers = { [C in DirectoryCommand]: (ask: Ask<C>) => Answer<C> | Promise<Answer<C>> };

/**
 * Writes central's rows: deltas to the live file, snapshots to a new one. While a snapshot is staged or
 * sealed, deltas go to both files, so that the swap loses none.
 */
function createHandlers({ liveFile }: DirectoryWorkerData): Handlers {
	let live = openDirectoryFile(liveFile);
	let staging: DirectoryStaging | undefined;
	/** Why the staged file was given up; told at the next call for it. */
	let failure: unknown;
	let sealed: DirectoryFile | undefined;
	let isClosed = false;
	const repair = createDirectoryRepair(() => (isClosed ? undefined : live));

	function discard(): null {
		failure = undefined;
		staging?.discard();
		staging = undefined;
		if (sealed !== undefined) {
			sealed.close();
			removeDatabase(sealed.path);
			sealed = undefined;
		}
		return null;
	}

	/** A staged file that could not take something is worth nothing. */
	function onStaged<T>(work: (staged: DirectoryStaging) => T): T {
		if (staging === undefined) throw failure ?? new GatewayError('CONFLICT', 'no snapshot is being staged');
		try {
			return work(staging);
		} catch (error) {
			discard();
			throw error;
		}
	}

	function followStaged(change: (writer: DirectoryWriter) => void): void {
		try {
			onStaged((staged) => staged.follow(change));
		} catch (error) {
			failure = error;
		}
	}

	function delta({ delta: change, atMs }: Ask<'delta'>): Answer<'delta'> {
		// Sealed first: a delta that only one file took is refused, and taken by the other when it comes again.
		sealed?.applyDelta(change, atMs);
		const answer = live.applyDelta(change, atMs);
		if (answer.result === 'applied') repair.applied(change);
		if (answer.result === 'applied' && staging !== undefined && staging.start.stream !== change.stream) {
			followStaged((writer) => followDelta(writer, change));
		}
		return answer;
	}

	/** In slices: a revocation that comes meanwhile waits for one of them, not for all. */
	async function seal(): Promise<SealAnswer> {
		const staged = onStaged((current) => current);
		const problem = onStaged((current) => current.problem());
		if (problem !== undefined) {
			discard();
			return { result: 'refused', problem };
		}
		while (staging === staged && onStaged((current) => current.completeSlice())) await turn();
		if (staging !== staged) throw failure ?? new GatewayError('CONFLICT', 'the snapshot was abandoned');
		const { stream, rev } = staged.start;
		const answer = { file: staged.path, stream, rev, root: staged.root(), parked: onStaged((it) => it.parked()) };
		sealed = onStaged((current) => createDirectoryFile(current.seal(), current.path));
		staging = undefined;
		return { result: 'sealed', ...answer };
	}

	return {
		delta,
		deny({ delta: later }) {
			sealed?.deny(later);
			live.deny(later);
			if (staging !== undefined && staging.start.stream !== later.stream) followStaged((writer) => writer.deny(later));
			return null;
		},
		begin({ start, file, atMs }) {
			const isSame = staging?.path === file && JSON.stringify(staging.start) === JSON.stringify(start);
			if (!isSame) {
				discard();
				staging = createDirectoryStaging(file, live.path, start, atMs);
			}
			return { chunks: staging?.chunks() ?? 0 };
		},
		push({ rows }) {
			onStaged((staged) => staged.push(rows));
			return null;
		},
		seal,
		adopt() {
			if (sealed === undefined) throw new GatewayError('CONFLICT', 'no snapshot is sealed');
			live.close();
			live = sealed;
			sealed = undefined;
			return null;
		},
		abandon: discard,
		verify: ({ stream }) => repair.verify(stream),
		mend: ({ mend }) => repair.mend(mend),
		checkpoint() {
			live.checkpoint();
			return null;
		},
		close() {
			isClosed = true;
			if (staging?.start.snapshotId !== undefined) {
				staging.pause();
				staging = undefined;
			}
			discard();
			live.checkpoint();
			live.close();
			return null;
		},
	};
}

function serve(port: MessagePort, handlers: Handlers): void {
	const handle = <C extends DirectoryCommand>(command: C, ask: Ask<C>) => handlers[command](ask);
	const reply = (message: DirectoryReply) => port.postMessage(message);
	port.on('message', async ({ id, command, ask }: DirectoryAsk) => {
		try {
			reply({ id, answer: await handle(command, ask) });
		} catch (error) {
			const { code, message } =
				error instanceof GatewayError ? error : new GatewayError('INTERNAL', String(error), { cause: error });
			reply({ id, error: { code, message } });
		}
		if (command === 'close') port.close();
	});
}

if (parentPort !== null) serve(parentPort, createHandlers(workerData as DirectoryWorkerData));
