#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes tests/reference/tls/expired.pem: a certificate for 127.0.0.1 that signed itself and was valid on one
# day of 2020, with its key. For a test server on the loopback; it protects nothing. Needs openssl.
set -euo pipefail
out=$(cd "$(dirname "$0")" && pwd)/tls/expired.pem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >ca.conf <<'CONF'
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = host
[any]
commonName = supplied
[host]
subjectAltName = IP:127.0.0.1
CONF
touch index
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out request.pem 2>/dev/null
openssl ca -batch -config ca.conf -selfsign -keyfile key.pem -in request.pem -out certificate.pem -notext \
  -startdate 20200101000000Z -enddate 20200102000000Z 2>/dev/null
cat certificate.pem key.pem >"$out"
