import { formsOf } from "./forms.ts";
import { viewsOf } from "./views.ts";

/** A part of a text. */
export interface Span {
	readonly from: number;
	/** Exclusive. */
	readonly to: number;
}

/** Characters by which forms are looked up; shorter ones would be found by chance. */
const prefix = 4;
const slots = 2 ** 16;

/**
 * Finds secrets in texts, however they are written or escaped. A cluster has hundreds of secrets with dozens of forms
 * each, and its logs have megabytes: so every text is read once for all forms.
 */
export class SecretFinder {
	readonly #byPrefix = new Map<string, string[]>();
	/** Whether a form begins with characters of this hash. */
	readonly #begins = new Uint8Array(slots);

	constructor(secrets: Iterable<string>) {
		const forms = new Set([...secrets].flatMap(formsOf));
		for (const form of forms) {
			if (form.length < prefix) continue;
			const key = form.slice(0, prefix);
			const others = this.#byPrefix.get(key);
			if (others) others.push(form);
			else this.#byPrefix.set(key, [form]);
			this.#begins[hashAt(form, 0)] = 1;
		}
	}

	/** Where a text has secrets: in order, and without overlaps. */
	find(text: string): Span[] {
		if (this.#byPrefix.size === 0) return [];
		const found = viewsOf(text).flatMap((view) =>
			this.#findPlain(view.text).map(({ from, to }) => ({
				from: view.toOriginal(from),
				to: view.toOriginal(to),
			})),
		);
		return merge(found);
	}

	#findPlain(text: string): Span[] {
		const found: Span[] = [];
		const last = text.length - prefix;
		for (let from = 0; from <= last; from++) {
			if (!this.#begins[hashAt(text, from)]) continue;
			const forms = this.#byPrefix.get(text.slice(from, from + prefix)) ?? [];
			for (const form of forms)
				if (text.startsWith(form, from))
					found.push({ from, to: from + form.length });
		}
		return found;
	}
}

function hashAt(text: string, at: number): number {
	return (
		(text.charCodeAt(at) * 7919 +
			text.charCodeAt(at + 1) * 257 +
			text.charCodeAt(at + 2) * 31 +
			text.charCodeAt(at + 3)) %
		slots
	);
}

/** One secret may contain another one, or begin in its middle: nothing of either may stay. */
function merge(spans: readonly Span[]): Span[] {
	const merged: Span[] = [];
	for (const span of spans.toSorted((a, b) => a.from - b.from)) {
		const before = merged.at(-1);
		if (before && span.from < before.to)
			merged[merged.length - 1] = {
				from: before.from,
				to: Math.max(before.to, span.to),
			};
		else merged.push(span);
	}
	return merged;
}
