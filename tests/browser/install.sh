#!/bin/sh
# Finds or installs a browser for the tests. First argument: the virtual environment's bin folder.
set -eu
if command -v chromium >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core fonts-noto-color-emoji fonts-wqy-microhei >/dev/null && exit 0
fi
"$1"/python -m playwright install chromium
