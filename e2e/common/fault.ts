import { tidyUp } from "./tidy-up.ts";

/** Something that breaks a part of the stack or of what it needs. */
export interface Fault<Ongoing extends OngoingFault = OngoingFault> {
	/** As a clause for reports: "Doppler is away". */
	readonly name: string;
	/** Breaks it. Disposing of the result mends it; doing that twice is harmless. */
	begin(): Promise<Ongoing>;
}

/**
 * A fault that has begun: `await using outage = await fault.begin()`. A test that is about what happens afterwards ends
 * it itself; the end of the scope mends what a failed test has left broken.
 */
export interface OngoingFault extends AsyncDisposable {
	/** Mends it. Ending it twice is harmless; after an error the next call tries again. */
	end(): Promise<void>;
}

/** A fault that cannot be undone: a process is killed, a volume is destroyed. */
export interface IrreversibleFault<T = void> {
	/** As a clause for reports: "node large is destroyed". */
	readonly name: string;
	/** Breaks it. @returns what a test has to know about the damage */
	inflict(): Promise<T>;
}

/**
 * The second half of a fault.
 *
 * @param name the fault's
 * @param mend undoes it. When it fails, `end` throws, but disposing only reports it: what a test leaves behind says
 * nothing about the claim that it tests.
 */
export function makeOngoing(
	name: string,
	mend: () => Promise<unknown>,
): OngoingFault {
	let mending: Promise<unknown> | undefined;
	const end = async () => {
		mending ??= mend();
		try {
			await mending;
			ongoing.delete(fault);
		} catch (error) {
			mending = undefined;
			throw error;
		}
	};
	const endQuietly = tidyUp(`the end of: ${name}`, end);
	const fault: OngoingFault = {
		end,
		[Symbol.asyncDispose]: async () => {
			// A test that comes to its end has ended its faults itself.
			if (ongoing.has(fault)) await lookFirst?.();
			await endQuietly();
		},
	};
	ongoing.add(fault);
	return fault;
}

const ongoing = new Set<OngoingFault>();
let lookFirst: (() => Promise<void>) | undefined;

/** Has `look` called before a fault is mended that its test has not ended: the test has failed. */
export function lookBeforeMending(look: () => Promise<void>): void {
	lookFirst = look;
}

/** Mends what a test has left broken that was abandoned in its middle, as after its time-out. */
export async function endOngoingFaults(): Promise<void> {
	for (const fault of [...ongoing]) await fault[Symbol.asyncDispose]();
}

/**
 * A fault of two steps that are each other's opposite. A `begin` that fails half way mends what it broke.
 *
 * @param mend must be harmless where nothing is broken
 */
export function makeFault(
	name: string,
	breakIt: () => Promise<unknown>,
	mend: () => Promise<unknown>,
): Fault {
	return {
		name,
		begin: async () => {
			const ongoing = makeOngoing(name, mend);
			try {
				await breakIt();
			} catch (error) {
				await ongoing[Symbol.asyncDispose]();
				throw error;
			}
			return ongoing;
		},
	};
}
