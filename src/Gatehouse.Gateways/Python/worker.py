"""Runs WSGI and ASGI applications for Gatehouse. Gatehouse starts this file; it needs nothing but Python 3.9 or later (CPython or PyPy).

The first process is the template: it imports the application once and forks a worker whenever Gatehouse asks. A worker takes requests, one message each,
from a queue that all workers share (the kernel gives each message to exactly one), and answers on a channel of its own. It writes the number of the
request that it runs into memory that it shares with Gatehouse, which so knows what a worker that hangs or died was doing.

Descriptors: 0 /dev/null, 1 and 2 the log, 3 commands (messages), 4 the queue, 5 the shared memory.
A request is (number, body, environ or scope) in the codes of marshal that every Python since 3.4 writes alike.
An answer is frames: number, kind, length of the head, length of the body, four 32-bit integers, then head and body.
A head is the status and the fields, a line each: "200 OK", name, value, name, value.
"""

import array
import gc
import importlib
import io
import marshal
import mmap
import os
import select
import signal
import socket
import stat
import struct
import sys
import threading
import traceback

READY, WHOLE, HEAD, DATA, END, FAILED, ABORT, FILE, BODY, PULL, LEAVING, CANCEL, ACCEPT, MESSAGE, CLOSE, ENDED = range(1, 17)

MESSAGE_SIZE = 256 * 1024
SAMPLE = (None, True, False, 1, -2, 'ascii', '\xfc\u20ac', b'\x00\xff', {'key': ('value',)})
EXIT_IMPORT = 3

frame = struct.Struct('<IIII')


def die_with_parent(parent):
    """Has the kernel end this process when its parent ends, whatever ended that. The end of the queue says the same a little later."""
    try:
        import ctypes
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(0)


def become(settings):
    """Limits, umask, group, user and working folder, in the order in which each is still allowed."""
    if settings['processes'] is not None:
        import resource
        resource.setrlimit(resource.RLIMIT_NPROC, (settings['processes'], settings['processes']))
    if settings['umask'] is not None:
        os.umask(settings['umask'])
    user = settings['user']
    group = settings['group']
    if user is not None or group is not None:
        import grp
        import pwd
        uid = entry = None
        if user is not None:
            try:
                entry = pwd.getpwuid(int(user)) if user.isdigit() else pwd.getpwnam(user)
            except KeyError:
                # A number needs no name; but then nothing tells its group.
                if not user.isdigit() or group is None:
                    raise SystemExit(f"there is no user '{user}' whose group could be taken") from None
            uid = int(user) if entry is None else entry.pw_uid
        if group is not None:
            gid = int(group) if group.isdigit() else grp.getgrnam(group).gr_gid
        else:
            gid = entry.pw_gid
        if os.geteuid() == 0:
            if entry is not None:
                os.initgroups(entry.pw_name, gid)
            else:
                os.setgroups([])
        os.setgid(gid)
        if uid is not None:
            os.setuid(uid)
        if entry is not None:
            os.environ['HOME'] = entry.pw_dir
            os.environ['USER'] = os.environ['LOGNAME'] = entry.pw_name
    os.chdir(settings['folder'])


def load(settings):
    """The application that 'module:name' or 'module:factory()' names."""
    module_name, _, name = settings['app'].partition(':')
    target = importlib.import_module(module_name)
    is_factory = name.endswith('()')
    for part in (name[:-2] if is_factory else name or 'application').split('.'):
        try:
            target = getattr(target, part)
        except AttributeError:
            raise ImportError(f"module '{module_name}' has no '{name or 'application'}'") from None
    if is_factory:
        target = target()
    if not callable(target):
        raise ImportError(f"'{settings['app']}' is {type(target).__name__}, expected something callable")
    return target


def explain_failed_import(settings):
    traceback.print_exc()
    print(f"the application '{settings['app']}' cannot be loaded: {sys.exc_info()[1]}", file=sys.stderr, flush=True)


def thread_count():
    try:
        return len(os.listdir('/proc/self/task'))
    except OSError:
        return threading.active_count()


