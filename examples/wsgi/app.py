"""The lecture's two WSGI applications: a function and a class."""


def web_app(env, start_response):
    print(env)
    status = '200 OK'
    response_headers = [('Content-type', 'text/plain')]
    start_response(status, response_headers)
    return [b"Welcome to the machine\n"]


class WebApp:
    def __init__(self, env, start_response):
        print(env)
        self.env = env
        self.callback = start_response

    def __iter__(self):
        status = '200 OK'
        response_headers = [('Content-type', 'text/plain')]
        self.callback(status, response_headers)
        return iter([b"Have a cigar\n"])
