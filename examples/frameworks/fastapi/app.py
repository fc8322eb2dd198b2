"""FastAPI: a greeting, a validated body, and a WebSocket that echoes. Its documentation is at /docs."""

from fastapi import FastAPI, WebSocket
from pydantic import BaseModel


class Order(BaseModel):
    name: str
    count: int = 1


app = FastAPI()


@app.get('/')
async def index(name: str = 'anonymous'):
    return {'greeting': f'Hello, {name}!'}


@app.post('/echo')
async def echo(order: Order):
    return order


@app.websocket('/socket')
async def socket(websocket: WebSocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
