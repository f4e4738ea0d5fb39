#!/bin/sh
set -e
sed "s/@GREETING@/$GREETING/" page.tmpl >/tmp/page.txt
exec "$@"
