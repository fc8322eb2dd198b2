"""TechEmpower's tests by Flask, with psycopg and a connection for each thread."""

import os
import random
import threading
from json import dumps

import psycopg
from flask import Flask, jsonify

application = Flask(__name__)
local = threading.local()


def connection():
    if not hasattr(local, 'connection'):
        local.connection = psycopg.connect(os.environ['DATABASE'], autocommit=True)
    return local.connection


@application.route('/plaintext')
def plaintext():
    return 'Hello, World!', {'Content-Type': 'text/plain'}


@application.route('/json')
def json():
    return application.response_class(dumps({'message': 'Hello, World!'}, separators=(',', ':')), mimetype='application/json')


@application.route('/db')
def db():
    key = random.randint(1, 10000)
    row = connection().execute('SELECT id, randomnumber FROM world WHERE id = %s', (key,)).fetchone()
    return jsonify(id=row[0], randomNumber=row[1])