class Channel:
    """This worker's end of its channel."""

    def __init__(self, descriptor, has_threads):
        self.socket = socket.socket(fileno=descriptor)
        self.sendmsg = self.socket.sendmsg
        self.lock = threading.Lock() if has_threads else None

    def send(self, number, kind, head=b'', body=b'', descriptor=None):
        parts = [frame.pack(number, kind, len(head), len(body)), head, body]
        control = [] if descriptor is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [descriptor]))]
        if self.lock is None:
            self._send_all(parts, control)
        else:
            with self.lock:
                self._send_all(parts, control)

    def _send_all(self, parts, control):
        sent = self.sendmsg(parts, control)
        if sent != sum(map(len, parts)):
            self.finish(parts, sent)

    def finish(self, parts, sent):
        """Sends what sendmsg left: it may take fewer bytes than it was given."""
        self.socket.sendall(b''.join(parts)[sent:])

    def ask(self, number, kind, size=0):
        """Asks for a part of the request's body: bytes, or a descriptor of a file that holds it whole."""
        if self.lock is None:
            return self._ask(number, kind, size)
        with self.lock:
            return self._ask(number, kind, size)

    def _ask(self, number, kind, size):
        self._send_all([frame.pack(number, kind, size, 0)], [])
        head, control, _, _ = self.socket.recvmsg(frame.size, socket.CMSG_SPACE(4), socket.MSG_WAITALL)
        if len(head) < frame.size:
            raise OSError('the server has gone')
        _, kind, _, size = frame.unpack(head)
        if kind == FILE:
            return struct.unpack('i', control[0][2][:4])[0]
        if kind == ABORT:
            raise OSError('the client has gone')
        data = bytearray(size)
        view = memoryview(data)
        while view:
            count = self.socket.recv_into(view)
            if not count:
                raise OSError('the server has gone')
            view = view[count:]
        return bytes(data)


class StreamedBody(io.RawIOBase):
    """A body that is read from the client while the application asks for it."""

    def __init__(self, channel, number):
        self._channel = channel
        self._number = number
        self._ended = False

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._ended or not len(buffer):
            return 0
        data = self._channel.ask(self._number, PULL, min(len(buffer), 65536))
        self._ended = not data
        buffer[:len(data)] = data
        return len(data)


def body_input(channel, number, kind):
    """wsgi.input of a body that did not come with its request: 0 is a file, 1 a stream."""
    if kind == 0:
        descriptor = channel.ask(number, BODY)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return open(descriptor, 'rb')
    return io.BufferedReader(StreamedBody(channel, number), 65536)


class FileWrapper:
    """wsgi.file_wrapper: Gatehouse sends a real file itself; anything else is read here."""

    def __init__(self, filelike, block_size=8192):
        self.filelike = filelike
        self.block_size = block_size
        if hasattr(filelike, 'close'):
            self.close = filelike.close

    def __iter__(self):
        return iter(lambda: self.filelike.read(self.block_size), b'')

    def range(self):
        """(descriptor, offset, count) of what is left of a regular file; None when it is none."""
        try:
            descriptor = self.filelike.fileno()
            facts = os.fstat(descriptor)
            offset = self.filelike.tell()
        except (AttributeError, OSError, ValueError, TypeError):
            return None
        if not stat.S_ISREG(facts.st_mode):
            return None
        return descriptor, offset, max(0, facts.st_size - offset)


def encode_head(status, headers):
    """The head of an answer. Raises for what PEP 3333 forbids, so that the application sees it where it made the mistake."""
    parts = [status]
    for name, value in headers:
        parts.append(name)
        parts.append(value)
    text = '\n'.join(parts)
    if text.count('\n') != len(parts) - 1 or '\r' in text or '\0' in text:
        raise ValueError(f'a status, a name or a value of the headers holds a control character: {status!r}, {headers!r}')
    if status[3:4] != ' ' or not status[:3].isdigit():
        raise ValueError(f"the status is {status!r}, expected three digits, a space and a reason: '200 OK'")
    return text.encode('latin-1')


