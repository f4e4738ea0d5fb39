#!/usr/bin/env bash
set -euo pipefail
ports=(8080 8081)
exec python app.py "${ports[0]}"
