"""Flask: a greeting, a form and a redirect."""

from flask import Flask, redirect, request
from markupsafe import escape

application = Flask(__name__)


@application.get('/')
def index():
    name = request.args.get('name', 'anonymous')
    return f'Hello, {escape(name)}!'


@application.post('/echo')
def echo():
    return {'name': request.form['name']}


@application.get('/old')
def old():
    return redirect('/')
