"""What applications do, rightly and wrongly, by path."""

import json
import os
import signal
import sys
import threading
import time

closed = []
meeting = threading.Lock()
barrier = None


class Body:
    """An iterable that notes that it was closed."""

    def __init__(self, parts, name):
        self.parts = iter(parts)
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        part = next(self.parts)
        if isinstance(part, Exception):
            raise part
        return part

    def close(self):
        closed.append(self.name)


def environ(env, start_response):
    shown = {key: value if isinstance(value, (str, bool, int, tuple)) else type(value).__name__ for key, value in env.items()}
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps(shown, sort_keys=True).encode()]


def application(env, start_response):
    path = env['PATH_INFO']
    if path == '/environ':
        return environ(env, start_response)
    if path == '/pid':
        start_response('200 OK', [])
        return [str(os.getpid()).encode()]
    if path == '/count':
        with open(os.environ['COUNT_FILE'], 'a') as file:
            file.write(env['QUERY_STRING'] + '\n')
        start_response('200 OK', [])
        return [b'counted']
    if path == '/echo':
        data = env['wsgi.input'].read()
        start_response('200 OK', [('Content-Length', str(len(data)))])
        return [data]
    if path == '/lines':
        lines = list(env['wsgi.input'])
        start_response('200 OK', [])
        return [str(len(lines)).encode()]
    if path == '/write':
        write = start_response('200 OK', [('X-Way', 'write')])
        write(b'one ')
        write(b'two ')
        return [b'three']
    if path == '/file':
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return env['wsgi.file_wrapper'](open(__file__, 'rb'))
    if path == '/empty':
        start_response('204 No Content', [])
        return []
    if path == '/304':
        start_response('304 Not Modified', [('ETag', '"a"')])
        return []
    if path == '/big':
        start_response('200 OK', [])
        return [b'0123456789abcdef' * 65536 * 4]
    if path == '/stream':
        start_response('200 OK', [])
        return Body((b'%d\n' % i for i in range(int(env['QUERY_STRING'] or 100000))), path)
    if path == '/closed':
        start_response('200 OK', [])
        return [json.dumps(closed).encode()]
    if path == '/replaced':
        start_response('200 OK', [('X-First', '1')])
        try:
            raise ValueError('replaced')
        except ValueError:
            start_response('503 Later', [('X-Second', '2')], sys.exc_info())
        return [b'sorry']
    # What is wrong.
    if path == '/raise':
        raise RuntimeError('raised before')
    if path == '/raise-after':
        start_response('200 OK', [])
        return Body([b'some', RuntimeError('raised after')], path)
    if path == '/raise-first':
        start_response('200 OK', [])
        return Body([RuntimeError('raised at the first part')], path)
    if path == '/never':
        return [b'no start_response']
    if path == '/twice':
        start_response('200 OK', [])
        start_response('200 OK', [])
        return []
    if path == '/status':
        start_response('abc', [])
        return []
    if path == '/status-1xx':
        start_response('101 Switching Protocols', [])
        return []
    if path == '/header':
        start_response('200 OK', [('X-A', 'b\r\nX-Evil: 1')])
        return []
    if path == '/header-name':
        start_response('200 OK', [('X A', 'b')])
        return []
    if path == '/text':
        start_response('200 OK', [])
        return ['not bytes']
    if path == '/more':
        start_response('200 OK', [('Content-Length', '4')])
        return [b'four', b' and more']
    if path == '/less':
        start_response('200 OK', [('Content-Length', '10')])
        return [b'four']
    if path == '/exit':
        os._exit(7)
    if path == '/sys-exit':
        sys.exit(9)
    if path == '/segv':
        os.kill(os.getpid(), signal.SIGSEGV)
    if path == '/half':
        write = start_response('200 OK', [('Content-Length', '100')])
        write(b'half')
        os._exit(1)
    if path == '/hang':
        time.sleep(1000)
    if path == '/frames':
        # The channel is the one Unix stream socket that is open.
        for descriptor in range(3, 64):
            try:
                if os.readlink(f'/proc/self/fd/{descriptor}').startswith('socket:') and descriptor not in (3, 4):
                    os.write(descriptor, b'\xff' * 64)
            except OSError:
                pass
        time.sleep(10)
    if path == '/endless':
        start_response('200 OK', [])
        return Body(iter(lambda: b'x' * 65536, None), path)
    if path == '/memory':
        application.kept = bytearray(int(env['QUERY_STRING']))
        start_response('200 OK', [])
        return [str(os.getpid()).encode()]
    if path == '/flood':
        for i in range(5000):
            print(f'line {i}')
        print('z' * 100000)
        start_response('200 OK', [])
        return [b'flooded']
    if path == '/together':
        with meeting:
            if barrier is None:
                globals()['barrier'] = threading.Barrier(int(env['QUERY_STRING']))
        barrier.wait(25)
        start_response('200 OK', [])
        return [b'together']
    if path == '/sleep':
        time.sleep(float(env['QUERY_STRING']))
        start_response('200 OK', [])
        return [str(threading.get_ident()).encode()]
    start_response('404 Not Found', [])
    return [b'no such case']
