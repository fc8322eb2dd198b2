"""An ASGI application: a page, and a WebSocket that says everything back."""


async def app(scope, receive, send):
    if scope['type'] == 'websocket':
        await receive()
        await send({'type': 'websocket.accept'})
        while (message := await receive())['type'] == 'websocket.receive':
            await send({'type': 'websocket.send', 'text': message.get('text'), 'bytes': message.get('bytes')})
    elif scope['type'] == 'http':
        await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'text/plain')]})
        await send({'type': 'http.response.body', 'body': f"Hello from {scope['path']}\n".encode()})
    else:
        raise NotImplementedError(scope['type'])
