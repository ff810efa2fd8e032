import { clean } from "../secrecy/redact.ts";

/** Shows a text to the person. Everything that this project prints goes through here: no secret, and nothing that a terminal obeys. */
export function print(text: string): void {
	console.log(clean(text));
}

/** Shows what went wrong. */
export function printError(text: string): void {
	console.error(clean(text));
}
