"""What the WSGI rows ask for: 13 bytes, after a body of any length; or a megabyte."""

LARGE = b'0123456789abcdef' * 65536


def application(environ, start_response):
    if environ['PATH_INFO'] == '/large':
        start_response('200 OK', [('Content-Type', 'application/octet-stream'), ('Content-Length', str(len(LARGE)))])
        return [LARGE]
    body = b'Hello, World!'
    if environ['REQUEST_METHOD'] == 'POST':
        wanted = int(environ['CONTENT_LENGTH'])
        source = environ['wsgi.input']
        while wanted:
            data = source.read(min(wanted, 65536))
            if not data:
                raise OSError(f'{wanted} bytes of the body are missing')
            wanted -= len(data)
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]
