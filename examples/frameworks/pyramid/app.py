"""Pyramid: a greeting, a form and a redirect."""

from markupsafe import escape
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPFound
from pyramid.response import Response


def index(request):
    return Response(f"Hello, {escape(request.params.get('name', 'anonymous'))}!")


def echo(request):
    return {'name': request.POST['name']}


def old(request):
    return HTTPFound(location='/')


with Configurator() as config:
    config.add_route('index', '/')
    config.add_view(index, route_name='index')
    config.add_route('echo', '/echo')
    config.add_view(echo, route_name='echo', renderer='json', request_method='POST')
    config.add_route('old', '/old')
    config.add_view(old, route_name='old')
    application = config.make_wsgi_app()
