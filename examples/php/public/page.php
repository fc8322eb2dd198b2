<?php
// The page of examples/cgi in PHP.
header('Content-Type: text/html; charset=utf-8');
echo "<!doctype html>\n<title>Welcome to the machine</title>\n<h1>Welcome to the machine</h1>\n<dl>\n";
foreach (['REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REMOTE_ADDR'] as $name) {
    echo "<dt>$name<dd>", htmlspecialchars($_SERVER[$name] ?? '', ENT_NOQUOTES), "\n";
}
echo "</dl>\n<pre>", htmlspecialchars(file_get_contents('php://input'), ENT_NOQUOTES), "</pre>\n";
