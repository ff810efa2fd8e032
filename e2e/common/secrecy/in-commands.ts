import { isTrivial } from "./ordinary.ts";
import { isPlainName, saysSecret } from "./value-keys.ts";

const word = /(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\;|&()<>])+/g;

/** The words of a shell script, without their quotes. */
export function shellWords(script: string): string[] {
	return [...script.matchAll(word)].map(([each]) =>
		each.replaceAll(
			/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
			(
				_: string,
				single: string | undefined,
				double: string | undefined,
				escaped = "",
			) => single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped,
		),
	);
}

/** Programs that take a password after a letter, as `mysql -pX` does. */
const passwordLetters: readonly (readonly [RegExp, string])[] = [
	[/^(mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|7za?|sqlcmd)$/, "pP"],
	[/^(redis-cli|zip)$/, "aP"],
	[/^ldap\w+$/, "w"],
	[/^unzip$/, "P"],
];

/**
 * The secrets in the words of a command line: behind flags whose names say so, of users and headers as curl takes them, and
 * in assignments.
 */
export function secretsInCommand(words: readonly string[]): string[] {
	const letters = words.flatMap((each) =>
		passwordLetters.flatMap(([program, own]) =>
			program.test(each.split("/").at(-1) ?? "") ? [...own] : [],
		),
	);
	return words
		.flatMap((each, i) => {
			const next = words[i + 1] ?? "";
			return [
				...secretsOfFlag(each, next.startsWith("-") ? "" : next),
				...letters.flatMap((letter) => ofLetter(letter, each, next)),
				...(/^pass(?:word)?:(.+)$/.exec(each)?.slice(1) ?? []),
			];
		})
		.filter((each) => !isTrivial(each));
}

function secretsOfFlag(each: string, next: string): string[] {
	const [, name = "", assigned] =
		/^-{0,2}([\w.-]+)=([\s\S]*)$/.exec(each) ??
		/^--?([\w.-]+)$/.exec(each) ??
		[];
	const attached = /^-([uUH])(.*[:%].*)$/.exec(each);
	if (attached) return [each, ...ofCurl(attached[1] ?? "", attached[2] ?? "")];
	if (!name) return [];
	const value = assigned ?? next;
	return saysSecret(name) ? [value] : ofCurl(name, value);
}

function ofCurl(name: string, value: string): string[] {
	if (/^(u|U|user|proxy-user)$/.test(name)) {
		const [, password] = /^[^:%]*[:%](.*)$/s.exec(value) ?? [];
		return password ? [value, password] : [];
	}
	if (!/^(H|header)$/.test(name)) return [];
	const [, header = "", content = ""] = /^([\w-]+):\s*(.*)$/s.exec(value) ?? [];
	return isPlainName(header) ? [] : [content, ...content.split(/\s+/).slice(1)];
}

/** With the letter, too: nothing parts them there. */
function ofLetter(letter: string, each: string, next: string): string[] {
	if (each === `-${letter}`) return [next];
	const [, attached] = new RegExp(`^-${letter}([^-].+)$`, "s").exec(each) ?? [];
	return attached ? [each, attached] : [];
}

/** Parts of a command's word that nobody would write: digits among letters, capitals among small ones. */
export function drawnIn(each: string): string[] {
	if (/^sha\d+:|@sha\d+:|:\/\//.test(each)) return [];
	return each.split(/[=:,@"'[\]{}]/).filter(looksDrawn);
}

/** Whether a word looks as if it was drawn by lot, as tokens and most passwords are. */
export function looksDrawn(text: string): boolean {
	if (!/^[\w~.+!#%^*-]{8,}$/.test(text) || /^v?\d+\./.test(text)) return false;
	const runs = text.match(/[A-Za-z\d]{6,}/g) ?? [];
	const changes = (run: string) =>
		run.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
	return (
		(/[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)) ||
		runs.some((run) => changes(run) >= 3)
	);
}
