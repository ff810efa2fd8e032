@node scripts\bootstrap.mjs
