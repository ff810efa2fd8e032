import { formsOf, isWeak, shortestSecret } from "./forms.ts";
import { packedIn } from "./packed.ts";
import { viewsOf } from "./views.ts";

/** A part of a text. */
export interface Span {
	readonly from: number;
	/** Exclusive. */
	readonly to: number;
}

/** One way to write a secret. */
interface Form {
	readonly text: string;
	/** Whether it counts only where it stands by itself. */
	readonly isWeak: boolean;
}

/** Characters by which forms are looked up. */
const prefix = shortestSecret;
const slots = 2 ** 16;
/** What makes a longer word of a word. */
const ofWord = /[\p{L}\p{N}_-]/u;
/** Helm's releases are base64 of base64 of gzip, which may hold base64; nothing nests deeper than that. */
const deepest = 4;
/** Texts in which what is packed is looked for: as they are, and with one kind of escapes undone. */
const unpackedViews = 4;

/**
 * Finds secrets in texts, however they are written or escaped. A cluster has hundreds of secrets with dozens of forms
 * each, and its logs have megabytes: so every text is read once for all forms.
 */
export class SecretFinder {
	readonly #byPrefix = new Map<string, Form[]>();
	/** Whether a form begins with characters of this hash. */
	readonly #begins = new Uint8Array(slots);

	/** Whether a secret may be folded. */
	readonly #hasSpaces: boolean;

	constructor(secrets: Iterable<string>) {
		const all = [...secrets];
		const forms = new Map<string, Form>();
		for (const secret of all)
			for (const text of formsOf(secret)) {
				// Encoded, it is longer, and no word any more.
				const isPlain = text.length <= secret.length;
				const form = { text, isWeak: isPlain && isWeak(secret) };
				// Of two secrets, one may be weak and have the other's form.
				if (!forms.has(text) || !form.isWeak) forms.set(text, form);
			}
		for (const form of forms.values()) {
			if (form.text.length < prefix) continue;
			const key = form.text.slice(0, prefix);
			const others = this.#byPrefix.get(key);
			if (others) others.push(form);
			else this.#byPrefix.set(key, [form]);
			this.#begins[hashAt(form.text, 0)] = 1;
		}
		this.#hasSpaces = all.some((secret) => /\s/.test(secret));
	}

	/** Where a text has secrets: in order, and without overlaps. What is packed counts as a whole. */
	find(text: string): Span[] {
		return this.#byPrefix.size === 0 ? [] : merge(this.#findIn(text, 0));
	}

	#findIn(text: string, depth: number): Span[] {
		return viewsOf(text, this.#hasSpaces).flatMap((view, i) =>
			[
				...this.#findPlain(view.text),
				...(i < unpackedViews ? this.#findPacked(view.text, depth) : []),
			].map(({ from, to }) => ({
				from: view.toOriginal(from),
				to: view.toOriginal(to),
			})),
		);
	}

	#findPacked(text: string, depth: number): Span[] {
		if (depth >= deepest) return [];
		return packedIn(text).filter(
			({ content }) => this.#findIn(content, depth + 1).length > 0,
		);
	}

	#findPlain(text: string): Span[] {
		const found: Span[] = [];
		const last = text.length - prefix;
		for (let from = 0; from <= last; from++) {
			if (!this.#begins[hashAt(text, from)]) continue;
			const forms = this.#byPrefix.get(text.slice(from, from + prefix)) ?? [];
			for (const form of forms) {
				if (!text.startsWith(form.text, from)) continue;
				const to = from + form.text.length;
				if (!form.isWeak || standsAlone(text, from, to))
					found.push({ from, to });
			}
		}
		return found;
	}
}

/** Whether a part of a text is no part of a longer word. */
function standsAlone(text: string, from: number, to: number): boolean {
	return !ofWord.test(text[from - 1] ?? "") && !ofWord.test(text[to] ?? "");
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
