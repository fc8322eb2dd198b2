"""TechEmpower's tests by FastAPI, with asyncpg and a pool."""

import os
import random

import asyncpg
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse

application = FastAPI()


@application.on_event('startup')
async def connect():
    if 'DATABASE' in os.environ:
        application.state.pool = await asyncpg.create_pool(os.environ['DATABASE'], min_size=16, max_size=64)


@application.get('/plaintext')
async def plaintext():
    return PlainTextResponse('Hello, World!')


@application.get('/json')
async def json():
    return JSONResponse({'message': 'Hello, World!'})


@application.get('/db')
async def db():
    async with application.state.pool.acquire() as connection:
        row = await connection.fetchrow('SELECT id, randomnumber FROM world WHERE id = $1', random.randint(1, 10000))
    return JSONResponse({'id': row['id'], 'randomNumber': row['randomnumber']})
