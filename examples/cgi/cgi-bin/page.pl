#!/usr/bin/perl
# The page in Perl.
use strict;
use warnings;

sub escape {
    my ($text) = @_;
    $text =~ s/&/&amp;/g;
    $text =~ s/</&lt;/g;
    $text =~ s/>/&gt;/g;
    return $text;
}

my $body = '';
read(STDIN, $body, $ENV{CONTENT_LENGTH}) if $ENV{CONTENT_LENGTH};
print "Content-Type: text/html; charset=utf-8\n\n";
print "<!doctype html>\n<title>Welcome to the machine</title>\n<h1>Welcome to the machine</h1>\n<dl>\n";
for my $name (qw(REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING REMOTE_ADDR)) {
    print "<dt>$name<dd>", escape($ENV{$name} // ''), "\n";
}
print "</dl>\n<pre>", escape($body), "</pre>\n";