def serve_wsgi(app, base, queue, channel, words, leave, mark, cancel, limit):
    """Takes and answers requests until told to leave. One thread's loop; its state lives in locals, which are faster than attributes."""
    buffer = bytearray(MESSAGE_SIZE)
    recv_into = queue.recv_into
    sendmsg = channel.sendmsg if channel.lock is None else None
    loads = marshal.loads
    pack = frame.pack
    bytes_io = io.BytesIO
    number = 0
    head = None
    has_sent = False
    served = 0

    def write(data):
        nonlocal has_sent
        if words[cancel] == number:
            raise OSError('the client has gone')
        if not has_sent:
            has_sent = True
            channel.send(number, HEAD, head, data)
        elif data:
            channel.send(number, DATA, b'', data)

    def start_response(status, headers, exc_info=None):
        nonlocal head
        if exc_info is not None:
            try:
                if has_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif head is not None:
            raise AssertionError('start_response was called again without exc_info')
        head = encode_head(status, headers)
        return write

    def respond(result):
        """Sends an answer of several parts, each as it comes."""
        nonlocal has_sent
        if result.__class__ is FileWrapper and not has_sent and head is not None:
            found = result.range()
            if found is not None:
                descriptor, offset, count = found
                channel.send(number, FILE, head, struct.pack('<QQ', offset, count), descriptor)
                has_sent = True
                return
        for data in result:
            if data:
                if head is None:
                    raise AssertionError('the application yielded a body before it called start_response')
                write(data)
        if head is None:
            raise AssertionError('the application returned without calling start_response')
        if has_sent:
            channel.send(number, END)
        else:
            has_sent = True
            channel.send(number, WHOLE, head)

    while True:
        if not recv_into(buffer):
            return
        message = loads(buffer)
        if message is None:
            return
        number, body, environ = message
        words[mark] = number
        head = None
        has_sent = False
        environ = {**base, **environ}
        result = None
        try:
            if body is None:
                environ['wsgi.input'] = bytes_io()
            elif body.__class__ is bytes:
                environ['wsgi.input'] = bytes_io(body)
            else:
                environ['wsgi.input'] = body_input(channel, number, body)
            result = app(environ, start_response)
            if result.__class__ is list and len(result) == 1 and sendmsg is not None and not has_sent and head is not None:
                data = result[0]
                parts = [pack(number, WHOLE, len(head), len(data)), head, data]
                sent = sendmsg(parts)
                has_sent = True
                if sent != 16 + len(head) + len(data):
                    channel.finish(parts, sent)
            else:
                respond(result)
                if result.__class__ is not list and hasattr(result, 'close'):
                    result.close()
        except BaseException as failure:
            if words[cancel] != number:
                traceback.print_exc()
            try:
                if result.__class__ is not list and hasattr(result, 'close'):
                    result.close()
            except Exception:
                traceback.print_exc()
            channel.send(number, ABORT if has_sent else FAILED)
            if not isinstance(failure, Exception):
                return
        served += 1
        if served == limit or words[leave]:
            return


