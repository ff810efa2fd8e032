import ora from "ora";
import type { Phase } from "./critical-path.ts";
import { print } from "./output/terminal.ts";
import { clean } from "./secrecy/redact.ts";

/** Shows a person what is going on, and records how long each phase took. */
export class Progress {
	readonly phases: Phase[] = [];
	/** What was printed so far, secrets blanked. */
	readonly lines: string[] = [];
	readonly #running = new Map<
		string,
		{ readonly began: number; readonly after: readonly string[] | undefined }
	>();
	readonly startedAt = new Date();
	readonly #spinner = ora({ stream: process.stderr, discardStdin: false });
	#ticker: NodeJS.Timeout | undefined;

	/**
	 * Runs `action` as a phase; phases may overlap.
	 *
	 * @param after the names of the phases that it has waited for, if that is known
	 */
	async phase<T>(
		name: string,
		action: () => Promise<T>,
		after?: readonly string[],
	): Promise<T> {
		this.begin(name, after);
		try {
			const result = await action();
			this.end(name, true);
			return result;
		} catch (error) {
			this.end(name, false);
			throw error;
		}
	}

	/** Begins a phase that the caller ends by `end`. @param after as in `phase` */
	begin(name: string, after?: readonly string[]): void {
		this.#running.set(name, { began: Date.now(), after });
		this.#show();
	}

	/** Ends a phase that was begun by `begin`. */
	end(name: string, good: boolean): void {
		const now = Date.now();
		const { began = now, after } = this.#running.get(name) ?? {};
		const seconds = (now - began) / 1000;
		this.#running.delete(name);
		const begin = (began - this.startedAt.getTime()) / 1000;
		this.phases.push({
			name,
			begin,
			seconds,
			...(after && { after: [...after] }),
		});
		const mark = good ? "✓" : "✗";
		this.#print(`${this.#clock()} ${mark} ${name} (${seconds.toFixed(1)} s)`);
		if (this.#running.size === 0) this.stop();
	}

	/** Prints a line that stays. */
	say(line: string): void {
		this.#print(`${this.#clock()}   ${line}`);
	}

	/** Removes the live line. */
	stop(): void {
		clearInterval(this.#ticker);
		this.#ticker = undefined;
		this.#spinner.stop();
	}

	#show(): void {
		// Some terminals report no width, and ora fails without one.
		if (!process.stderr.isTTY || !process.stderr.columns) return;
		this.#ticker ??= setInterval(() => this.#tick(), 500).unref();
		this.#tick();
		this.#spinner.start();
	}

	#tick(): void {
		const running = [...this.#running].map(
			([name, { began }]) =>
				`${name} ${Math.round((Date.now() - began) / 1000)} s`,
		);
		this.#spinner.text = clean(running.join(" · "));
	}

	#print(line: string): void {
		this.lines.push(clean(line));
		this.#aside(() => print(line));
	}

	#aside(print: () => void): void {
		const spinning = this.#spinner.isSpinning;
		if (spinning) this.#spinner.stop();
		print();
		if (spinning && this.#running.size > 0) this.#spinner.start();
	}

	#clock(): string {
		return `${((Date.now() - this.startedAt.getTime()) / 1000).toFixed(1).padStart(6)} s`;
	}
}
