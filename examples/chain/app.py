"""Says who asked and how: at the end of a chain it must be what the client sees, not what the last proxy does."""


def application(env, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    host = env['HTTP_HOST'].partition(':')[0]
    return [f"{env['REMOTE_ADDR']} {env['wsgi.url_scheme']} {host} {env['PATH_INFO']}\n".encode('latin-1')]
