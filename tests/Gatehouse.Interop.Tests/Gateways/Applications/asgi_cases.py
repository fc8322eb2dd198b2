"""What ASGI applications do, rightly and wrongly, by path."""

import asyncio
import json
import os
import time


async def app(scope, receive, send):
    if scope['type'] == 'lifespan':
        while True:
            message = await receive()
            if message['type'] == 'lifespan.startup':
                scope['state']['started'] = 'yes'
                await send({'type': 'lifespan.startup.complete'})
            else:
                print('shut down in order', flush=True)
                await send({'type': 'lifespan.shutdown.complete'})
                return
    if scope['type'] == 'websocket':
        return await websocket(scope, receive, send)
    path = scope['path']
    if path == '/scope':
        shown = dict(scope, headers=[[name.decode(), value.decode('latin-1')] for name, value in scope['headers']],
                     raw_path=scope['raw_path'].decode(), query_string=scope['query_string'].decode())
        return await answer(send, json.dumps(shown).encode())
    if path == '/echo':
        body = b''
        while True:
            message = await receive()
            body += message.get('body', b'')
            if not message.get('more_body'):
                return await answer(send, body)
    if path == '/stream':
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        for i in range(1000):
            await send({'type': 'http.response.body', 'body': b'%d\n' % i, 'more_body': True})
        return await send({'type': 'http.response.body'})
    if path == '/sleep':
        await asyncio.sleep(float(scope['query_string']))
        return await answer(send, b'slept')
    if path == '/block':
        time.sleep(1000)
    if path == '/raise':
        raise RuntimeError('raised before')
    if path == '/silent':
        return
    if path == '/header':
        return await answer(send, b'', [(b'x-a', b'b\nX-Evil: 1')])
    if path == '/disconnect':
        await receive()
        with open(scope['query_string'], 'w') as file:
            file.write('here')
        while (await receive())['type'] != 'http.disconnect':
            pass
        with open(scope['query_string'], 'w') as file:
            file.write('gone')
        return
    if path == '/loop':
        return await answer(send, type(asyncio.get_running_loop()).__module__.encode())
    if path == '/exit':
        os._exit(7)
    await answer(send, str(os.getpid()).encode())


async def answer(send, body, headers=()):
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'text/plain'), *headers]})
    await send({'type': 'http.response.body', 'body': body})


async def websocket(scope, receive, send):
    await receive()
    if scope['path'] == '/refuse':
        return await send({'type': 'websocket.close'})
    await send({'type': 'websocket.accept', 'subprotocol': (list(scope['subprotocols']) or [None])[0], 'headers': [(b'x-ws', b'1')]})
    while True:
        message = await receive()
        if message['type'] == 'websocket.disconnect':
            print('websocket ended with', message['code'], flush=True)
            return
        if message.get('text') == 'close':
            return await send({'type': 'websocket.close', 'code': 4001, 'reason': 'asked'})
        if message.get('text') == 'raise':
            raise RuntimeError('raised in a websocket')
        await send({'type': 'websocket.send', 'text': message.get('text'), 'bytes': message.get('bytes')})
