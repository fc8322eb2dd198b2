namespace Gatehouse.Http.Content;

/// <summary>The table behind <see cref="MediaTypes"/>: a media type and its extensions on each line.</summary>
internal static class MediaTypeTable
{
    public const string Lines = """
        text/html html htm shtml
        text/css css
        text/javascript js mjs cjs
        text/plain txt text log conf ini cfg diff patch
        text/markdown md markdown
        text/csv csv
        text/tab-separated-values tsv
        text/calendar ics
        text/vcard vcf vcard
        text/vtt vtt
        text/xml xml xsl xsd
        text/mathml mml
        text/vnd.sun.j2me.app-descriptor jad
        text/vnd.wap.wml wml
        text/x-component htc
        text/x-python py
        text/x-c c h cc cpp hpp
        text/x-csharp cs
        text/x-java-source java
        text/x-rust rs
        text/x-go go
        text/typescript tsx
        text/x-scss scss
        text/x-less less
        application/json json map
        application/ld+json jsonld
        application/geo+json geojson
        application/feed+json jsonfeed
        application/manifest+json webmanifest
        application/json5 json5
        application/jsonl jsonl ndjson
        application/yaml yaml yml
        application/toml toml
        application/sql sql
        application/xhtml+xml xhtml
        application/atom+xml atom
        application/rss+xml rss
        application/rdf+xml rdf
        application/soap+xml soap
        application/xslt+xml xslt
        application/xml-dtd dtd
        application/gpx+xml gpx
        application/vnd.google-earth.kml+xml kml
        application/vnd.google-earth.kmz kmz
        application/dash+xml mpd
        application/vnd.apple.mpegurl m3u8
        application/wasm wasm
        application/pdf pdf
        application/postscript ps eps ai
        application/rtf rtf
        application/epub+zip epub
        application/zip zip
        application/gzip gz tgz
        application/x-bzip2 bz2
        application/x-xz xz txz
        application/zstd zst
        application/x-brotli br
        application/x-tar tar
        application/x-7z-compressed 7z
        application/vnd.rar rar
        application/java-archive jar war ear
        application/x-java-jnlp-file jnlp
        application/x-sh sh
        application/x-perl pl pm
        application/x-tcl tcl tk
        application/x-redhat-package-manager rpm
        application/vnd.debian.binary-package deb
        application/vnd.android.package-archive apk
        application/x-apple-diskimage dmg
        application/x-iso9660-image iso
        application/x-msi msi
        application/x-xpinstall xpi
        application/x-x509-ca-cert der pem crt
        application/pkcs7-mime p7m
        application/pgp-signature asc sig
        application/msword doc
        application/vnd.ms-excel xls
        application/vnd.ms-powerpoint ppt
        application/vnd.ms-fontobject eot
        application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
        application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
        application/vnd.oasis.opendocument.text odt
        application/vnd.oasis.opendocument.spreadsheet ods
        application/vnd.oasis.opendocument.presentation odp
        application/vnd.oasis.opendocument.graphics odg
        application/vnd.sqlite3 sqlite db
        application/vnd.apache.parquet parquet
        application/vnd.apple.installer+xml mpkg
        application/vnd.mapbox-vector-tile mvt
        application/protobuf pb
        application/bittorrent torrent
        application/octet-stream bin exe dll img dat msp msm so
        font/woff woff
        font/woff2 woff2
        font/ttf ttf
        font/otf otf
        font/collection ttc
        image/png png
        image/apng apng
        image/jpeg jpg jpeg jpe jfif
        image/gif gif
        image/svg+xml svg
        image/webp webp
        image/avif avif
        image/heic heic
        image/heif heif
        image/jxl jxl
        image/bmp bmp
        image/tiff tif tiff
        image/vnd.microsoft.icon ico cur
        image/vnd.wap.wbmp wbmp
        image/x-jng jng
        image/vnd.adobe.photoshop psd
        audio/mpeg mp3
        audio/mp4 m4a
        audio/aac aac
        audio/ogg ogg oga opus
        audio/flac flac
        audio/wav wav
        audio/webm weba
        audio/midi mid midi kar
        audio/x-realaudio ra
        audio/aiff aif aiff
        video/mp4 mp4 m4v m4s
        video/webm webm
        video/ogg ogv
        video/mpeg mpeg mpg
        video/mp2t ts
        video/quicktime mov qt
        video/matroska mkv
        video/x-flv flv
        video/x-msvideo avi
        video/x-ms-wmv wmv
        video/x-ms-asf asx asf
        video/x-mng mng
        video/3gpp 3gpp 3gp
        video/3gpp2 3g2
        model/gltf+json gltf
        model/gltf-binary glb
        model/obj obj
        model/stl stl
        model/vnd.usdz+zip usdz
        """;
}
