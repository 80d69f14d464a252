#!/usr/bin/env bash
# Drives the built demo portal in a real browser. Development only.
# Installs its dev packages with npm, and Chromium and Node.js with apt where
# they are missing and this runs as root.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
command -v node >/dev/null 2>&1 || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
		echo "browser tests need: ${missing[*]}" >&2
		exit 1
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

[ -d node_modules/playwright-core ] && [ -d node_modules/axe-core ] || npm ci --no-audit --no-fund

site=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$site"' EXIT
../bin/callboard demo --no-serve -o "$site/public" -q
: >"$site/serve.log"
../bin/callboard serve -o "$site/public" --addr 127.0.0.1:0 2>"$site/serve.log" &
server=$!
for _ in $(seq 100); do
	address=$(sed -n 's/.* at \(http:[^ ]*\).*/\1/p' "$site/serve.log")
	[ -n "$address" ] && break
	sleep 0.1
done
[ -n "$address" ] || { cat "$site/serve.log" >&2; exit 1; }

BASE="$address" SITE="$site/public" CHROMIUM="${CHROMIUM:-$(command -v chromium)}" node --test --test-reporter=spec --test-concurrency=1 ./*.test.mjs
