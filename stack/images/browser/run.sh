#!/bin/sh
# As upstream's image does it: Chromium itself listens on the loopback device alone.
socat TCP4-LISTEN:9222,fork TCP4:127.0.0.1:9223 &
exec chromium-headless-shell --no-sandbox --disable-gpu --remote-debugging-port=9223 "$@"