def run_wsgi(app, settings, queue, channel, words, block, limit):
    threads = settings['threads']
    base = dict(settings['base'])
    base.update({
        'wsgi.version': (1, 0),
        'wsgi.url_scheme': 'http',
        'wsgi.errors': sys.stderr,
        'wsgi.multithread': threads > 1,
        'wsgi.multiprocess': settings['multiprocess'],
        'wsgi.run_once': False,
        'wsgi.input_terminated': True,
        'wsgi.file_wrapper': FileWrapper,
    })
    if threads == 1:
        serve_wsgi(app, base, queue, channel, words, block, block + 1, block + 2, limit)
        return
    each = -(-limit // threads)
    loops = [
        threading.Thread(target=serve_wsgi, args=(app, base, queue, channel, words, block, block + 1 + 2 * i, block + 2 + 2 * i, each))
        for i in range(threads)
    ]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()


class Exchange:
    """One request of an ASGI application: receive and send, and what has been said so far."""

    # What most requests never set stands here once for all of them.
    head = None
    has_sent = False
    has_ended = False
    is_gone = False
    waiter = None
    replies = ()

    def __init__(self, worker, number, body, scope, place):
        self.worker = worker
        self.number = number
        self.scope = scope
        self.place = place
        self.body = body

    def wake(self):
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def wait(self):
        self.waiter = self.worker.loop.create_future()
        try:
            await self.waiter
        finally:
            self.waiter = None

    def take(self, reply):
        """A frame of the server for this request."""
        if self.replies:
            self.replies.append(reply)
        else:
            self.replies = collections.deque((reply,))
        self.wake()

    async def reply(self):
        """The next frame that the server sent for this request; None when the client has gone."""
        while not self.replies:
            if self.is_gone:
                return None
            await self.wait()
        return self.replies.popleft()

    async def run(self):
        try:
            await self.worker.app(self.scope, self.receive, self.send)
            if not self.has_ended:
                if not self.is_gone:
                    raise RuntimeError('the application returned before its answer was complete')
                self.worker.channel.send(self.number, ABORT)
        except BaseException as failure:
            if not self.is_gone:
                traceback.print_exc()
            if not self.has_ended:
                self.worker.channel.send(self.number, ABORT if self.has_sent else FAILED)
            if not isinstance(failure, (Exception, asyncio.CancelledError)):
                raise
        finally:
            self.close()
            self.worker.finish(self)

    def close(self):
        """Frees what the body holds."""


class HttpExchange(Exchange):
    file = None
    has_body = True
    has_client_ended = False

    def close(self):
        if self.file is not None:
            self.file.close()

    async def receive(self):
        if self.has_body and not self.has_ended:
            data, more = await self.next_body()
            if data is not None:
                self.has_body = more
                return {'type': 'http.request', 'body': data, 'more_body': more}
        while not self.is_gone and not self.has_ended and not self.has_client_ended:
            await self.wait()
        return {'type': 'http.disconnect'}

    def end_client(self):
        """The client sends no more. It may still read: what the application answers is sent."""
        self.has_client_ended = True
        self.wake()

    async def next_body(self):
        if self.body is None:
            return b'', False
        if self.body.__class__ is bytes:
            return self.body, False
        if self.body == 0:
            if self.file is None:
                self.worker.channel.send(self.number, BODY)
                found = await self.reply()
                if found is None or found[0] != FILE:
                    self.is_gone = True
                    return None, False
                self.file = open(found[1], 'rb', 0)
                self.file.seek(0)
            data = self.file.read(65536)
            return data, bool(data)
        self.worker.channel.ask_later(self.number, 65536)
        found = await self.reply()
        if found is None or found[0] != DATA:
            self.is_gone = True
            return None, False
        return found[1], bool(found[1])

    async def send(self, message):
        kind = message['type']
        if self.is_gone:
            raise OSError('the client has gone')
        if kind == 'http.response.start':
            if self.head is not None:
                raise RuntimeError('http.response.start was sent twice')
            self.head = encode_raw_head(message['status'], message.get('headers', ()))
        elif kind == 'http.response.body':
            if self.head is None or self.has_ended:
                raise RuntimeError('http.response.body was sent before the start or after the end of the answer')
            data = message.get('body', b'')
            more = message.get('more_body', False)
            send = self.worker.channel.send
            if not self.has_sent:
                self.has_sent = True
                send(self.number, HEAD if more else WHOLE, self.head, data)
            elif data:
                send(self.number, DATA, b'', data)
                if not more:
                    send(self.number, END)
            elif not more:
                send(self.number, END)
            if not more:
                self.has_ended = True
                if self.waiter is not None:
                    self.wake()
        else:
            raise RuntimeError(f"'{kind}' is no message of an HTTP answer")


class WebSocketExchange(Exchange):
    has_connected = False

    def end_client(self):
        """No client of a WebSocket goes on when one side has ended."""
        self.is_gone = True
        self.wake()

    async def receive(self):
        if not self.has_connected:
            self.has_connected = True
            return {'type': 'websocket.connect'}
        found = None if self.has_ended and not self.replies else await self.reply()
        if found is None:
            return {'type': 'websocket.disconnect', 'code': 1006}
        kind, data, head = found
        if kind == MESSAGE:
            # So much is taken: the server may send as much again.
            self.worker.channel.ask_later(self.number, len(data))
            if head == b't':
                return {'type': 'websocket.receive', 'text': data.decode()}
            return {'type': 'websocket.receive', 'bytes': data}
        self.is_gone = True
        return {'type': 'websocket.disconnect', 'code': int.from_bytes(data[:2], 'big') or 1005, 'reason': data[2:].decode(errors='replace')}

    async def send(self, message):
        kind = message['type']
        if self.is_gone:
            raise OSError('the client has gone')
        send = self.worker.channel.send
        if kind == 'websocket.accept' and not self.has_sent:
            headers = list(message.get('headers') or ())
            if message.get('subprotocol') is not None:
                headers.append((b'sec-websocket-protocol', message['subprotocol'].encode('latin-1')))
            self.has_sent = True
            send(self.number, ACCEPT, encode_raw_head(200, headers))
        elif kind == 'websocket.send' and self.has_sent and not self.has_ended:
            text = message.get('text')
            if text is not None:
                send(self.number, MESSAGE, b't', text.encode())
            else:
                send(self.number, MESSAGE, b'b', message['bytes'])
        elif kind == 'websocket.close' and not self.has_ended:
            self.has_ended = True
            if self.has_sent:
                send(self.number, CLOSE, b'', message.get('code', 1000).to_bytes(2, 'big') + (message.get('reason') or '').encode())
            else:
                send(self.number, WHOLE, b'403 Forbidden')
            self.wake()
        else:
            raise RuntimeError(f"'{kind}' is no message that a WebSocket may send now")


def encode_raw_head(status, headers):
    """The head of an ASGI answer."""
    parts = [b'%d' % status]
    for name, value in headers:
        parts.append(name)
        parts.append(value)
    text = b'\n'.join(parts)
    if text.count(b'\n') != len(parts) - 1 or b'\r' in text or b'\0' in text:
        raise ValueError(f'a name or a value of the headers holds a control character: {headers!r}')
    return text


class AsgiChannel(Channel):
    """A worker's channel of which both directions are in use at once: what comes is handed to the exchange that it is for."""

    def __init__(self, channel, worker):
        super().__init__(channel.socket.detach(), False)
        self.worker = worker
        self.received = bytearray()
        self.descriptors = collections.deque()
        # An event loop may make what it watches non-blocking (libuv does). This side waits nevertheless until the server has taken what it is sent.
        self.room = select.poll()
        self.room.register(self.socket.fileno(), select.POLLOUT)

    def send(self, number, kind, head=b'', body=b''):
        parts = (frame.pack(number, kind, len(head), len(body)), head, body)
        self._send_all(parts, ())

    def _send_all(self, parts, control):
        try:
            sent = self.sendmsg(parts)
        except BlockingIOError:
            sent = 0
        if sent != sum(map(len, parts)):
            self.finish(parts, sent)

    def finish(self, parts, sent):
        left = memoryview(b''.join(parts))[sent:]
        while left:
            self.room.poll()
            try:
                left = left[self.socket.send(left):]
            except BlockingIOError:
                continue

    def ask_later(self, number, size):
        self._send_all([frame.pack(number, PULL, size, 0)], [])

    def on_readable(self):
        try:
            data, control, _, _ = self.socket.recvmsg(262144, socket.CMSG_SPACE(4), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        if not data:
            os._exit(0)
        for _, _, passed in control:
            self.descriptors.append(struct.unpack('i', passed[:4])[0])
        self.received += data
        start = 0
        while len(self.received) - start >= frame.size:
            number, kind, head, size = frame.unpack_from(self.received, start)
            end = start + frame.size + head + size
            if len(self.received) < end:
                break
            middle = start + frame.size + head
            self.take(number, kind, bytes(self.received[start + frame.size:middle]), bytes(self.received[middle:end]))
            start = end
        del self.received[:start]

    def take(self, number, kind, head, data):
        descriptor = self.descriptors.popleft() if kind == FILE else None
        exchange = self.worker.exchanges.get(number)
        if exchange is None:
            if descriptor is not None:
                os.close(descriptor)
        elif kind == CANCEL:
            exchange.is_gone = True
            exchange.wake()
        elif kind == ENDED:
            exchange.end_client()
        elif kind == ABORT and exchange.body != 1 and exchange.body != 0:
            exchange.is_gone = True
            exchange.task.cancel()
        else:
            exchange.take((kind, descriptor if kind == FILE else data, head))


class AsgiWorker:
    """Takes requests while it has places, and runs them side by side on one event loop."""

    def __init__(self, app, settings, queue, channel, words, block, limit):
        self.app = app
        self.queue = queue
        self.words = words
        self.block = block
        self.limit = limit
        self.served = 0
        self.free = list(range(settings['threads']))
        self.exchanges = {}
        self.buffer = bytearray(MESSAGE_SIZE)
        self.is_listening = False
        self.is_leaving = False
        self.state = {}
        self.asgi = {'version': '3.0', 'spec_version': '2.3'}
        self.channel = AsgiChannel(channel, self)

    def listen(self):
        if not self.is_listening and self.free and not self.is_leaving:
            self.is_listening = True
            self.loop.add_reader(self.queue.fileno(), self.take)

    def rest(self):
        if self.is_listening:
            self.is_listening = False
            self.loop.remove_reader(self.queue.fileno())

    def take(self):
        for _ in range(min(16, len(self.free))):
            try:
                size = self.queue.recv_into(self.buffer, 0, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            message = marshal.loads(self.buffer) if size else None
            if message is None:
                # One for each place is sent; the first says it all.
                self.leave()
                return
            number, body, scope = message
            place = self.free.pop()
            self.words[self.block + 1 + 2 * place] = number
            scope['asgi'] = self.asgi
            scope['state'] = self.state.copy()
            scope['headers'] = list(scope['headers'])
            kind = WebSocketExchange if scope['type'] == 'websocket' else HttpExchange
            exchange = self.exchanges[number] = kind(self, number, body, scope, place)
            exchange.task = self.loop.create_task(exchange.run())
        if not self.free:
            self.rest()

    def finish(self, exchange):
        del self.exchanges[exchange.number]
        self.words[self.block + 1 + 2 * exchange.place] = 0
        self.free.append(exchange.place)
        self.served += 1
        if self.served == self.limit or self.words[self.block]:
            self.leave()
        elif not self.is_leaving:
            self.listen()
        if self.is_leaving and not self.exchanges:
            self.done.set_result(None) if not self.done.done() else None

    def leave(self):
        self.is_leaving = True
        self.rest()
        self.channel.send(0, LEAVING)
        for exchange in self.exchanges.values():
            if isinstance(exchange, WebSocketExchange):
                # A socket may stay open for days: its client is told to come again (RFC 6455, 1012).
                if exchange.has_sent and not exchange.has_ended:
                    exchange.has_ended = True
                    self.channel.send(exchange.number, CLOSE, b'', (1012).to_bytes(2, 'big'))
                exchange.take((CLOSE, (1012).to_bytes(2, 'big'), b''))
        if not self.exchanges and not self.done.done():
            self.done.set_result(None)

    async def run(self):
        self.loop = asyncio.get_running_loop()
        self.done = self.loop.create_future()
        lifespan = Lifespan(self)
        if not await lifespan.start():
            return EXIT_IMPORT
        self.loop.add_reader(self.channel.socket.fileno(), self.channel.on_readable)
        self.channel.send(0, READY)
        self.listen()
        await self.done
        await lifespan.stop()
        return 0


class Lifespan:
    """The application's own start and end, which it may leave out."""

    def __init__(self, worker):
        self.worker = worker
        self.messages = asyncio.Queue()
        self.started = asyncio.Event()
        self.stopped = asyncio.Event()
        self.failure = None
        self.is_supported = True

    async def start(self):
        self.task = asyncio.get_running_loop().create_task(self.run())
        self.messages.put_nowait({'type': 'lifespan.startup'})
        await self.started.wait()
        if self.failure is not None:
            print(f'the application did not start: {self.failure}', file=sys.stderr, flush=True)
        return self.failure is None

    async def stop(self):
        if not self.is_supported:
            return
        self.messages.put_nowait({'type': 'lifespan.shutdown'})
        try:
            await asyncio.wait_for(self.stopped.wait(), 10)
        except asyncio.TimeoutError:
            print('the application did not shut down within 10 s', file=sys.stderr, flush=True)

    async def run(self):
        scope = {'type': 'lifespan', 'asgi': self.worker.asgi, 'state': self.worker.state}
        try:
            await self.worker.app(scope, self.messages.get, self.send)
        except BaseException:
            # An application that knows no lifespan raises; so does one that fails after its start.
            if self.started.is_set():
                traceback.print_exc()
        self.is_supported = False
        self.started.set()
        self.stopped.set()

    async def send(self, message):
        kind = message['type']
        if kind == 'lifespan.startup.failed':
            self.failure = message.get('message') or 'startup failed'
        if kind.startswith('lifespan.startup'):
            self.started.set()
        elif kind.startswith('lifespan.shutdown'):
            if kind.endswith('failed'):
                print(f"the application did not shut down: {message.get('message')}", file=sys.stderr, flush=True)
            self.stopped.set()


def run_asgi(app, settings, queue, channel, words, block, limit):
    try:
        import uvloop
    except ImportError:
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)

    async def run():
        return await AsgiWorker(app, settings, queue, channel, words, block, limit).run()

    try:
        return loop.run_until_complete(run())
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def work(settings, app, channel_descriptor, output, slot, limit, template):
    """A worker's life, after the fork."""
    os.setpgid(0, 0)
    die_with_parent(template)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    queue = socket.socket(fileno=4)
    words = memoryview(mmap.mmap(5, 0)).cast('I')
    channel = Channel(channel_descriptor, settings['threads'] > 1)
    if app is None:
        try:
            app = load(settings)
        except BaseException:
            explain_failed_import(settings)
            return EXIT_IMPORT
    block = slot * settings['block']
    if settings['kind'] == 'wsgi':
        channel.send(0, READY)
        run_wsgi(app, settings, queue, channel, words, block, limit)
        try:
            channel.send(0, LEAVING)
        except OSError:
            pass
        return 0
    return run_asgi(app, settings, queue, channel, words, block, limit)


class Template:
    """Holds the imported application and forks workers from it."""

    def __init__(self, settings, app, control):
        self.settings = settings
        self.app = app
        self.control = control
        self.children = set()
        self.known = set()
        self.wake, self.wake_writer = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.wake_writer, False)
        signal.set_wakeup_fd(self.wake_writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self):
        """The loop; a worker's exit code comes back when it runs in the child of a fork."""
        while True:
            readable, _, _ = select.select([self.control, self.wake], [], [])
            if self.wake in readable:
                try:
                    os.read(self.wake, 4096)
                except BlockingIOError:
                    pass
                self.reap()
            if self.control in readable:
                data, control, _, _ = self.control.recvmsg(4096, socket.CMSG_SPACE(8))
                if not data:
                    os._exit(0)
                words = data.decode('ascii').split()
                if words[0] == 'fork':
                    code = self.fork(int(words[1]), int(words[2]), struct.unpack('ii', control[0][2][:8]))
                    if code is not None:
                        return code
                elif words[0] == 'reap':
                    # Until Gatehouse holds the process by a descriptor, its number must not be given out again.
                    self.known.add(int(words[1]))
                    self.reap()

    def fork(self, slot, limit, descriptors):
        template = os.getpid()
        try:
            child = os.fork()
        except OSError as failure:
            self.tell(f'nofork {slot} {failure}')
            for descriptor in descriptors:
                os.close(descriptor)
            return None
        if child == 0:
            self.control.close()
            os.close(self.wake)
            code = work(self.settings, self.app, descriptors[0], descriptors[1], slot, limit, template)
            os.close(self.wake_writer)
            return code
        for descriptor in descriptors:
            os.close(descriptor)
        self.children.add(child)
        self.tell(f'forked {slot} {child}')
        return None

    def tell(self, text):
        try:
            self.control.send(text.encode())
        except OSError:
            os._exit(0)

    def reap(self):
        for child in list(self.children & self.known):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self.children.discard(child)
                self.known.discard(child)
                self.tell(f'exited {child} {status}')


def main():
    control = socket.socket(fileno=3)
    parent = os.getppid()
    settings = marshal.loads(control.recv(MESSAGE_SIZE))
    if settings['sample'] != SAMPLE:
        print(f'this Python ({sys.version}) reads marshal differently: {settings["sample"]!r}', file=sys.stderr)
        return 1
    die_with_parent(parent)
    sys.stdout.reconfigure(line_buffering=True)
    become(settings)
    sys.argv = [settings['app']]
    sys.path[0] = settings['path']
    if settings['kind'] == 'asgi':
        # Not at the top: a WSGI application pays for no event loop.
        global asyncio, collections
        import asyncio
        import collections
    app = None
    if settings['preload']:
        try:
            app = load(settings)
        except BaseException:
            explain_failed_import(settings)
            return EXIT_IMPORT
        count = thread_count()
        if count > 1:
            control.send(f'threads {count}'.encode())
            return 0
    gc.collect()
    gc.freeze() if hasattr(gc, 'freeze') else None
    control.send(b'ready')
    return Template(settings, app, control).run()


if __name__ == '__main__':
    sys.exit(main())
