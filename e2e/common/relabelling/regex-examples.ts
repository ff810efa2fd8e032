import {
	type AST,
	RegExpParser,
	visitRegExpAST,
} from "@eslint-community/regexpp";
import { GoRegex } from "../go-regex.ts";

/** Two parts of a pattern are combined as long as they make no more texts than this; then each alternative comes once. */
const mostCombined = 50;

/** One of these stands for a class of characters: what a name of Kubernetes has comes first. */
const characters = [..."x0-X_./:@ ,;abcdefghijklmnopqrstuvwyzABC123456789"];

type GivenGroups = ReadonlyMap<AST.CapturingGroup, string>;

const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * Texts that a regular expression of Go matches as a whole: every alternative of it, with one character of a class, and
 * what is repeated as rarely as can be, or once.
 *
 * @param groups texts that groups are to match, by the group's number or name
 * @returns none if it matches nothing, or is written as no JavaScript is, e.g. with `\p{Greek}`
 */
export function makeExamples(
	pattern: string,
	groups: Readonly<Record<string, string>> = {},
): string[] {
	const whole = GoRegex.whole(pattern);
	const parsed = parse(pattern);
	const texts = textsOf(parsed, findGroups(parsed, groups));
	return [...new Set(texts)].filter((text) => whole.test(text));
}

/** The groups whose text is given. */
function findGroups(
	parsed: AST.Pattern | undefined,
	groups: Readonly<Record<string, string>>,
): GivenGroups {
	const given = new Map<AST.CapturingGroup, string>();
	let number = 0;
	if (parsed)
		visitRegExpAST(parsed, {
			onCapturingGroupEnter: (group) => {
				number += 1;
				const text = groups[number] ?? groups[group.name ?? ""];
				if (text !== undefined) given.set(group, text);
			},
		});
	return given;
}

/** Whether a regular expression only lists texts, as `a|b` does, so that its examples are all that it matches. */
export function isEnumeration(pattern: string): boolean {
	const parsed = parse(pattern);
	if (!parsed) return false;
	let lists = true;
	const isOpen = () => {
		lists = false;
	};
	visitRegExpAST(parsed, {
		onCharacterClassEnter: isOpen,
		onCharacterSetEnter: isOpen,
		onQuantifierEnter: isOpen,
	});
	return lists;
}

/** JavaScript writes names of groups in another way, and has neither flags for the rest of a pattern nor POSIX' classes. */
function parse(pattern: string): AST.Pattern | undefined {
	const written = pattern
		.replaceAll("(?P<", "(?<")
		.replaceAll(/\(\?[imsU-]+\)|\\[Az]/g, "")
		.replaceAll("[:alpha:]", "a-zA-Z")
		.replaceAll("[:alnum:]", "a-zA-Z0-9")
		.replaceAll("[:digit:]", "0-9")
		.replaceAll("[:lower:]", "a-z")
		.replaceAll("[:upper:]", "A-Z");
	try {
		return parser.parsePattern(written);
	} catch {
		return undefined;
	}
}

function textsOf(
	node: AST.Pattern | AST.Element | undefined,
	given: GivenGroups,
): string[] {
	const known = node?.type === "CapturingGroup" ? given.get(node) : undefined;
	if (known !== undefined) return [known];
	switch (node?.type) {
		case "Pattern":
		case "Group":
		case "CapturingGroup":
			return node.alternatives.flatMap(({ elements }) =>
				elements.map((each) => textsOf(each, given)).reduce(combine, [""]),
			);
		case "Quantifier": {
			const once = textsOf(node.element, given);
			return node.min === 0
				? [...(node.max > 0 ? once : []), ""]
				: once.map((text) => text.repeat(node.min));
		}
		case "Character":
			return [String.fromCodePoint(node.value)];
		case "CharacterClass":
		case "CharacterSet":
			return oneOf(node);
		case "Assertion":
			return [""];
		default:
			return [];
	}
}

function combine(
	beginnings: readonly string[],
	ends: readonly string[],
): string[] {
	if (beginnings.length * ends.length <= mostCombined)
		return beginnings.flatMap((one) => ends.map((other) => one + other));
	return Array.from(
		{ length: Math.max(beginnings.length, ends.length) },
		(_, i) => `${beginnings[i % beginnings.length]}${ends[i % ends.length]}`,
	);
}

function oneOf(node: AST.CharacterClass | AST.CharacterSet): string[] {
	const regex = GoRegex.whole(node.raw);
	const own =
		node.type === "CharacterClass"
			? node.elements.flatMap((each) =>
					each.type === "Character"
						? [String.fromCodePoint(each.value)]
						: each.type === "CharacterClassRange"
							? [String.fromCodePoint(each.min.value)]
							: [],
				)
			: [];
	const found = [...characters, ...own].find((each) => regex.test(each));
	return found === undefined ? [] : [found];
}
