import { type Answer, createAskingDialect, type Question } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect, Taken } from '../tag-readers/dialect.ts';
import { WIEGAND_FORMATS, type WiegandFormat } from '../wiegand/formats.ts';
import { cardOf } from './card.ts';
import type { HidPcproxConfig } from './config.ts';
import {
	COMMAND,
	decodeInfo,
	decodeStripped,
	encodeCommand,
	isNothing,
	type PcproxCommand,
	type PcproxExchange,
	type StrippedBits,
} from './frame.ts';

/** Two control transfers to a slow device. */
const TIMEOUT_MS = 1_000;
/** As rf IDeas deliver it. */
const USUALLY_STRIPPED: StrippedBits = { leading: 1, trailing: 1 };

type Reads = Pick<Taken, 'reads' | 'rejected'>;

export function createPcproxDialect(config: HidPcproxConfig): ReaderDialect<PcproxExchange> {
	const formats = config.cards.map((name) => WIEGAND_FORMATS[name]);
	const cards = createCardReads(formats);
	let identity: Readonly<Record<string, string>> = {};

	function ask(command: PcproxCommand, take: (answer: Uint8Array) => void): Question<PcproxExchange> {
		return {
			request: () => ({ bytes: encodeCommand(command), timeoutMs: TIMEOUT_MS, pauseMs: 0 }),
			take: (frame) => answered(frame, command, take),
		};
	}

	const look: Question<PcproxExchange> = {
		request: () => ({ bytes: encodeCommand(COMMAND.card), timeoutMs: TIMEOUT_MS, pauseMs: config.pollMs }),
		take({ command, answer }) {
			if (command === COMMAND.cardInfo) return 'end';
			if (command !== COMMAND.card) return 'none';
			return isNothing(answer) ? 'end' : 'more';
		},
	};

	return createAskingDialect<PcproxExchange>({
		owns: () => true,
		opening: [
			ask(COMMAND.info, (answer) => {
				identity = decodeInfo(answer);
			}),
			ask(COMMAND.page0, (answer) => cards.setStripped(decodeStripped(answer))),
		],
		inventory: look,
		readsOf: cards.take,
		forget() {
			identity = {};
			cards.forget();
		},
		fault: () => undefined,
		identity: () => ({ ...identity, 'parity bits taken away': cards.strippedWords() }),
	});
}

function answered(frame: PcproxExchange, command: PcproxCommand, take: (answer: Uint8Array) => void): Answer {
	if (frame.command !== command) return 'none';
	take(frame.answer);
	return 'end';
}

/** Puts bits and length of a card together. */
function createCardReads(formats: readonly WiegandFormat[]) {
	let stripped = USUALLY_STRIPPED;
	/** Bits whose length has not come. */
	let buffer: Uint8Array | undefined;
	return {
		setStripped(next: StrippedBits) {
			stripped = next;
		},
		strippedWords: () => `${stripped.leading} in front, ${stripped.trailing} at the end`,
		forget() {
			buffer = undefined;
		},
		take({ command, answer, bytes }: PcproxExchange): Reads {
			if (command === COMMAND.card) {
				buffer = isNothing(answer) ? undefined : answer;
				return {};
			}
			if (command !== COMMAND.cardInfo || buffer === undefined) return {};
			const card = cardOf(buffer, answer[0] ?? 0, stripped, formats);
			buffer = undefined;
			if (isNothing(answer)) return {};
			if (answer[0] !== answer[1]) return { rejected: 'its length is told in two ways' };
			if (card.result === 'wrong') return { rejected: card.why };
			const { tag, label } = card;
			return { reads: [{ tag, ...(label !== undefined && { label }), raw: bytes }] };
		},
	};
}

/** Of one capture; of an unknown reader with rf IDeas' usual settings and H10301. */
export function createPcproxExplainer(
	config: Pick<HidPcproxConfig, 'cards'> = { cards: ['H10301'] },
): (frame: PcproxExchange) => Explained {
	const cards = createCardReads(config.cards.map((name) => WIEGAND_FORMATS[name]));
	return (frame) => {
		if (frame.command === COMMAND.page0) cards.setStripped(decodeStripped(frame.answer));
		const fields = {
			command: `0x${frame.command.toString(16)}`,
			answer: frame.answer.toHex(),
			...(frame.command === COMMAND.info && decodeInfo(frame.answer)),
		};
		return { fields, ...cards.take(frame) };
	};
}
