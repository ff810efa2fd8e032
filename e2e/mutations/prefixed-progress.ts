import { Progress } from "../common/progress.ts";

/** Shows in another progress what goes on in one of several clusters. */
export class PrefixedProgress extends Progress {
	readonly #whole: Progress;
	readonly #prefix: string;

	constructor(whole: Progress, prefix: string) {
		super();
		this.#whole = whole;
		this.#prefix = `${prefix}: `;
	}

	override begin(name: string, after?: readonly string[]): void {
		this.#whole.begin(
			this.#prefix + name,
			after?.map((each) => this.#prefix + each),
		);
	}

	override end(name: string, good: boolean): void {
		this.#whole.end(this.#prefix + name, good);
	}

	override say(line: string): void {
		this.#whole.say(this.#prefix + line);
	}

	override stop(): void {
		this.#whole.stop();
	}
}
