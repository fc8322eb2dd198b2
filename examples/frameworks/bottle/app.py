"""Bottle: the lecture's page, with the escape that it asks for."""

from bottle import default_app, html_escape, redirect, request, route


@route('/')
def index():
    name = request.query.getunicode('name', 'anonymous')
    return f'Hello, {html_escape(name)}!'


@route('/echo', method='POST')
def echo():
    return {'name': request.forms.getunicode('name')}


@route('/old')
def old():
    redirect('/')


application = default_app()
