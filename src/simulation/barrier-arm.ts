import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Lane } from '../gateway/core/site.ts';
import type { SiteHardware } from './site-hardware.ts';

export interface BarrierArm {
	isOpen(): boolean;
	/** The maintained contact keeps it up. */
	isHeld(): boolean;
	/** How often the opening contact closed: a driver waits for an opening after their own card. */
	openings(): number;
	/** The safety loop is wired to the barrier too: the arm never comes down on a vehicle. */
	setBoomOccupied(occupied: boolean): void;
	/** A hand or a car lifts it without an opening. */
	force(): void;
	/** A jammed arm stays where it is, whatever its contacts say. */
	jam(jammed: boolean): void;
}

export interface ArmTimes {
	readonly travelMs: number;
	/** Stays up this long after the boom was last clear. */
	readonly closeAfterMs: number;
	/** How often the relay contacts are looked at. */
	readonly watchMs: number;
}

const USUAL_ARM: ArmTimes = { travelMs: 1_200, closeAfterMs: 2_500, watchMs: 40 };

type Position = 'closed' | 'rising' | 'open' | 'falling';

/** A barrier as it hangs behind the relay: a pulse on its contact raises the arm, limit switches tell where it is. */
export function createBarrierArm(clock: Clock, hardware: SiteHardware, lane: Lane, times = USUAL_ARM): BarrierArm {
	let position: Position = 'closed';
	let contact = false;
	let held = false;
	let occupied = false;
	let jammed = false;
	let openings = 0;
	let move: Cancel | undefined;
	clock.after(times.watchMs, look);
	show();

	function look(): void {
		clock.after(times.watchMs, look);
		const on = isOn(lane.barrier);
		if (on && !contact) {
			openings += 1;
			rise();
		}
		contact = on;
		const holds = isOn(lane.hold);
		if (holds && !held) rise();
		held = holds;
	}

	function isOn(output: { readonly deviceId: string; readonly output: string } | undefined): boolean {
		return output !== undefined && hardware.outputs(output.deviceId)[output.output] === true;
	}

	function rise(): void {
		if (position === 'open') stayOpen();
		else go('rising', times.travelMs, stayOpen);
	}

	function stayOpen(): void {
		go('open', times.closeAfterMs, fall);
	}

	function fall(): void {
		if (occupied || held) stayOpen();
		else go('falling', times.travelMs, rest);
	}

	function rest(): void {
		position = 'closed';
		show();
	}

	function go(next: Position, durationMs: number, then: () => void): void {
		if (jammed) return;
		move?.();
		position = next;
		show();
		move = clock.after(durationMs, then);
	}

	function show(): void {
		setInput(lane.position.open, position === 'open');
		setInput(lane.position.closed, position === 'closed');
	}

	function setInput(ref: Lane['position']['open'], active: boolean): void {
		if (ref !== undefined) hardware.stimulate(ref.deviceId, `input ${ref.input} ${active ? 'on' : 'off'}`);
	}

	return {
		isOpen: () => position === 'open',
		isHeld: () => held,
		openings: () => openings,
		setBoomOccupied(now) {
			occupied = now;
			if (now && position === 'falling') rise();
		},
		force: rise,
		jam(now) {
			jammed = now;
			move?.();
			if (!now && position !== 'closed') rise();
		},
	};
}
