#!/bin/sh
# The page in shell.
escape() {
    sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
}

printf 'Content-Type: text/html; charset=utf-8\n\n'
printf '<!doctype html>\n<title>Welcome to the machine</title>\n<h1>Welcome to the machine</h1>\n<dl>\n'
for name in REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING REMOTE_ADDR; do
    eval "value=\$$name"
    printf '<dt>%s<dd>%s\n' "$name" "$(printf '%s' "$value" | escape)"
done
printf '</dl>\n<pre>'
[ -n "$CONTENT_LENGTH" ] && head -c "$CONTENT_LENGTH" | escape
printf '</pre>\n'
