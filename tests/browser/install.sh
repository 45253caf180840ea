#!/bin/sh
# Finds or installs a browser for the tests. First argument: the virtual environment's bin folder.
# Debian's headless shell takes a third of the processor time of its whole browser.
set -eu
if command -v chromium-headless-shell >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium-headless-shell fonts-dejavu-core fonts-noto-color-emoji fonts-wqy-microhei; } >"$log" 2>&1 \
        && rm "$log" && exit 0
    command -v chromium >/dev/null 2>&1 || cat "$log" >&2
    rm "$log"
fi
if command -v chromium >/dev/null 2>&1; then exit 0; fi
"$1"/python -m playwright install chromium
