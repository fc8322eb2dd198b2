"""aiohttp speaks HTTP itself, here on a Unix socket."""

import sys

from aiohttp import web


async def index(request):
    return web.Response(text=f"Hello, {request.query.get('name', 'anonymous')}!")


async def echo(request):
    return web.json_response({'name': (await request.post())['name']})


async def socket(request):
    websocket = web.WebSocketResponse()
    await websocket.prepare(request)
    async for message in websocket:
        await websocket.send_str(message.data)
    return websocket


app = web.Application()
app.add_routes([web.get('/', index), web.post('/echo', echo), web.get('/socket', socket)])

if __name__ == '__main__':
    web.run_app(app, path=sys.argv[1], print=None)
