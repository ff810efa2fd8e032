// Starts a command with the private Node: node scripts/start.mjs <command> [arguments]. What fails while its modules are
// loaded must not end with 1, which says that a claim was refuted.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Most of what loading takes is compiling; the processes that this one starts need not do it again, either.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
	new URL("../node_modules/.cache/node", import.meta.url),
);
enableCompileCache();

const [, , name, ...rest] = process.argv;
let command;
try {
	[command] = Object.values(await import(`./${name}.ts`));
} catch (error) {
	console.error(`set-up failed: ${name} cannot be loaded: ${error.message}`);
	process.exit(2);
}
process.argv.splice(1, process.argv.length, `${name}.ts`, ...rest);
await command.main();
